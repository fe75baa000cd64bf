"""Sending what is due. The row is the queue; a broker message only hurries it."""

import datetime
import logging
import time
import uuid

from django.db.models import F

from notifications.enums import NoticeState
from notifications.models import Notice
from notifications.services.kinds import kind_for
from notifications.services.messages import build_message

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
    began, sent = time.monotonic(), 0
    for pk in list(due[:limit]):
        # A claim begins when it is made: those before it may have taken their time.
        at = now + datetime.timedelta(seconds=time.monotonic() - began)
        sent += deliver_notice(pk=pk, now=at)
    return sent


def deliver_notice(*, pk: int, now: datetime.datetime) -> bool:
    """Send one notice if it is due and nobody else is at it; say whether it went.

    No transaction is open while the mail is handed over. A notice that no longer holds is dropped.
    A failure is tried again later, after one minute, then two, four and so on up to six hours;
    after `MAX_ATTEMPTS` it is given up.
    """
    notice = _claim(pk, now)
    if notice is None:
        return False
    try:
        if notice.attempts > MAX_ATTEMPTS:
            raise TooManyAttempts
        kind = kind_for(notice.kind)
        if not kind.still_holds(notice):
            _finish(notice, NoticeState.DROPPED)
            return False
        address = notice.recipient.email if notice.recipient else notice.address
        build_message(notice, kind, address=address).send()
    except Exception as error:
        _postpone(notice, error, now)
        return False
    _finish(notice, NoticeState.SENT, sent_at=now, address=address)
    return True


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
    return Notice.objects.select_related("recipient").get(pk=pk)


def _finish(notice: Notice, state: NoticeState, **fields: object) -> None:
    """Give a claim back. One that was taken over meanwhile is left to who took it."""
    Notice.objects.filter(pk=notice.pk, claim=notice.claim).update(
        state=state, claim=None, claimed_at=None, last_error="", **fields
    )


def _postpone(notice: Notice, error: Exception, now: datetime.datetime) -> None:
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
    )
