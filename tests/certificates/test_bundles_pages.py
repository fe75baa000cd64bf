"""The pages round a zip file: choose, see what it comes to, wait, download."""

import datetime
import io
import uuid
import zipfile

import pytest

from accounts.enums import MembershipKind, Role
from certificates.models import Bundle
from certificates.services import make_bundle, revoke_award, sweep_bundles
from tests.certificates.test_bundles import ask, award_of, made
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.courses import NOW, make_course

pytestmark = pytest.mark.django_db
LIST = "/certificates/given/"
NEW = "/certificates/given/new/"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def home():
    return OrganisationFactory(name="Riverside Primary School")


@pytest.fixture
def lead(home):
    return MembershipFactory(organisation=home, kind=MembershipKind.LEAD).user


@pytest.fixture
def page(client, lead):
    client.force_login(lead)
    return client


def text_of(response):
    return " ".join(response.content.decode().split())


class TestChoosing:
    def test_what_it_comes_to_is_shown_first(self, page, home, lead):
        for _ in range(2):
            award_of(home, pdf=False)
        revoke_award(award=award_of(home, pdf=False), reason="x", revoked_by=lead, now=NOW)
        text = text_of(page.get(NEW, {"organisation": home.public_id}))
        assert "2 certificates go in." in text
        assert "2 of them have no PDF yet." in text
        assert "1 that was replaced or revoked is left out." in text
        assert not Bundle.objects.exists()
        response = page.post(NEW, {"organisation": home.public_id})
        assert response.headers["Location"] == Bundle.objects.get().get_absolute_url()

    def test_of_nothing_there_is_no_button(self, page, home):
        award_of(home, pdf=False)
        text = text_of(
            page.get(NEW, {"organisation": home.public_id, "completed_until": "2020-01-01"})
        )
        assert "There is no certificate that stands among these." in text
        assert "Make the zip file" not in text

    def test_the_only_one_is_chosen_already(self, page, home):
        award_of(home, pdf=False)
        award_of(OrganisationFactory(name="Elsewhere"), pdf=False)
        text = text_of(page.get(NEW))
        assert (
            f'<option value="{home.public_id}" selected>Riverside Primary School</option>' in text
        )
        assert "Elsewhere" not in text

    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            ({"organisation": ""}, "Choose an organisation."),
            ({"organisation": "x"}, "Choose one from the list."),
            ({"organisation": uuid.uuid4()}, "Choose one from the list."),
            ({"course": "99"}, "Choose one from the list."),
            ({"completed_from": "soon"}, "Enter a day, such as 3 May 2027."),
            (
                {"completed_from": "2026-05-02", "completed_until": "2026-05-01"},
                "The last day must not come before the first one.",
            ),
        ],
    )
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_what_is_wrong_is_said(self, page, home, asked, words, method):
        award_of(home, pdf=False)
        response = getattr(page, method)(NEW, {"organisation": home.public_id} | asked)
        assert response.status_code == 422
        assert words in text_of(response)
        assert not Bundle.objects.exists()

    def test_an_organisation_of_others_is_none_of_the_list(self, page, home):
        award_of(home, pdf=False)
        award_of(other := OrganisationFactory(), pdf=False)
        assert page.post(NEW, {"organisation": other.public_id}).status_code == 422
        assert not Bundle.objects.exists()

    def test_too_many_is_said_in_words(self, page, home, settings):
        settings.BUNDLE_MAX_AWARDS = 1
        course = make_course()
        for _ in range(2):
            award_of(home, pdf=False, course=course)
        chosen = {"organisation": home.public_id, "course": course.pk}
        preview = text_of(page.get(NEW, chosen))
        assert "These are 2 certificates, and one file holds 1 at most." in preview
        assert "Make the zip file" not in preview
        response = page.post(NEW, chosen)
        assert response.status_code == 422
        text = text_of(response)
        assert "These are 2 certificates, and one file holds 1 at most." in text
        assert f'value="{course.pk}" selected' in text


