"""Checking a code, a person's own certificates, the twin and the download."""

import datetime
import hashlib

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from certificates.enums import AwardStatus
from certificates.models import Award
from certificates.services import reissue_award, render_award, revoke_award
from tests.factories.accounts import RoleGrantFactory, UserFactory
from tests.factories.certificates import AwardFactory
from tests.factories.courses import NOW

pytestmark = pytest.mark.django_db

UNKNOWN = "0000-0000-0000"
YESTERDAY = timezone.localdate() - datetime.timedelta(days=1)


@pytest.fixture
def award():
    return AwardFactory(holder_name="Siân O’Neill", course_title="Hidden Sentence")


def rendered(**fields):
    award = AwardFactory(**fields)
    assert render_award(award_id=award.pk, now=NOW)
    award.refresh_from_db()
    return award


def page(award):
    return f"/check/{award.written_code}/"


def text_of(response):
    return " ".join(response.content.decode().split())


# --- the form ---


def test_anybody_can_open_the_form(client):
    response = client.get("/check/")
    assert response.status_code == 200
    assert 'name="code"' in text_of(response)
    assert "app-error" not in text_of(response)


@pytest.mark.parametrize("typing", [str, str.lower, lambda code: f" {code.replace('-', ' ')} "])
def test_a_code_leads_to_its_page(client, award, typing):
    response = client.get("/check/", {"code": typing(award.written_code)})
    assert (response.status_code, response["Location"]) == (302, page(award))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (UNKNOWN, "We have no certificate with this code"),
        ("7K3M", "A code has 12 letters and digits"),
        ("x" * 61, "too long for a code"),
        ("7K3M/../2Q0D", "A code has 12 letters and digits"),
        ('"><script>', "A code has 12 letters and digits"),
        ("7K3M\x00", "Null characters"),
    ],
)
def test_a_wrong_code_is_not_found_and_kept_as_typed(client, typed, said):
    response = client.get("/check/", {"code": typed})
    assert response.status_code == 404
    assert said in text_of(response)
    assert response.context["form"]["code"].value() == typed
    assert "<script>" not in response.content.decode().replace("<script ", "")


def test_an_empty_code_is_asked_for_and_counts_as_no_guess(client, settings):
    settings.VERIFY_ATTEMPTS = 1
    for _ in range(3):
        response = client.get("/check/", {"code": " "})
        assert response.status_code == 422
        assert "Enter the code that stands on the certificate." in text_of(response)


def test_a_code_given_twice_is_the_last_one(client, award):
    response = client.get(f"/check/?code={UNKNOWN}&code={award.written_code}")
    assert response["Location"] == page(award)


# --- the page of a code ---


def test_a_valid_certificate_says_what_it_is_and_not_whose(client, award):
    response = client.get(page(award))
    text = text_of(response)
    assert response.status_code == 200
    for said in ("This certificate is valid", "S. O.", "Hidden Sentence", "22 November 2026"):
        assert said in text
    for said in ("40 minutes", "It does not expire", award.written_code):
        assert said in text
    assert "Siân" not in text
    assert "Neill" not in text
    assert award.user.email not in text


def expired():
    return AwardFactory(completed_on=YESTERDAY, expires_on=YESTERDAY)


def replaced():
    award = AwardFactory()
    reissue_award(award=award, reissued_by=UserFactory(), now=NOW)
    return award


def revoked():
    award = AwardFactory()
    return revoke_award(award=award, reason="Sat by another", revoked_by=UserFactory(), now=NOW)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (expired, "This certificate has expired"),
        (replaced, "This certificate was replaced"),
        (revoked, "This certificate was revoked"),
    ],
)
def test_a_certificate_that_does_not_hold_says_so(client, make, said):
    award = make()
    response = client.get(page(award))
    text = text_of(response)
    assert response.status_code == 200
    assert said in text
    assert "This certificate is valid" not in text
    assert award.course_title in text
    assert "Sat by another" not in text


@pytest.mark.parametrize("code", [UNKNOWN, "7K3M", "x", "%00", "%22%3E%3Cscript%3E", "a" * 200])
def test_the_page_of_a_wrong_code_is_the_form_again(client, code):
    response = client.get(f"/check/{code}/")
    assert response.status_code == 404
    assert 'name="code"' in text_of(response)
    assert client.post(f"/check/{code}/", {"name": "x"}).status_code == 404


def test_the_page_of_a_code_is_for_nobody_s_cache_or_index(client, award):
    response = client.get(page(award))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_the_page_of_a_code_takes_one_query(client, award, django_assert_num_queries):
    client.get(page(award))
    with django_assert_num_queries(1):
        client.get(page(award))


