"""Nobody learns from the pages who has an account here; the owner of the address is told."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from accounts.models import JobRole
from tests.accounts.signing_in import person_with
from tests.factories.accounts import JobRoleFactory

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "known@example.org", "unknwn@example.org"


@pytest.fixture(autouse=True)
def _known():
    person_with(email=KNOWN)


def plain(page, email):
    """A page without what differs each time: the form's token, and the address that was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "TOKEN", page)
    return page.replace(email, "EMAIL")


def seen(client, response, email):
    """All that a visitor sees of an answer, and of the page it leads to."""
    answers = [(response.status_code, response.headers.get("Location"), set(response.cookies))]
    answers.append(plain(response.content.decode(), email))
    if response.status_code == 302:
        response = client.get(response.url)
        answers.append((response.status_code, plain(response.content.decode(), email)))
    return answers


def ask(address, form, email):
    client = Client()
    response = client.post(address, {**form, "email": email, "login": email})
    return client, seen(client, response, email)


def sign_up_form():
    return {
        "full_name": "Nadia Rahman",
        "job_role": JobRoleFactory().pk,
        "password1": "a long enough phrase",
    }


def test_signing_up():
    form = sign_up_form()
    _client, known = ask("/accounts/signup/", form, KNOWN)
    _client, unknown = ask("/accounts/signup/", form, UNKNOWN)
    assert known == unknown
    to_known, to_unknown = mail.outbox
    assert (to_known.to, to_known.subject) == ([KNOWN], "You have an account already")
    assert (to_unknown.to, to_unknown.subject) == ([UNKNOWN], "Your code")


def test_signing_up_and_guessing_the_code_and_asking_again():
    form = sign_up_form()
    results = []
    for email in (KNOWN, UNKNOWN):
        client, first = ask("/accounts/signup/", form, email)
        results.append([first])
        another = {"action": "change", "email": "third@example.org"}
        for sent in (another, {"action": "resend"}, *[{"code": "000000"}] * 2):
            answer = client.post("/accounts/confirm-email/", sent)
            results[-1].append(seen(client, answer, email))
    assert results[0] == results[1]


def test_signing_up_with_a_weak_password():
    form = sign_up_form() | {"password1": "short"}
    _client, known = ask("/accounts/signup/", form, KNOWN)
    _client, unknown = ask("/accounts/signup/", form, UNKNOWN)
    assert known == unknown
    assert not mail.outbox


def test_signing_up_takes_a_password_s_time_for_a_known_address(monkeypatch):
    """A known address costs a password's hashing too; without it a watch would tell."""
    hashed = []

    def counting(hasher, password, *rest, **more):
        hashed.append(password)
        return original(hasher, password, *rest, **more)

    original = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    ask("/accounts/signup/", sign_up_form(), KNOWN)
    known = len(hashed)
    ask("/accounts/signup/", sign_up_form(), UNKNOWN)
    assert known == len(hashed) - known == 1


def test_signing_in_with_a_wrong_password():
    _client, known = ask("/accounts/login/", {"password": "wrong"}, KNOWN)
    _client, unknown = ask("/accounts/login/", {"password": "wrong"}, UNKNOWN)
    assert known == unknown
    assert not mail.outbox


def test_signing_in_until_told_to_wait():
    results = []
    for number, email in enumerate((KNOWN, UNKNOWN)):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        results.append([])
        for _each in range(7):
            answer = client.post("/accounts/login/", {"login": email, "password": "wrong"})
            results[-1].append(seen(client, answer, email)[1:])
    assert results[0] == results[1]


def test_asking_for_a_code():
    known_client, known = ask("/accounts/login/code/", {}, KNOWN)
    unknown_client, unknown = ask("/accounts/login/code/", {}, UNKNOWN)
    assert known == unknown
    to_known, to_unknown = mail.outbox
    assert (to_known.to, to_known.subject) == ([KNOWN], "Your code to sign in")
    assert (to_unknown.to, to_unknown.subject) == ([UNKNOWN], "No account with this address")
    for _each in range(3):
        answers = [
            seen(client, client.post("/accounts/login/code/confirm/", {"code": "000000"}), email)
            for client, email in ((known_client, KNOWN), (unknown_client, UNKNOWN))
        ]
        assert answers[0] == answers[1]


def test_asking_for_a_code_again():
    results = []
    for email in (KNOWN, UNKNOWN):
        client, first = ask("/accounts/login/code/", {}, email)
        answer = client.post("/accounts/login/code/confirm/", {"action": "resend"})
        results.append([first, seen(client, answer, email)])
    assert results[0] == results[1]


def test_a_new_password():
    _client, known = ask("/accounts/password/reset/", {}, KNOWN)
    _client, unknown = ask("/accounts/password/reset/", {}, UNKNOWN)
    assert known == unknown
    to_known, to_unknown = mail.outbox
    assert (to_known.to, to_known.subject) == ([KNOWN], "Choose a new password")
    assert (to_unknown.to, to_unknown.subject) == ([UNKNOWN], "No account with this address")


def test_a_closed_account_looks_like_none():
    person_with(email="closed@example.org", is_active=False)
    for address in ("/accounts/login/code/", "/accounts/password/reset/"):
        _client, closed = ask(address, {}, "closed@example.org")
        _client, unknown = ask(address, {}, UNKNOWN)
        assert closed == unknown
    assert {message.subject for message in mail.outbox} == {"No account with this address"}


@pytest.mark.parametrize("email", ["office@example.org", "admin@example.org"])
def test_a_shared_address_is_refused_whether_known_or_not(email):
    """The demo's administrator has one; the form says the same of it as of any other."""
    form = sign_up_form()
    _client, before = ask("/accounts/signup/", form, email)
    person_with(email=email, job_role=JobRole.objects.get(pk=form["job_role"]))
    _client, after = ask("/accounts/signup/", form, email)
    assert before == after
    assert "More than one person may read this address" in after[1]
    _client, reset = ask("/accounts/password/reset/", {}, email)
    assert reset[0][0] == 302
    assert mail.outbox[-1].subject == "Choose a new password"


def test_whoever_has_a_shared_address_already_can_still_sign_in(client):
    person_with(email="admin@example.org")
    client.post("/accounts/login/", {"login": "admin@example.org", "password": "correct horse"})
    assert client.get("/my-learning/").status_code == 200
