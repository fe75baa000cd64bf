"""Writing notices and sending them."""

import datetime
import threading

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from kombu import Producer
from kombu.exceptions import OperationalError

from notifications.enums import NoticeState
from notifications.models import Notice
from notifications.services import (
    MAX_ATTEMPTS,
    NoAddress,
    NoticeKind,
    UnknownKind,
    deliver_due,
    deliver_notice,
    enqueue_notice,
    kind_for,
    register_kind,
)
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.notifications import NoticeFactory
from tests.notifications.conftest import GREETING
from tests.races import run_at_once

pytestmark = pytest.mark.django_db


def then_fail(work):
    """Do the work, and then something that takes the whole transaction down."""
    with transaction.atomic():
        work()
        raise ZeroDivisionError


MINUTE = datetime.timedelta(minutes=1)
BACKENDS = "tests.notifications.test_services"


class RefusingBackend(EmailBackend):
    """A mail server that refuses one address."""

    def send_messages(self, messages):
        if any("refused@example.org" in message.to for message in messages):
            raise ConnectionRefusedError("refused@example.org is not welcome here")
        return super().send_messages(messages)


class SlowBackend(EmailBackend):
    """A mail server that is still talking when somebody else comes."""

    reached = threading.Event()
    go_on = threading.Event()

    def send_messages(self, messages):
        self.reached.set()
        assert self.go_on.wait(timeout=20)
        return super().send_messages(messages)


def enqueue(**fields):
    defaults = {"kind": GREETING.code, "dedupe_key": "greeting-1", "now": NOW}
    return enqueue_notice(**{**defaults, **fields})


# --- enqueue_notice ---


def test_a_notice_waits_for_its_recipient_until_it_is_sent():
    person = UserFactory(email="sian@example.org")
    notice = enqueue(recipient=person, context={"course": 7})
    notice.refresh_from_db()
    assert (notice.recipient, notice.address) == (person, "sian@example.org")
    assert (notice.state, notice.due_at, notice.context) == ("waiting", NOW, {"course": 7})


def test_people_without_an_account_are_reached_by_address():
    notice = enqueue(address="referee@example.org")
    assert (notice.recipient, notice.address) == (None, "referee@example.org")


def test_the_same_key_is_the_same_notice_unchanged():
    first = enqueue(recipient=UserFactory(), context={"n": 1})
    second = enqueue(recipient=UserFactory(), context={"n": 2})
    assert second == first
    assert Notice.objects.get().context == {"n": 1}


@pytest.mark.parametrize("address", ["", "no address", "a@example.org\nBcc: b@example.org"])
def test_a_notice_without_a_proper_address_is_refused(address):
    with pytest.raises(NoAddress):
        enqueue(address=address)
    assert not Notice.objects.exists()


def test_a_kind_that_nobody_handed_down_is_refused():
    with pytest.raises(UnknownKind):
        enqueue(address="a@example.org", kind="tests.unheard_of")
    assert not Notice.objects.exists()


