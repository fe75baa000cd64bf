"""What comes back: at sending, later, and how somebody deals with it."""

import datetime
import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts.models import AuditEntry
from notifications.enums import BounceKind, NoticeState
from notifications.models import Bounce, Notice
from notifications.services import (
    NotGivenUp,
    NothingReturned,
    deliver_due,
    deliver_notice,
    release_changed_addresses,
    retry_notice,
    try_address_again,
)
from notifications.services.bounces import status_of_refusal
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.notifications import BounceFactory, NoticeFactory
from tests.notifications.conftest import GREETING, NECESSARY

pytestmark = pytest.mark.django_db

BACKEND = "tests.notifications.test_bounces.ChoosyBackend"
HOUR = datetime.timedelta(hours=1)


class ChoosyBackend(EmailBackend):
    """A mail server that answers as the address says: 'refuse-550@…', '451@…'; takes others."""

    answers = {
        "gone": (550, b"5.1.1 <gone@example.org>: no such user"),
        "plain": (550, b"No"),
        "policy": (550, b"5.7.1 Blocked"),
        "later": (451, b"4.7.1 Greylisted"),
        "odd": (550, b"4.2.2 Full"),
    }
    connections = 0

    def open(self):
        type(self).connections += 1

    def send_messages(self, messages):
        for message in messages:
            for address in message.to:
                if answer := self.answers.get(address.partition("@")[0]):
                    raise smtplib.SMTPRecipientsRefused({address: answer})
        return super().send_messages(messages)


@pytest.fixture
def choosy(settings):
    settings.EMAIL_BACKEND = BACKEND


def to(local, **fields):
    return NoticeFactory(recipient__email=f"{local}@example.org", **fields)


# --- Refused at sending ---


@pytest.mark.parametrize(
    ("local", "status"),
    [("gone", "5.1.1"), ("plain", "5.0.0"), ("policy", "5.7.1"), ("odd", "5.0.0")],
)
def test_a_permanent_refusal_returns_the_notice_at_once(choosy, local, status):
    notice = to(local)
    assert not deliver_notice(pk=notice.pk, now=NOW)
    notice.refresh_from_db()
    assert (notice.state, notice.claim, notice.last_error) == ("returned", None, "Refused")
    assert (notice.sent_at, notice.attempts) == (None, 1)
    bounce = notice.bounces.get()
    assert (bounce.kind, bounce.status, bounce.source) == ("hard", status, "refusal")
    assert bounce.address == f"{local}@example.org"
    assert not deliver_notice(pk=notice.pk, now=NOW + datetime.timedelta(days=9))


def test_a_temporary_refusal_is_tried_again(choosy):
    notice = to("later")
    assert not deliver_notice(pk=notice.pk, now=NOW)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("waiting", "SMTPRecipientsRefused")
    assert not Bounce.objects.exists()


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({}),
        smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.1"), "b": (451, b"4.1.1")}),
        smtplib.SMTPDataError(554, b"5.6.0 spam"),
        smtplib.SMTPSenderRefused(550, b"5.1.0", "a"),
        smtplib.SMTPServerDisconnected("x"),
        OSError(),
    ],
)
def test_other_errors_are_no_refusals(error):
    assert status_of_refusal(error) == ""


def test_a_refusal_in_the_middle_stops_nobody_and_opens_a_new_connection(choosy):
    ChoosyBackend.connections = 0
    to("first", due_at=NOW - HOUR * 2)
    to("gone", due_at=NOW - HOUR)
    to("last", due_at=NOW)
    assert deliver_due(now=NOW) == 2
    assert [message.to[0] for message in mail.outbox] == ["first@example.org", "last@example.org"]


def test_a_sweep_that_is_out_of_time_begins_no_more():
    NoticeFactory.create_batch(3)
    assert deliver_due(now=NOW, seconds=0) == 0
    assert mail.outbox == []


# --- Held back ---


def test_after_a_hard_bounce_what_is_not_necessary_is_held_back():
    bounce = BounceFactory()
    held = NoticeFactory(recipient=bounce.notice.recipient)
    assert not deliver_notice(pk=held.pk, now=NOW)
    held.refresh_from_db()
    assert (held.state, held.last_error, held.sent_at) == ("returned", "AddressReturned", None)
    assert mail.outbox == []


def test_what_is_necessary_goes_all_the_same():
    bounce = BounceFactory()
    assert NECESSARY.is_necessary
    assert not GREETING.is_necessary
    necessary = NoticeFactory(recipient=bounce.notice.recipient, kind=NECESSARY.code)
    assert deliver_notice(pk=necessary.pk, now=NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": BounceKind.SOFT, "status": "4.4.1"},
        {"status": "5.7.1"},  # it is we who are not wanted; the address may be right
        {"cleared_at": NOW},
    ],
)
def test_what_says_nothing_of_the_address_holds_nothing_back(fields):
    bounce = BounceFactory(**fields)
    assert deliver_notice(pk=NoticeFactory(recipient=bounce.notice.recipient).pk, now=NOW)


