"""One click in the e-mail stops its kind, signed in or not, and one brings it back."""

import datetime
import email
import email.policy

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from lms.core.links import LinkExpired
from notifications.enums import DAILY_DIGEST
from notifications.models import Preference, Unsubscription
from notifications.services import (
    deliver_notice,
    make_digest,
    preferences_of,
    read_subscription,
    unsubscribe_token,
)
from notifications.services.inbox import posting
from notifications.services.messages import build_message
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.notifications import MessageFactory, NoticeFactory, PreferenceFactory
from tests.notifications.conftest import GREETING, NECESSARY, NEWS, PLAIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_quiet_hours")]

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def provider():
    """A mail provider: no cookies, and no token against forgery."""
    return Client(enforce_csrf_checks=True)


def address_of(notice):
    return f"/messages/unsubscribe/{unsubscribe_token(notice)}/"


def to_person(**fields):
    return MessageFactory(**{"sent_at": timezone.now(), **fields})


def to_referee(**fields):
    return NoticeFactory(
        recipient=None,
        address="Referee@example.org",
        state="sent",
        sent_at=timezone.now(),
        **fields,
    )


def has_stopped(notice):
    if notice.recipient:
        own = Preference.objects.filter(user=notice.recipient, kind=notice.kind)
        return own.filter(choice="inbox").exists()
    return Unsubscription.objects.filter(address="referee@example.org", kind=notice.kind).exists()


BOTH = pytest.mark.parametrize("sent_to", [to_person, to_referee])


# --- In the e-mail --------------------------------------------------------------------------------


def delivered(settings, **fields):
    settings.SITE_URL = "https://learn.example.org"
    notice = NoticeFactory(**fields)
    assert deliver_notice(pk=notice.pk, now=timezone.now())
    message = mail.outbox[-1].message().as_bytes()
    return notice, email.message_from_bytes(message, policy=email.policy.default)


@pytest.mark.parametrize("fields", [{}, {"recipient": None, "address": "referee@example.org"}])
def test_what_is_optional_offers_to_stop_it_with_one_click(settings, provider, fields):
    notice, message = delivered(settings, **fields)
    url = message["List-Unsubscribe"].strip().strip("<>")
    assert url == f"https://learn.example.org{address_of(notice)}"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = url.removeprefix("https://learn.example.org")
    assert provider.post(path, ONE_CLICK).status_code == 200
    assert has_stopped(notice)


def test_what_is_necessary_does_not(settings):
    _notice, message = delivered(settings, kind=NECESSARY.code)
    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None


def test_the_address_says_nothing_about_anybody():
    person = UserFactory(email="sian@example.org")
    token = unsubscribe_token(MessageFactory(recipient=person))
    assert "sian" not in token
    assert len(token) < 90


@pytest.fixture
def foot(settings):
    """Write an e-mail, both ways."""
    settings.SITE_URL = "https://learn.example.org"

    def write(kind, **fields):
        notice = NoticeFactory(kind=kind.code, **fields)
        message = build_message(notice, kind, address=notice.address)
        return notice, [message.body, message.alternatives[0].content]

    return write


def test_the_foot_leads_to_both_for_somebody_with_an_account(foot):
    notice, bodies = foot(NEWS)
    for body in bodies:
        assert f"https://learn.example.org{address_of(notice)}" in body
        assert "https://learn.example.org/account/messages/" in body


def test_the_foot_has_one_way_for_somebody_without(foot):
    notice, bodies = foot(NEWS, recipient=None, address="referee@example.org")
    for body in bodies:
        assert address_of(notice) in body
        assert "/account/messages/" not in body


def test_the_foot_of_what_is_necessary_says_why(foot):
    _notice, bodies = foot(NECESSARY)
    for body in bodies:
        assert "/unsubscribe/" not in body
        assert "cannot be switched off. You could lose your place." in body


def test_nothing_of_the_foot_is_kept_among_the_messages(settings):
    settings.SITE_URL = "https://learn.example.org"
    notice = NoticeFactory(kind=PLAIN.code)
    message = build_message(notice, PLAIN, address=notice.address)
    assert "/unsubscribe/" in message.body
    assert posting(notice, PLAIN, message, NOW)["body"] == "Dear reader\n\nSomething is new."


# --- GET shows, POST acts -------------------------------------------------------------------------


@BOTH
def test_to_look_has_no_effect(provider, sent_to):
    notice = sent_to()
    for method in (provider.get, provider.head):
        response = method(address_of(notice))
        assert response.status_code == 200
    page = provider.get(address_of(notice)).content.decode()
    assert "Stop these e-mails?" in page
    assert GREETING.label in page
    assert not has_stopped(notice)


@BOTH
def test_a_post_without_cookies_stops_it_however_often(provider, sent_to):
    notice, other = sent_to(), sent_to(kind=NEWS.code)
    for _ in range(3):
        response = provider.post(address_of(notice), ONE_CLICK)
        assert response.status_code == 200
        assert "These e-mails have stopped" in response.content.decode()
    assert has_stopped(notice)
    assert not has_stopped(other)
    assert Preference.objects.count() + Unsubscription.objects.count() == 1


@BOTH
def test_the_button_stops_it_and_the_page_has_a_way_back(provider, sent_to):
    notice = sent_to()
    page = provider.post(address_of(notice), {"action": "stop"}).content.decode()
    assert 'value="resume"' in page
    assert has_stopped(notice)
    page = provider.post(address_of(notice), {"action": "resume"}).content.decode()
    assert "These e-mails come again" in page
    assert not has_stopped(notice)
    again = provider.post(address_of(notice), {"action": "resume"})
    assert again.status_code == 200
    assert provider.get(address_of(notice)).content.decode().count("Stop these e-mails?") == 2