def test_a_notice_falls_with_its_cause(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as after_commit, pytest.raises(ZeroDivisionError):
        then_fail(lambda: enqueue(address="a@example.org"))
    assert not Notice.objects.exists()
    assert after_commit == []


def test_a_notice_due_now_is_hurried_once_after_the_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as after_commit:
        enqueue(address="a@example.org")
        enqueue(address="a@example.org")
        enqueue(address="a@example.org", dedupe_key="later", due_at=NOW + MINUTE)
    assert len(after_commit) == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_fail_what_was_committed(monkeypatch):
    def down(*args, **kwargs):
        raise OperationalError("the broker is down")

    monkeypatch.setattr(Producer, "publish", down)
    notice = enqueue(address="a@example.org")
    assert Notice.objects.get() == notice
    assert deliver_due(now=NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_asked_at_once_there_is_one_notice():
    person = UserFactory()
    notices = run_at_once(*[lambda: enqueue(recipient=person)] * 4)
    assert set(notices) == {Notice.objects.get()}


# --- kinds ---


def test_two_kinds_cannot_share_a_code():
    register_kind(GREETING)
    with pytest.raises(ValueError, match=GREETING.code):
        register_kind(NoticeKind(GREETING.code, "other/email/other", context=lambda notice: {}))
    assert kind_for(GREETING.code) is GREETING


# --- the message ---


def sent(**fields):
    assert deliver_notice(pk=NoticeFactory(**fields).pk, now=NOW)
    (message,) = mail.outbox
    return message


def test_a_message_goes_to_its_recipient_under_a_lasting_id():
    person = UserFactory(full_name="Siân O’Neill", email="sian@example.org")
    message = sent(recipient=person, dedupe_key="greeting-9")
    assert message.to == ["sian@example.org"]
    assert message.extra_headers["Message-ID"].startswith("<greeting-9@")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.body.startswith(
        "Dear Siân O’Neill, welcome\n\n---\nYou get this because we test.\n"
    )
    assert ">Dear Siân O’Neill, welcome</p>" in message.alternatives[0].content


def test_plain_text_is_not_escaped_and_html_is():
    message = sent(context={"words": "R&D <now>"})
    assert "R&D <now>" in message.body
    assert "R&amp;D &lt;now&gt;" in message.alternatives[0].content


def test_nothing_in_a_subject_becomes_a_header():
    message = sent(context={"subject_line": "Hello\r\nBcc: all@example.org\n\tX: y"})
    assert message.subject == "Hello Bcc: all@example.org X: y"
    assert message.message()["Bcc"] is None


def test_attachments_travel_with_their_message():
    message = sent(context={"attach": "by hand"})
    assert [tuple(part) for part in message.attachments] == [("note.txt", "by hand", "text/plain")]


def test_a_changed_address_is_the_one_that_is_written_to():
    notice = NoticeFactory(recipient=UserFactory(email="old@example.org"))
    notice.recipient.email = "new@example.org"
    notice.recipient.save()
    deliver_notice(pk=notice.pk, now=NOW)
    notice.refresh_from_db()
    assert (mail.outbox[0].to, notice.address) == (["new@example.org"], "new@example.org")


# --- deliver_notice ---


def test_a_delivered_notice_is_sent_and_stays_so():
    notice = NoticeFactory()
    assert deliver_notice(pk=notice.pk, now=NOW)
    assert not deliver_notice(pk=notice.pk, now=NOW + MINUTE)
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at, notice.attempts) == ("sent", NOW, 1)
    assert (notice.claim, notice.claimed_at, notice.last_error) == (None, None, "")
    assert len(mail.outbox) == 1


def test_a_notice_that_is_gone_or_not_due_is_left_alone():
    assert not deliver_notice(pk=0, now=NOW)
    notice = NoticeFactory(due_at=NOW + MINUTE)
    assert not deliver_notice(pk=notice.pk, now=NOW)
    assert mail.outbox == []


def test_a_notice_that_no_longer_holds_is_dropped():
    notice = NoticeFactory(context={"over": True})
    assert not deliver_notice(pk=notice.pk, now=NOW)
    notice.refresh_from_db()
    assert (notice.state, notice.claim, notice.sent_at) == ("dropped", None, None)
    assert mail.outbox == []


def test_a_failure_waits_longer_each_time_and_keeps_no_address():
    notice = NoticeFactory(context={"breaks": True})
    now, waits = NOW, []
    for _ in range(4):
        assert not deliver_notice(pk=notice.pk, now=now)
        notice.refresh_from_db()
        waits.append(notice.due_at - now)
        now = notice.due_at
    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert (notice.state, notice.last_error, notice.claim) == ("waiting", "Unwilling", None)


def test_a_failure_that_passes_is_made_good():
    notice = NoticeFactory(context={"breaks": True})
    deliver_notice(pk=notice.pk, now=NOW)
    Notice.objects.filter(pk=notice.pk).update(context={})
    assert deliver_notice(pk=notice.pk, now=NOW + MINUTE)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.last_error) == ("sent", 2, "")


def test_the_last_attempt_gives_up():
    notice = NoticeFactory(context={"breaks": True}, attempts=MAX_ATTEMPTS - 1)
    assert not deliver_notice(pk=notice.pk, now=NOW)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("failed", MAX_ATTEMPTS)
    assert not deliver_notice(pk=notice.pk, now=NOW + datetime.timedelta(days=9))