@pytest.mark.parametrize("count", [1, 3, 30])
def test_checking_does_not_slow_down_with_more_certificates(
    client, count, django_assert_num_queries
):
    awards = [AwardFactory() for _ in range(count)]
    client.get(page(awards[-1]))
    with django_assert_num_queries(1):
        client.get(page(awards[-1]))


# --- is it this person's? ---


@pytest.mark.parametrize("name", ["Siân O’Neill", " SIAN  oneill "])
def test_the_right_name_matches(client, award, name):
    response = client.post(page(award), {"name": name})
    assert response.status_code == 200
    assert "The name matches" in text_of(response)


def test_a_wrong_name_does_not_and_is_kept_as_typed_but_not_stored(client, award):
    response = client.post(page(award), {"name": "  Jo <b>Bloggs</b>"})
    text = text_of(response)
    assert response.status_code == 200
    assert "The name does not match" in text
    assert "The name matches" not in text
    assert "Jo &lt;b&gt;Bloggs&lt;/b&gt;" in text
    assert "Siân" not in text
    assert "Bloggs" not in str(Award.objects.values())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Enter the name you were given."),
        ({"name": " "}, "Enter the name you were given."),
        ({"name": "x" * 201}, "too long for a name"),
        ({"other": "x"}, "Enter the name you were given."),
    ],
)
def test_a_missing_name_is_asked_for(client, award, data, said):
    response = client.post(page(award), data)
    assert response.status_code == 422
    assert said in text_of(response)
    assert "does not match" not in text_of(response)


def test_comparing_a_name_needs_our_own_form(award):
    response = Client(enforce_csrf_checks=True).post(page(award), {"name": "x"})
    assert response.status_code == 403


# --- guessing ---


def guess_codes(client, times, **extra):
    return [client.get(f"/check/{n:012d}/", **extra).status_code for n in range(times)]


def test_guessing_codes_is_stopped_and_then_stops_everything(client, award, settings):
    settings.VERIFY_ATTEMPTS = 3
    assert guess_codes(client, 5) == [404, 404, 404, 429, 429]
    response = client.get(page(award))
    assert response.status_code == 429
    assert response["Retry-After"] == str(settings.VERIFY_WINDOW_SECONDS)
    assert "too many tries" in text_of(response)


def test_guessing_in_the_form_counts_the_same(client, settings):
    settings.VERIFY_ATTEMPTS = 2
    tries = [client.get("/check/", {"code": typed}) for typed in (UNKNOWN, "x", UNKNOWN)]
    assert [response.status_code for response in tries] == [404, 404, 429]


def test_guessing_names_is_stopped_too(client, award, settings):
    settings.VERIFY_ATTEMPTS = 2
    tries = [client.post(page(award), {"name": name}) for name in ("a", "b", "Siân O’Neill", "c")]
    assert [response.status_code for response in tries] == [200, 200, 200, 429]
    assert client.post(page(award), {"name": "Siân O’Neill"}).status_code == 429


def test_an_office_that_checks_many_real_certificates_is_not_stopped(client, award, settings):
    settings.VERIFY_ATTEMPTS = 2
    for _ in range(10):
        assert client.get(page(award)).status_code == 200
        assert client.post(page(award), {"name": "Siân O’Neill"}).status_code == 200


def test_one_who_guesses_stops_nobody_else(client, award, settings):
    settings.VERIFY_ATTEMPTS = 1
    guess_codes(client, 3, REMOTE_ADDR="192.0.2.7")
    assert client.get(page(award), REMOTE_ADDR="192.0.2.7").status_code == 429
    assert client.get(page(award), REMOTE_ADDR="192.0.2.8").status_code == 200


# --- my certificates ---


def test_my_certificates_ask_to_sign_in(client):
    response = client.get("/certificates/")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=/certificates/",
    )


# --- the twin ---


def test_the_twin_says_what_the_pdf_says(client):
    award = rendered(holder_name="Siân O’Neill")
    client.force_login(award.user)
    text = text_of(client.get(award.get_absolute_url()))
    for said in ("Siân O’Neill", award.course_title, "22 November 2026", "40 minutes", "Online"):
        assert said in text
    for said in (*award.outcomes, award.written_code, page(award), "Download the PDF"):
        assert said in text


def test_while_the_pdf_is_made_the_twin_says_so(client, award):
    client.force_login(award.user)
    text = text_of(client.get(award.get_absolute_url()))
    assert "The PDF is being made" in text
    assert "Download the PDF" not in text


