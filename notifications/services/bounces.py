"""What did not arrive: refused by the mail server at once, or reported back later."""

import datetime
import hashlib
import re
import smtplib
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import record_audit
from lms.core.errors import DomainError
from lms.core.mail import message_id_for
from notifications.enums import BounceKind, BounceSource, NoticeState
from notifications.models import Bounce, Notice

# What `Notice.last_error` says of one that came back: why, never an address.
HELD_BACK = "AddressReturned"
REFUSED = "Refused"
REPORTED = "Reported"

UNKNOWN_STATUS = "5.0.0"
_ENHANCED = re.compile(r"\A\s*(5\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
# How many of an address's messages are compared where a key cannot be read from the Message-ID.
_COMPARED = 500


class NothingReturned(DomainError):
    code = "nothing_returned"
    message = _("Nothing waits for this address any more. Somebody else may have seen to it.")


class NotGivenUp(DomainError):
    code = "not_given_up"
    message = _("This message has not been given up. Somebody else may have seen to it.")


def status_of_refusal(error: Exception) -> str:
    """Read the status code (RFC 3463) of a permanent refusal of the recipient; '' for other errors.

    Temporary refusals (4xx) are other errors: they are tried again.
    """
    if not isinstance(error, smtplib.SMTPRecipientsRefused) or not error.recipients:
        return ""
    answers = list(error.recipients.values())
    if any(not 500 <= code <= 599 for code, _text in answers):
        return ""
    text = answers[0][1]
    found = _ENHANCED.match(text.decode(errors="replace") if isinstance(text, bytes) else str(text))
    return found[1] if found else UNKNOWN_STATUS


@transaction.atomic
def record_refusal(
    *,
    notice: Notice,
    address: str,
    status: str,
    now: datetime.datetime,
    posted: Mapping[str, Any] | None = None,
) -> Bounce | None:
    """Return a notice that the mail server refused for good; None when its claim was taken over.

    `posted` is what stands among its recipient's messages from now on (see posting).
    """
    mine = Notice.objects.filter(pk=notice.pk, claim=notice.claim)
    returned = mine.update(
        state=NoticeState.RETURNED,
        claim=None,
        claimed_at=None,
        last_error=REFUSED,
        address=address,
        updated_at=now,
        **(posted or {}),
    )
    if not returned:
        return None
    return Bounce.objects.create(
        address=address.lower(),
        notice=notice,
        kind=BounceKind.HARD,
        source=BounceSource.REFUSAL,
        status=status,
        report=_digest("refusal", str(notice.claim)),
        at=now,
    )


def record_bounce(
    *,
    notice: Notice | None,
    address: str,
    kind: BounceKind,
    status: str,
    report_id: str,
    now: datetime.datetime,
) -> Bounce | None:
    """Record what a report says of one address, once; None for what is known already.

    Known are the same report, and another about the same message that nobody has dealt with. After
    a hard bounce the message that was sent counts as returned.
    """
    address = (notice.address if notice else address).lower()
    if notice is not None:
        known = notice.bounces.uncleared().filter(kind=kind, address=address)
        if known.exists():
            return None
    try:
        with transaction.atomic():
            bounce = Bounce.objects.create(
                address=address,
                notice=notice,
                kind=kind,
                source=BounceSource.REPORT,
                status=status,
                report=_digest(report_id, address, kind),
                at=now,
            )
            if notice is not None and kind == BounceKind.HARD:
                Notice.objects.filter(pk=notice.pk, state=NoticeState.SENT, digest=None).update(
                    state=NoticeState.RETURNED, last_error=REPORTED, updated_at=now
                )
    except IntegrityError:
        return None
    return bounce


def notice_by_message_id(message_id: str, *, recipient: str) -> Notice | None:
    """Find the notice that was sent with this Message-ID.

    Most keys stand in it as they are; others are compared among what went to the `recipient`.
    """
    key = message_id.strip().strip("<>").rpartition("@")[0]
    if not key or "\0" in key:
        return None
    exact = Notice.objects.filter(dedupe_key=key).first()
    if exact is not None:
        return exact if _is_id_of(exact, message_id) else None
    sent_there = Notice.objects.filter(address__iexact=recipient).order_by("-pk")[:_COMPARED]
    return next((notice for notice in sent_there if _is_id_of(notice, message_id)), None)


def is_known_address(address: str) -> bool:
    """Say whether we write to this address at all: reports about others are not ours."""
    return (
        User.objects.filter(email__iexact=address).exists()
        or Notice.objects.filter(address__iexact=address).exists()
    )


# --- Dealt with ---


@transaction.atomic
def try_address_again(*, address: str, cleared_by: User, now: datetime.datetime) -> int:
    """Take an address as right: forget its bounces, and send again what came back or was held.

    Says how many messages wait again; each is asked whether it still holds before it goes.
    Raises: NothingReturned when there is neither bounce nor message.
    """
    address = address.lower()
    bounces = Bounce.objects.uncleared().filter(address=address)
    first = bounces.order_by("pk").first()
    cleared = bounces.update(cleared_at=now, cleared_by=cleared_by)
    again = _wait_again(Notice.objects.filter(address__iexact=address), now)
    if not cleared and not again:
        raise NothingReturned
    if first is not None:
        record_audit(actor=cleared_by, action="returned_address.cleared", target=first, now=now)
    return again


@transaction.atomic
def release_changed_addresses(*, now: datetime.datetime) -> int:
    """Let go what was held for an address that its person no longer has; say how many wait again.

    A person who has another address now is written to there; nobody needs to clear the old one.
    """
    moved = Notice.objects.annotate(was=Lower("address"), is_now=Lower("recipient__email"))
    again = _wait_again(moved.filter(recipient__isnull=False).exclude(was=F("is_now")), now)
    stale = Bounce.objects.uncleared().annotate(is_now=Lower("notice__recipient__email"))
    owners = User.objects.annotate(mine=Lower("email")).filter(mine=OuterRef("address"))
    written_to = Notice.objects.annotate(to=Lower("address")).filter(
        recipient=None, to=OuterRef("address")
    )
    gone = stale.filter(notice__recipient__isnull=False).exclude(address=F("is_now"))
    gone |= stale.filter(notice=None).exclude(Exists(owners)).exclude(Exists(written_to))
    Bounce.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).update(cleared_at=now)
    return again


@transaction.atomic
def retry_notice(*, notice: Notice, retried_by: User, now: datetime.datetime) -> None:
    """Send a message again that was given up, with all its attempts before it.

    Raises: NotGivenUp.
    """
    given_up = Notice.objects.filter(pk=notice.pk, state=NoticeState.FAILED)
    if not given_up.update(**_waiting(now)):
        raise NotGivenUp
    record_audit(actor=retried_by, action="notice.retried", target=notice, now=now)


def _wait_again(notices: QuerySet[Notice], now: datetime.datetime) -> int:
    """Put those of `notices` that came back into the queue, in a statement of their own."""
    returned = notices.filter(state=NoticeState.RETURNED).values_list("pk", flat=True)
    return Notice.objects.filter(pk__in=list(returned), state=NoticeState.RETURNED).update(
        **_waiting(now)
    )


def _waiting(now: datetime.datetime) -> dict[str, object]:
    return {
        "state": NoticeState.WAITING,
        "due_at": now,
        "attempts": 0,
        "sent_at": None,
        "last_error": "",
        "updated_at": now,
    }


def _is_id_of(notice: Notice, message_id: str) -> bool:
    return message_id_for(notice.dedupe_key).strip("<>") == message_id.strip().strip("<>")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="replace")).hexdigest()