class TestItsPage:
    def test_how_far_it_is_without_a_script(self, page, home, lead):
        for _ in range(2):
            award_of(home, pdf=False)
        bundle = ask(lead, home)
        Bundle.objects.filter(pk=bundle.pk).update(done=1)
        text = text_of(page.get(bundle.get_absolute_url()))
        assert "1 of 2 certificates" in text
        assert "See how far it is now" in text
        assert "data-follow-progress" in text
        download = page.get(f"{bundle.get_absolute_url()}download/", follow=True)
        assert "The file is still being made." in text_of(download)

    def test_ready_it_is_downloaded(self, page, home, lead):
        award_of(home, "Ann Able")
        award_of(home, "Bea Bell", pdf=False)
        bundle = made(ask(lead, home))
        text = text_of(page.get(bundle.get_absolute_url()))
        assert "The file is ready" in text
        assert "1 certificate is not in the file" in text
        assert "Bea Bell" in text
        response = page.get(f"{bundle.get_absolute_url()}download/")
        assert response.headers["Content-Type"] == "application/zip"
        day = f"{bundle.asked_at:%Y-%m-%d}"
        name = f'attachment; filename="certificates-riverside-primary-school-{day}.zip"'
        assert response.headers["Content-Disposition"] == name
        assert response.headers["Cache-Control"] == "private, no-store"
        archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
        assert archive.testzip() is None
        assert "index.csv" in archive.namelist()

    def test_another_s_is_not_there(self, client, page, home, lead):
        award_of(home)
        bundle = made(ask(lead, home))
        client.force_login(RoleGrantFactory().user)
        for address in (bundle.get_absolute_url(), f"{bundle.get_absolute_url()}download/"):
            assert client.get(address).status_code == 404

    def test_after_its_time_it_says_so(self, page, home, lead):
        award_of(home)
        bundle = made(ask(lead, home))
        Bundle.objects.update(expires_at=NOW - DAY)
        for _swept in (False, True):
            assert "not there any more" in text_of(page.get(bundle.get_absolute_url()))
            response = page.get(f"{bundle.get_absolute_url()}download/")
            assert response.status_code == 410
            assert "Ask for a new one" in text_of(response)
            sweep_bundles(now=NOW)

    def test_whoever_may_not_see_them_any_more_gets_nothing(self, client, home, lead):
        """Still a lead somewhere, no longer here."""
        award_of(home)
        bundle = made(ask(lead, home))
        lead.memberships.update(ends_on=NOW.date() - DAY)
        MembershipFactory(user=lead, kind=MembershipKind.LEAD)
        client.force_login(lead)
        response = client.get(f"{bundle.get_absolute_url()}download/")
        assert response.status_code == 403
        assert "may no longer see all of these" in text_of(response)

    def test_given_up_it_says_so(self, page, home, lead):
        award_of(home)
        bundle = ask(lead, home)
        Bundle.objects.update(attempts=5)
        assert make_bundle(bundle_id=bundle.pk, now=NOW) is False
        text = text_of(page.get(bundle.get_absolute_url()))
        assert "The file could not be made" in text
        assert NEW in text


class TestTheList:
    def test_one_s_own_latest_first(self, page, home, lead):
        award_of(home)
        ask(RoleGrantFactory().user, home)
        bundle = made(ask(lead, home))
        text = text_of(page.get(LIST))
        assert text.count("app-records__title") == 1
        for said in ("Riverside Primary School", "Ready", "1 certificate", "Kept until"):
            assert said in text
        assert bundle.get_absolute_url() in text

    def test_empty_it_says_how_to_begin(self, page):
        assert "You have asked for no file yet" in text_of(page.get(LIST))

    def test_a_lead_has_no_names_to_correct(self, client, page):
        assert "Names to correct" not in text_of(page.get(LIST))
        coordinator = RoleGrantFactory().user
        coordinator.roles_today = [Role.COORDINATOR]
        coordinator.save()
        client.force_login(coordinator)
        assert "Names to correct" in text_of(client.get(LIST))

    def test_nobody_without_the_right(self, client):
        client.force_login(UserFactory())
        for address in (LIST, NEW):
            assert client.get(address).status_code == 403

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_as_many_queries_whatever_its_length(
        self, page, home, lead, count, django_assert_num_queries
    ):
        award_of(home, pdf=False)
        for number in range(count):
            day = NOW.date() + number * DAY
            bundle = ask(lead, home, completed_until=day, course=None)
            Bundle.objects.filter(pk=bundle.pk).update(state="failed")
        page.get(LIST)
        # Who it is, their roles (two), how many files, and those shown.
        with django_assert_num_queries(5):
            page.get(LIST)

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_the_page_of_one_takes_as_many_whatever_is_missing(
        self, page, home, lead, count, django_assert_num_queries
    ):
        for _ in range(count):
            award_of(home, pdf=False)
        bundle = made(ask(lead, home))
        page.get(bundle.get_absolute_url())
        # Who it is, their roles (two), the file, and what is missing.
        with django_assert_num_queries(5):
            page.get(bundle.get_absolute_url())
