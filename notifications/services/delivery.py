"""Sending what is due. The row is the queue; a broker message only hurries it."""

import datetime
import logging
import time
import uuid

from django.core.mail import EmailMessage, get_connection
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce, Lower

from notifications.enums import NoticeState
from notifications.models import Bounce, Notice
from notifications.services.bounces import HELD_BACK, record_refusal, status_of_refusal
from notifications.services.kinds import NoticeKind, kind_for
from notifications.services.messages import build_message

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


def deliver_due(*, now: datetime.datetime, limit: int = 100, seconds: float = 60) -> int:
    """Send up to `limit` notices that are due at `now`, oldest first; say how many went.

    They are claimed one at a time. One that fails waits for its next attempt and stops nobody.
    After `seconds` no further one is begun: a slow mail server must not hold up other work.
    """
    due = Notice.objects.deliverable(now).order_by("due_at", "pk").values_list("pk", flat=True)
    began, sent = time.monotonic(), 0
    post_box = PostBox()
    try:
        for pk in list(due[:limit]):
            # A claim begins when it is made: those before it may have taken their time.
            taken = time.monotonic() - began
            if taken >= seconds:
                break
            at = now + datetime.timedelta(seconds=taken)
            sent += deliver_notice(pk=pk, now=at, post_box=post_box)
    finally:
        post_box.close()
    return sent


def deliver_notice(*, pk: int, now: datetime.datetime, post_box: PostBox | None = None) -> bool:
    """Send one notice if it is due and nobody else is at it; say whether it went.

    No transaction is open while the mail is handed over. A notice that no longer holds is dropped.
    One whose address the mail server refuses for good is returned, and so is one that is not
    necessary to an address that has returned another. Any other failure is tried again later, after
    one minute, then two, four and so on up to six hours; after `MAX_ATTEMPTS` it is given up.
    """
    notice = _claim(pk, now)
    if notice is None:
        return False
    address = notice.recipient.email if notice.recipient else notice.address
    try:
        if notice.attempts > MAX_ATTEMPTS:
            raise TooManyAttempts
        kind = kind_for(notice.kind)
        if not kind.still_holds(notice):
            _finish(notice, NoticeState.DROPPED)
            return False
        if _is_held_back(notice, kind):
            _finish(notice, NoticeState.RETURNED, last_error=HELD_BACK, address=address)
            return False
        _hand_over(build_message(notice, kind, address=address), post_box)
    except Exception as error:
        if status := status_of_refusal(error):
            record_refusal(notice=notice, address=address, status=status, now=now)
        else:
            _postpone(notice, error, now)
        return False
    _finish(notice, NoticeState.SENT, sent_at=now, address=address)
    return True


def _hand_over(message: EmailMessage, post_box: PostBox | None) -> None:
    if post_box is None:
        message.send()
    else:
        post_box.send(message)


def _is_held_back(notice: Notice, kind: NoticeKind) -> bool:
    return bool(notice.is_to_returned_address) and not kind.is_necessary  # type: ignore[attr-defined]  # annotated by _claim


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
    returned = Bounce.objects.holding().filter(address=OuterRef("goes_to"))
    return (
        Notice.objects.select_related("recipient")
        .annotate(goes_to=Lower(Coalesce("recipient__email", "address")))
        .annotate(is_to_returned_address=Exists(returned))
        .get(pk=pk)
    )


def _finish(notice: Notice, state: NoticeState, **fields: object) -> None:
    """Give a claim back. One that was taken over meanwhile is left to who took it."""
    Notice.objects.filter(pk=notice.pk, claim=notice.claim).update(
        **{"state": state, "claim": None, "claimed_at": None, "last_error": "", **fields}
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
