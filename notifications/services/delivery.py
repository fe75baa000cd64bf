"""Sending what is due. The row is the queue; a broker message only hurries it."""

import datetime
import logging
import time
import uuid
from typing import Any

from django.db.models import F

from notifications.enums import MessageChoice, NoticeState
from notifications.models import Notice
from notifications.queries import MessageHours, message_hours
from notifications.services.inbox import NOT_POSTED, posting
from notifications.services.kinds import NoticeKind, kind_for
from notifications.services.messages import build_message
from notifications.services.preferences import wish_about

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=6)


class TooManyAttempts(RuntimeError):
    """Worker after worker died over this notice."""


def deliver_due(*, now: datetime.datetime, limit: int = 100) -> int:
    """Send up to `limit` notices that are due at `now`, oldest first; say how many went.

    They are claimed one at a time. One that fails waits for its next attempt and stops nobody.
    """
    due = Notice.objects.deliverable(now).order_by("due_at", "pk").values_list("pk", flat=True)
    hours = message_hours()
    began, sent = time.monotonic(), 0
    for pk in list(due[:limit]):
        # A claim begins when it is made: those before it may have taken their time.
        at = now + datetime.timedelta(seconds=time.monotonic() - began)
        sent += deliver_notice(pk=pk, now=at, hours=hours)
    return sent


def deliver_notice(*, pk: int, now: datetime.datetime, hours: MessageHours | None = None) -> bool:
    """Send one notice if it is due and nobody else is at it; say whether it went.

    No transaction is open while the mail is handed over. A notice that no longer holds, or whose
    reader's account is closed, is dropped. What its reader wants at this moment counts: one for
    their daily summary is held, one they want here only is kept among their messages. In quiet
    hours one that is neither urgent nor awaited waits until they end, which is no attempt.
    A failure is tried again later, after one minute, then two, four and so on up to six hours;
    after `MAX_ATTEMPTS` it is given up.
    """
    notice = _claim(pk, now)
    if notice is None:
        return False
    hours = hours or message_hours()
    posted: dict[str, Any] = {}
    try:
        if notice.attempts > MAX_ATTEMPTS:
            raise TooManyAttempts
        kind = kind_for(notice.kind)
        if not may_be_told(notice, kind):
            _finish(notice, NoticeState.DROPPED, **NOT_POSTED)
            return False
        wish = wish_about(notice, kind)
        if wish != MessageChoice.AT_ONCE:
            _put_aside(notice, kind, wish, now)
            return False
        if wait_until := _end_of_wait(kind, hours, now):
            _finish(notice, NoticeState.WAITING, due_at=wait_until, attempts=F("attempts") - 1)
            return False
        address = address_of(notice)
        message = build_message(notice, kind, address=address)
        # Before it goes: nothing may come between its going and our saying so.
        posted = posting(notice, kind, message, now)
        message.send()
    except Exception as error:
        _postpone(notice, error, now, posted)
        return False
    _finish(notice, NoticeState.SENT, sent_at=now, address=address, **posted)
    return True


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


def _put_aside(
    notice: Notice, kind: NoticeKind, wish: MessageChoice, now: datetime.datetime
) -> None:
    """Do what somebody wants instead of an e-mail."""
    if notice.recipient is None or not kind.is_posted or kind.has_secret:
        _finish(notice, NoticeState.DECLINED)
        return
    message = build_message(notice, kind, address=address_of(notice))
    state = NoticeState.HELD if wish == MessageChoice.DIGEST else NoticeState.KEPT
    _finish(notice, state, **posting(notice, kind, message, now))


def _claim(pk: int, now: datetime.datetime) -> Notice | None:
    """Take a notice by one guarded statement: of two workers, one finds it taken."""
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
    return Notice.objects.select_related("recipient").with_wishes().get(pk=pk)


def _finish(notice: Notice, state: NoticeState, **fields: object) -> None:
    """Give a claim back. One that was taken over meanwhile is left to who took it."""
    Notice.objects.filter(pk=notice.pk, claim=notice.claim).update(
        state=state, claim=None, claimed_at=None, last_error="", **fields
    )


def _postpone(
    notice: Notice, error: Exception, now: datetime.datetime, posted: dict[str, Any]
) -> None:
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