@BOTH
def test_what_was_stopped_is_not_sent_and_comes_again_after(provider, sent_to):
    notice = sent_to()
    fields = {"recipient": notice.recipient, "address": notice.address}
    provider.post(address_of(notice), ONE_CLICK)
    stopped = NoticeFactory(**fields)
    assert not deliver_notice(pk=stopped.pk, now=timezone.now())
    stopped.refresh_from_db()
    assert stopped.state == ("kept" if notice.recipient else "declined")
    provider.post(address_of(notice), {"action": "resume"})
    assert deliver_notice(pk=NoticeFactory(**fields).pk, now=timezone.now())


def test_a_person_finds_it_among_their_choices(provider):
    notice = to_person()
    provider.post(address_of(notice), ONE_CLICK)
    rows = [row for group in preferences_of(notice.recipient) for row in group.optional]
    assert {row.kind.code for row in rows if row.choice == "inbox"} == {GREETING.code}


def test_it_is_audited_once_without_an_actor(provider):
    """Whoever has the e-mail may have done it, or their mail provider."""
    notice = to_person()
    provider.post(address_of(notice), ONE_CLICK)
    provider.post(address_of(notice), ONE_CLICK)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.fields) == (
        None,
        "messages.stopped",
        [GREETING.code],
    )


def test_somebody_else_signed_in_changes_nothing_of_their_own(client):
    notice, other = to_person(), UserFactory()
    client.force_login(other)
    client.post(address_of(notice), ONE_CLICK)
    assert has_stopped(notice)
    assert not Preference.objects.filter(user=other).exists()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("", "application/x-www-form-urlencoded"),
        ("action=\x00&action=stop", "application/x-www-form-urlencoded"),
        ("action=nonsense", "application/x-www-form-urlencoded"),
        ("List-Unsubscribe=One-Click", "text/plain"),
    ],
)
def test_whatever_the_post_says_it_stops(provider, content, content_type):
    notice = to_person()
    response = provider.post(address_of(notice), content, content_type=content_type)
    assert response.status_code == 200
    assert has_stopped(notice)


def test_neither_the_page_nor_its_address_travels_on(provider):
    response = provider.get(address_of(to_person()))
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


# --- Links that do not work -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "alter",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "0" + token[1:] if token[0] != "0" else "1" + token[1:],
        lambda token: token.split(":")[0],
        lambda token: token + "x",
        lambda token: "nonsense",
        lambda token: "%00",
        lambda token: "x" * 5000,
    ],
)
def test_an_altered_token_is_nowhere_and_stops_nothing(provider, alter):
    notice = to_person()
    address = f"/messages/unsubscribe/{alter(unsubscribe_token(notice))}/"
    assert provider.get(address).status_code == 404
    assert provider.post(address, ONE_CLICK).status_code == 404
    assert not has_stopped(notice)
    assert provider.post(address_of(notice), ONE_CLICK).status_code == 200


def test_a_token_stops_its_own_readers_kind_alone(provider):
    mine, theirs = to_person(), to_person()
    provider.post(address_of(mine), ONE_CLICK)
    assert has_stopped(mine)
    assert not has_stopped(theirs)


def test_it_is_good_for_a_year():
    token = unsubscribe_token(to_person(sent_at=NOW))
    year = datetime.timedelta(days=366)
    assert read_subscription(token, now=NOW + year - datetime.timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        read_subscription(token, now=NOW + year)


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"kind": "tests.unheard_of"}, 410, "no longer send messages of this kind"),
        ({"kind": NECESSARY.code}, 409, "You could lose your place."),
        ({"sent_at": NOW - datetime.timedelta(days=800)}, 410, "too old"),
    ],
)
def test_what_cannot_be_stopped_says_why(provider, fields, status, said):
    notice = to_person(**fields)
    for response in (
        provider.get(address_of(notice)),
        provider.post(address_of(notice), ONE_CLICK),
    ):
        assert response.status_code == status
        assert said in response.content.decode()
    assert not Preference.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_allowed(provider, method):
    assert getattr(provider, method)(address_of(to_person())).status_code == 405


# --- The daily summary ----------------------------------------------------------------------------


def test_the_summary_itself_can_be_stopped_and_brought_back(provider):
    person = PreferenceFactory(choice="digest").user
    yesterday = NOW - datetime.timedelta(days=1)
    held = MessageFactory(recipient=person, state="held", sent_at=None, posted_at=yesterday)
    digest = make_digest(recipient=person.pk, due=timezone.now(), now=timezone.now())
    assert deliver_notice(pk=digest.pk, now=timezone.now())
    digest.refresh_from_db()
    waiting = MessageFactory(recipient=person, state="held", sent_at=None)
    assert "Your daily summary" in provider.get(address_of(digest)).content.decode()

    provider.post(address_of(digest), ONE_CLICK)
    held.refresh_from_db()
    waiting.refresh_from_db()
    assert (held.state, waiting.state) == ("sent", "kept")
    new = NoticeFactory(recipient=person)
    deliver_notice(pk=new.pk, now=timezone.now())
    new.refresh_from_db()
    assert new.state == "kept"

    provider.post(address_of(digest), {"action": "resume"})
    newer = NoticeFactory(recipient=person)
    deliver_notice(pk=newer.pk, now=timezone.now())
    newer.refresh_from_db()
    assert newer.state == "held"
    assert not Preference.objects.filter(kind=DAILY_DIGEST, choice="inbox").exists()