def test_no_attempt_waits_more_than_six_hours():
    notice = NoticeFactory(context={"breaks": True}, attempts=MAX_ATTEMPTS - 2)
    deliver_notice(pk=notice.pk, now=NOW)
    notice.refresh_from_db()
    assert notice.due_at == NOW + datetime.timedelta(minutes=256)
    assert notice.due_at <= NOW + datetime.timedelta(hours=6)


def test_a_notice_that_kills_its_workers_is_given_up(settings):
    notice = NoticeFactory(
        state=NoticeState.SENDING,
        claim="5b0f2a4e-3c86-4b39-9d1c-0f6a5c6e2f10",
        claimed_at=NOW - datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS),
        attempts=MAX_ATTEMPTS,
    )
    assert not deliver_notice(pk=notice.pk, now=NOW)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("failed", "TooManyAttempts")
    assert mail.outbox == []


def test_what_a_dead_worker_had_is_sent_when_its_lease_is_over(settings):
    lease = datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
    notice = NoticeFactory(
        state=NoticeState.SENDING,
        claim="5b0f2a4e-3c86-4b39-9d1c-0f6a5c6e2f10",
        claimed_at=NOW,
        attempts=1,
    )
    assert not deliver_notice(pk=notice.pk, now=NOW + lease - MINUTE / 60)
    assert deliver_notice(pk=notice.pk, now=NOW + lease)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_notice_somebody_is_sending_is_not_sent_beside_them(settings):
    settings.EMAIL_BACKEND = f"{BACKENDS}.SlowBackend"
    SlowBackend.reached.clear()
    SlowBackend.go_on.clear()
    notice = NoticeFactory()

    def second():
        assert SlowBackend.reached.wait(timeout=20)
        try:
            return deliver_notice(pk=notice.pk, now=NOW)
        finally:
            SlowBackend.go_on.set()

    results = run_at_once(lambda: deliver_notice(pk=notice.pk, now=NOW), second)
    assert results == [True, False]
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_message():
    notice = NoticeFactory()
    results = run_at_once(*[lambda: deliver_notice(pk=notice.pk, now=NOW)] * 4)
    assert sorted(results) == [False, False, False, True]
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_check_before_the_claim_instead_of_in_it_would_send_two():
    """The control: read, then write, as the guarded statement does not."""
    notice = NoticeFactory()
    both_have_read = threading.Barrier(2)

    def unguarded():
        free = Notice.objects.deliverable(NOW).filter(pk=notice.pk).exists()
        both_have_read.wait(timeout=20)
        return free

    assert run_at_once(unguarded, unguarded) == [True, True]


# --- deliver_due ---


def test_everything_due_goes_the_oldest_first():
    NoticeFactory(due_at=NOW, context={"subject_line": "second"})
    NoticeFactory(due_at=NOW - MINUTE, context={"subject_line": "first"})
    NoticeFactory(due_at=NOW + MINUTE, context={"subject_line": "not yet"})
    assert deliver_due(now=NOW) == 2
    assert [message.subject for message in mail.outbox] == ["first", "second"]
    assert deliver_due(now=NOW) == 0


def test_no_more_go_than_asked():
    NoticeFactory.create_batch(3)
    assert deliver_due(now=NOW, limit=2) == 2
    assert len(mail.outbox) == 2


def test_one_bad_notice_stops_nobody(settings):
    settings.EMAIL_BACKEND = f"{BACKENDS}.RefusingBackend"
    NoticeFactory(due_at=NOW - 3 * MINUTE, context={"breaks": True})
    refused = NoticeFactory(due_at=NOW - 2 * MINUTE, recipient__email="refused@example.org")
    NoticeFactory(due_at=NOW - MINUTE, kind="tests.unheard_of")
    good = NoticeFactory(due_at=NOW)
    assert deliver_due(now=NOW) == 1
    good.refresh_from_db()
    refused.refresh_from_db()
    assert good.state == NoticeState.SENT
    assert refused.last_error == "ConnectionRefusedError"
    assert Notice.objects.filter(state=NoticeState.WAITING).count() == 3


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_for_each_notice_do_not_grow(count, django_assert_num_queries):
    NoticeFactory.create_batch(count)
    # Who is due, the hours; then claim, load with what its reader wants, word, mark.
    with django_assert_num_queries(2 + 4 * count):
        deliver_due(now=NOW)
