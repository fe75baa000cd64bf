"""Sending what is due. The row is the queue; a broker message only hurries it."""

import datetime
import logging
import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db.models import Exists, F, OuterRef

from notifications.enums import MessageChoice, NoticeState
from notifications.models import Bounce, Notice
from notifications.queries import MessageHours, message_hours
from notifications.services.bounces import HELD_BACK, record_refusal, status_of_refusal
from notifications.services.inbox import NOT_POSTED, posting
from notifications.services.kinds import NoticeKind, kind_for
from notifications.services.messages import build_message
from notifications.services.preferences import wish_about

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=6)
# Mail servers end a connection after some messages; we are faster.
MESSAGES_PER_CONNECTION = 50


class TooManyAttempts(RuntimeError):
    """Worker after worker died over this notice."""


class PostBox:
    """The way to the mail server for a batch: one connection, opened anew after any trouble."""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._sent = 0

    def send(self, message: EmailMessage) -> None:
        if self._sent >= MESSAGES_PER_CONNECTION:
            self.close()
        try:
            self._connection.open()
            self._connection.send_messages([message])
        except Exception:
            self.close()
            raise
        self._sent += 1

    def close(self) -> None:
        self._connection.close()
        self._sent = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some notices: how many were sent, and how many have found their place."""

    sent: int = 0
    settled: int = 0


def deliver_due(*, now: datetime.datetime, limit: int = 100, seconds: float = 60) -> int:
    """Send up to `limit` notices that are due at `now`, oldest first; say how many went.

    As `deliver_batch`.
    """
    return deliver_batch(now=now, limit=limit, seconds=seconds).sent


def deliver_batch(*, now: datetime.datetime, limit: int = 100, seconds: float = 60) -> Batch:
    """Deal with up to `limit` notices that are due at `now`, oldest first; say what became of them.

    They are claimed one at a time. One that fails waits for its next attempt and stops nobody.
    After `seconds` no further one is begun: a slow mail server must not hold up other work.
    """
    due = Notice.objects.deliverable(now).order_by("due_at", "pk").values_list("pk", flat=True)
    hours = message_hours()
    began, ends = time.monotonic(), []
    post_box = PostBox()
    try:
        for pk in list(due[:limit]):
            # A claim begins when it is made: those before it may have taken their time.
            taken = time.monotonic() - began
            if taken >= seconds:
                break
            at = now + datetime.timedelta(seconds=taken)
            ends.append(_deliver(pk, at, hours, post_box))
    finally:
        post_box.close()
    settled = [state for state in ends if state is not None]
    return Batch(sent=settled.count(NoticeState.SENT), settled=len(settled))


def deliver_notice(*, pk: int, now: datetime.datetime, hours: MessageHours | None = None) -> bool:
    """Send one notice if it is due and nobody else is at it; say whether it went.

    No transaction is open while the mail is handed over. A notice that no longer holds, or whose
    reader's account is closed, is dropped. One that is not necessary to an address that has
    returned another is returned, too. What its reader wants at this moment counts: one for their
    daily summary is held, one they want here only is kept among their messages. In quiet hours one
    that is neither urgent nor awaited waits until they end, which is no attempt.
    One whose address the mail server refuses for good is returned. Any other failure is tried again
    later, after one minute, then two, four and so on up to six hours; after `MAX_ATTEMPTS` it is
    given up.
    """
    post_box = PostBox()
    try:
        return _deliver(pk, now, hours or message_hours(), post_box) == NoticeState.SENT
    finally:
        post_box.close()


def _deliver(
    pk: int, now: datetime.datetime, hours: MessageHours, post_box: PostBox
) -> NoticeState | None:
    """Deal with one notice; give the state it has come to, None where it waits or was not ours."""
    notice = _claim(pk, now)
    if notice is None:
        return None
    address = address_of(notice)
    posted: dict[str, Any] = {}
    try:
        if notice.attempts > MAX_ATTEMPTS:
            raise TooManyAttempts
        kind = kind_for(notice.kind)
        if not may_be_told(notice, kind):
            return _finish(notice, NoticeState.DROPPED, **NOT_POSTED)
        if _is_held_back(notice, kind):
            return _hold_back(notice, kind, address, now)
        wish = wish_about(notice, kind)
        if wish != MessageChoice.AT_ONCE:
            return _put_aside(notice, kind, wish, now)
        if wait_until := _end_of_wait(kind, hours, now):
            _finish(notice, NoticeState.WAITING, due_at=wait_until, attempts=F("attempts") - 1)
            return None
        message = build_message(notice, kind, address=address)
        # Before it goes: nothing may come between its going and our saying so.
        posted = posting(notice, kind, message, now)
        post_box.send(message)
    except Exception as error:
        return _after_failure(notice, error, address, now, posted)
    return _finish(notice, NoticeState.SENT, sent_at=now, address=address, **posted)


def may_be_told(notice: Notice, kind: NoticeKind) -> bool:
    """Say whether a notice still holds, and whoever it is for may be written to."""
    if notice.recipient and not notice.recipient.is_active and not kind.reaches_inactive:
        return False
    return kind.still_holds(notice)


def address_of(notice: Notice) -> str:
    """Give where a notice goes now: to its recipient's address of today."""
    return notice.recipient.email if notice.recipient else notice.address