@pytest.mark.parametrize("path", ["", "download/"])
def test_another_person_s_certificate_is_not_there(client, path):
    award = rendered()
    client.force_login(UserFactory())
    assert client.get(award.get_absolute_url() + path).status_code == 404
    client.logout()
    response = client.get(award.get_absolute_url() + path)
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", ["", "download/"])
def test_a_coordinator_sees_it(client, path):
    award = rendered()
    client.force_login(RoleGrantFactory(role=Role.COORDINATOR).user)
    assert client.get(award.get_absolute_url() + path).status_code == 200


@pytest.mark.parametrize("path", ["nonsense/", "00000000-0000-0000-0000-000000000000/"])
def test_a_certificate_that_is_not_there_is_not_found(client, path):
    client.force_login(UserFactory())
    assert client.get(f"/certificates/{path}").status_code == 404


# --- the download ---


def test_the_download_is_the_stored_bytes_each_time(client):
    award = rendered(course_title="Hidden Sentence")
    client.force_login(award.user)
    first, second = (client.get(f"{award.get_absolute_url()}download/") for _ in range(2))
    assert first.content == second.content
    assert first.content == storages["private"].open(award.file_name).read()
    assert hashlib.sha256(first.content).hexdigest() == award.sha256
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == (
        f'attachment; filename="certificate-hidden-sentence-{award.written_code}.pdf"'
    )
    assert first["X-Content-Type-Options"] == "nosniff"
    assert "private" in first["Cache-Control"]


def test_before_the_pdf_is_there_the_download_says_so(client, award):
    client.force_login(award.user)
    response = client.get(f"{award.get_absolute_url()}download/", follow=True)
    assert response.redirect_chain == [(award.get_absolute_url(), 302)]
    assert "The PDF is not there yet" in text_of(response)


def test_a_damaged_file_is_not_handed_out(client):
    award = rendered()
    with storages["private"].open(award.file_name, "wb") as file:
        file.write(b"something else")
    client.force_login(award.user)
    response = client.get(f"{award.get_absolute_url()}download/")
    assert response.status_code == 503
    assert "The stored PDF cannot be read just now" in text_of(response)
    assert award.course_title in text_of(response)


def test_the_file_of_a_revoked_certificate_can_still_be_had_by_its_holder(client):
    award = rendered()
    revoke_award(award=award, reason="x", revoked_by=UserFactory(), now=NOW)
    client.force_login(award.user)
    assert "Revoked" in text_of(client.get(award.get_absolute_url()))
    assert client.get(f"{award.get_absolute_url()}download/").status_code == 200
    award.refresh_from_db()
    assert award.status == AwardStatus.REVOKED


# --- how it stands, on the holder's own page ---


def holder_page(client, award):
    client.force_login(award.user)
    return text_of(client.get(f"/certificates/{award.public_id}/"))


def test_the_page_of_a_valid_certificate_certifies_and_offers_the_pdf(client):
    text = holder_page(client, rendered())
    for said in ("certifies that", "Download the PDF", "Show it to others"):
        assert said in text


def test_the_page_of_a_revoked_certificate_says_so_and_offers_nothing(client):
    award = rendered()
    revoke_award(award=award, reason="Sat by another", revoked_by=UserFactory(), now=NOW)
    text = holder_page(client, award)
    assert "has revoked this certificate" in text
    for gone in ("certifies that", "Download the PDF", "Show it to others", "Sat by another"):
        assert gone not in text


def test_the_page_of_a_replaced_certificate_leads_to_the_new_one(client):
    award = rendered()
    new = reissue_award(award=award, reissued_by=UserFactory(), now=NOW)
    text = holder_page(client, award)
    assert "took the place of this one" in text
    assert f'href="/certificates/{new.public_id}/"' in text
    for gone in ("certifies that", "Download the PDF", "Show it to others"):
        assert gone not in text


def test_the_page_of_an_expired_certificate_says_until_when_it_was_valid(client):
    text = holder_page(client, expired())
    assert "It was valid until" in text
    assert "certifies that" not in text


def test_who_waits_for_a_pdf_that_cannot_be_made_is_told_so(client):
    award = AwardFactory(holder_name="王小明")
    assert "takes a minute or two" in holder_page(client, award)
    render_award(award_id=award.pk, now=NOW)
    text = holder_page(client, award)
    assert "The PDF could not be made; the certificate itself is valid" in text
    assert "takes a minute or two" not in text
