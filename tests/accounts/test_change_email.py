"""One address; a new one takes its place when its code was typed, and the old one is told."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db.models.signals import pre_save

from accounts.models import AuditEntry, User
from tests.accounts.signing_in import code_in, confirm_password, last_code, person_with, sign_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/accounts/email/"
CODE = "/accounts/confirm-email/"
NEW = "nadia@new.example.org"


@pytest.fixture
def person(client):
    user = person_with(email="nadia@old.example.org")
    sign_in(client, user)
    client.get("/accounts/reauthenticate/")
    confirm_password(client)
    return user


def ask(client, email=NEW):
    return client.post(ADDRESS, {"action_add": "", "email": email})


def addresses(user):
    user.refresh_from_db()
    return user.email, list(EmailAddress.objects.filter(user=user).values_list("email", flat=True))


def test_the_new_one_takes_the_old_one_s_place_after_its_code(
    client, person, django_capture_on_commit_callbacks
):
    response = ask(client)
    assert response.url == CODE
    (message,) = mail.outbox
    assert message.to == [NEW]
    assert addresses(person) == ("nadia@old.example.org", ["nadia@old.example.org"])

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(CODE, {"code": code_in(message)})

    assert response.url == "/account/security/"
    assert addresses(person) == (NEW, [NEW])
    assert EmailAddress.objects.get(user=person).primary
    told = mail.outbox[-1]
    assert (told.to, told.subject) == (["nadia@old.example.org"], "Your e-mail address was changed")
    assert NEW in told.body
    assert NEW in client.get("/account/security/").content.decode()
    assert AuditEntry.objects.filter(action="person.address_changed", actor=person).exists()
    client.post("/accounts/logout/")
    sign_in(client, person)
    assert client.get("/my-learning/").status_code == 200


def test_it_is_asked_first_who_one_is(client):
    user = person_with(email="nadia@old.example.org")
    sign_in(client, user)
    response = ask(client)
    assert response.url.startswith("/accounts/reauthenticate/")
    assert not mail.outbox
    response = client.post(response.url, {"password": "correct horse"})
    assert response.url == CODE  # what was typed is sent after all
    assert mail.outbox[0].to == [NEW]


def test_a_wrong_code_changes_nothing(client, person):
    ask(client)
    response = client.post(CODE, {"code": "000000" if last_code() != "000000" else "111111"})
    assert response.status_code == 200
    assert "not the code we sent" in response.content.decode()
    assert addresses(person) == ("nadia@old.example.org", ["nadia@old.example.org"])


def test_the_address_of_somebody_else_looks_the_same_and_cannot_be_had(client, person):
    free = ask(client)
    free_page = client.get(free.url).content.decode()
    other = UserFactory(email="taken@new.example.org")
    taken = ask(client, other.email)
    taken_page = client.get(taken.url).content.decode()

    assert (free.status_code, free.url) == (taken.status_code, taken.url)
    assert plain(taken_page, other.email) == plain(free_page, NEW)
    told = mail.outbox[-1]
    assert (told.to, told.subject) == ([other.email], "Somebody typed your e-mail address")
    assert "nadia" not in told.body
    # Nobody was sent the code; even who guesses it gets nothing.
    code = client.session["account_email_verification_code"]["code"]
    response = client.post(CODE, {"code": code})
    assert response.status_code == 200
    assert "cannot be used here" in response.content.decode()
    assert addresses(person) == ("nadia@old.example.org", ["nadia@old.example.org"])


def plain(page, email):
    page = re.sub(r'value="[A-Za-z0-9]{64}"', "", page)
    return page.replace(email, "EMAIL")


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "Enter the new e-mail address."),
        ("not an address", "Enter an e-mail address, like name@example.org."),
        ("office@school.example.org", "More than one person may read this address"),
        ("nadia@old.example.org", "the address you have now"),
        ("NADIA@OLD.example.org", "the address you have now"),
        ("a\0b@example.org", "Null characters"),
        ("x" * 300 + "@example.org", "254"),
    ],
)
def test_what_is_refused_is_explained_and_kept(client, person, email, message):
    response = ask(client, email)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert not mail.outbox
    if email and "\0" not in email:
        assert f'value="{email}"' in page


@pytest.mark.parametrize("action", ["action_remove", "action_primary", "action_send", "nonsense"])
def test_the_only_address_cannot_be_removed(client, person, action):
    for email in ("nadia@old.example.org", "somebody@else.example.org", "\0", ""):
        assert client.post(ADDRESS, {action: "", "email": email}).status_code in {200, 302}
    assert addresses(person) == ("nadia@old.example.org", ["nadia@old.example.org"])


def test_of_two_at_once_one_gets_it_and_the_other_is_told(client, person):
    """The other one is faster by the time between the look and the write."""

    def faster(**_kwargs):
        User.objects.create_user(NEW)

    ask(client)
    code = last_code()
    pre_save.connect(faster, sender=EmailAddress)
    try:
        response = client.post(CODE, {"code": code}, follow=True)
    finally:
        pre_save.disconnect(faster, sender=EmailAddress)
    assert "belongs to another account here" in response.content.decode()
    assert addresses(person) == ("nadia@old.example.org", ["nadia@old.example.org"])


def test_two_people_cannot_get_the_same_address(client, person):
    """Both typed their code's address before either confirmed; the second is told no."""
    ask(client)
    code = last_code()
    UserFactory(email=NEW)  # the other one was faster
    response = client.post(CODE, {"code": code})
    assert response.status_code == 200
    assert addresses(person) == ("nadia@old.example.org", ["nadia@old.example.org"])