def _end_of_wait(
    kind: NoticeKind, hours: MessageHours, now: datetime.datetime
) -> datetime.datetime | None:
    if kind.is_urgent or kind.is_awaited:
        return None
    return hours.end_of_quiet(now)


def _is_held_back(notice: Notice, kind: NoticeKind) -> bool:
    return bool(notice.is_to_returned_address) and not kind.is_necessary  # type: ignore[attr-defined]  # annotated by _claim


def _hold_back(
    notice: Notice, kind: NoticeKind, address: str, now: datetime.datetime
) -> NoticeState:
    """Spare an address that returned another. Its person finds the message here all the same."""
    posted: dict[str, Any] = {}
    if notice.recipient is not None and kind.is_posted:
        posted = posting(notice, kind, build_message(notice, kind, address=address), now)
    return _finish(notice, NoticeState.RETURNED, last_error=HELD_BACK, address=address, **posted)


def _put_aside(
    notice: Notice, kind: NoticeKind, wish: MessageChoice, now: datetime.datetime
) -> NoticeState:
    """Do what somebody wants instead of an e-mail."""
    if notice.recipient is None or not kind.is_posted or kind.has_secret:
        return _finish(notice, NoticeState.DECLINED)
    message = build_message(notice, kind, address=address_of(notice))
    state = NoticeState.HELD if wish == MessageChoice.DIGEST else NoticeState.KEPT
    return _finish(notice, state, **posting(notice, kind, message, now))


def _after_failure(
    notice: Notice,
    error: Exception,
    address: str,
    now: datetime.datetime,
    posted: dict[str, Any],
) -> NoticeState | None:
    """Return what the mail server refused for good; try anything else again, or give it up."""
    if status := status_of_refusal(error):
        record_refusal(notice=notice, address=address, status=status, now=now, posted=posted)
        return NoticeState.RETURNED
    return _postpone(notice, error, now, posted)


def _claim(pk: int, now: datetime.datetime) -> Notice | None:
    """Take a notice by one guarded statement: of two workers, one finds it taken.

    It is read with what its reader wants, and whether its address has returned another.
    """
    claim = uuid.uuid4()
    taken = (
        Notice.objects.filter(pk=pk)
        .deliverable(now)
        .update(
            state=NoticeState.SENDING,
            claim=claim,
            claimed_at=now,
            attempts=F("attempts") + 1,
            updated_at=now,
        )
    )
    if not taken:
        return None
    returned = Bounce.objects.holding().filter(address=OuterRef("goes_to"))
    return (
        Notice.objects.select_related("recipient")
        .with_wishes()
        .annotate(is_to_returned_address=Exists(returned))
        .get(pk=pk)
    )


def _finish(notice: Notice, state: NoticeState, **fields: object) -> NoticeState:
    """Give a claim back. One that was taken over meanwhile is left to who took it."""
    Notice.objects.filter(pk=notice.pk, claim=notice.claim).update(
        **{"state": state, "claim": None, "claimed_at": None, "last_error": "", **fields}
    )
    return state


def _postpone(
    notice: Notice, error: Exception, now: datetime.datetime, posted: dict[str, Any]
) -> NoticeState | None:
    """Try again later; the last time, leave what was written among the person's messages."""
    name = type(error).__name__
    logger.warning("Notice %s was not sent (%s)", notice.pk, name, exc_info=error)
    is_last = notice.attempts >= MAX_ATTEMPTS
    wait = min(FIRST_WAIT * 2 ** min(notice.attempts - 1, 10), LONGEST_WAIT)
    Notice.objects.filter(pk=notice.pk, claim=notice.claim).update(
        state=NoticeState.FAILED if is_last else NoticeState.WAITING,
        due_at=now + wait,
        claim=None,
        claimed_at=None,
        last_error=name[:200],
        updated_at=now,
        **(posted if is_last else {}),
    )
    return NoticeState.FAILED if is_last else None