def test_people_without_an_account_are_spared_too():
    BounceFactory(notice=None, address="referee@example.org")
    held = NoticeFactory(recipient=None, address="Referee@example.org")
    assert not deliver_notice(pk=held.pk, now=NOW)
    assert deliver_notice(pk=NoticeFactory().pk, now=NOW)


# --- The address is right ---


def test_trying_again_clears_and_requeues():
    by = UserFactory()
    bounce = BounceFactory()
    recipient = bounce.notice.recipient
    held = NoticeFactory(
        recipient=recipient, state=NoticeState.RETURNED, last_error="AddressReturned"
    )
    other = BounceFactory()
    assert try_address_again(address=recipient.email.upper(), cleared_by=by, now=NOW) == 2
    bounce.refresh_from_db()
    assert (bounce.cleared_at, bounce.cleared_by) == (NOW, by)
    for notice in (bounce.notice, held):
        notice.refresh_from_db()
        assert (notice.state, notice.due_at, notice.attempts) == ("waiting", NOW, 0)
        assert (notice.sent_at, notice.last_error) == (None, "")
    other.notice.refresh_from_db()
    assert other.notice.state == "returned"
    assert AuditEntry.objects.get().action == "returned_address.cleared"
    assert deliver_due(now=NOW) == 2


def test_what_no_longer_holds_is_dropped_when_tried_again():
    bounce = BounceFactory(notice__context={"over": True})
    try_address_again(address=bounce.address, cleared_by=UserFactory(), now=NOW)
    assert deliver_due(now=NOW) == 0
    assert Notice.objects.get().state == "dropped"


def test_trying_again_twice_is_refused_kindly():
    bounce = BounceFactory()
    try_address_again(address=bounce.address, cleared_by=UserFactory(), now=NOW)
    with pytest.raises(NothingReturned):
        try_address_again(address=bounce.address, cleared_by=UserFactory(), now=NOW)
    assert AuditEntry.objects.count() == 1


# --- The address was changed ---


def test_a_changed_address_clears_by_itself():
    bounce = BounceFactory(notice__recipient__email="old@example.org")
    recipient = bounce.notice.recipient
    assert release_changed_addresses(now=NOW) == 0
    recipient.email = "new@example.org"
    recipient.save()
    assert release_changed_addresses(now=NOW) == 1
    bounce.refresh_from_db()
    assert (bounce.cleared_at, bounce.cleared_by) == (NOW, None)
    assert deliver_due(now=NOW) == 1
    assert mail.outbox[0].to == ["new@example.org"]


def test_capitals_are_no_change():
    bounce = BounceFactory(notice__recipient__email="Sian@example.org")
    assert bounce.address == "sian@example.org"
    assert release_changed_addresses(now=NOW) == 0
    bounce.refresh_from_db()
    assert bounce.cleared_at is None


def test_an_address_of_nobody_any_more_is_cleared():
    user = UserFactory(email="old@example.org")
    known = BounceFactory(notice=None, address="old@example.org")
    referee = BounceFactory(notice=None, address="referee@example.org")
    NoticeFactory(recipient=None, address="Referee@example.org")
    release_changed_addresses(now=NOW)
    assert set(Bounce.objects.uncleared()) == {known, referee}
    user.email = "new@example.org"
    user.save()
    release_changed_addresses(now=NOW)
    assert set(Bounce.objects.uncleared()) == {referee}


@pytest.mark.parametrize("count", [1, 3, 30])
def test_releasing_takes_the_same_queries_for_any_number(count, django_assert_num_queries):
    for bounce in BounceFactory.create_batch(count):
        type(bounce.notice.recipient).objects.filter(pk=bounce.notice.recipient.pk).update(
            email=f"moved-{bounce.pk}@example.org"
        )
    with django_assert_num_queries(6):  # with the savepoint around them
        assert release_changed_addresses(now=NOW) == count


# --- Given up, and tried again ---


def test_a_message_that_was_given_up_is_tried_again():
    by = UserFactory()
    notice = NoticeFactory(state=NoticeState.FAILED, attempts=10, last_error="Unwilling")
    retry_notice(notice=notice, retried_by=by, now=NOW)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.last_error) == ("waiting", 0, "")
    assert AuditEntry.objects.get().actor == by
    with pytest.raises(NotGivenUp):
        retry_notice(notice=notice, retried_by=by, now=NOW)
    assert deliver_due(now=NOW) == 1


@pytest.mark.parametrize("state", ["sent", "returned", "dropped"])
def test_only_what_was_given_up_is_tried_again(state):
    sent_at = NOW if state == "sent" else None
    notice = NoticeFactory(state=state, sent_at=sent_at)
    with pytest.raises(NotGivenUp):
        retry_notice(notice=notice, retried_by=UserFactory(), now=NOW)


# --- The return address ---


def test_mail_returns_to_the_signed_address_and_comes_from_the_usual_one(settings):
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    settings.BOUNCE_VERP = True
    notice = NoticeFactory()
    deliver_notice(pk=notice.pk, now=NOW)
    (message,) = mail.outbox
    assert message.from_email.startswith(f"bounces+{notice.pk}-")
    assert message.message()["From"] == "Family Approach <hello@example.org>"
