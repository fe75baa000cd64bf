"""Reading delivery reports (RFC 3464), which anybody may send us: nothing counts twice.

What is no report, or none of ours, is counted and left.
"""

import datetime
import email
import email.policy
import hashlib
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lms.core.mail import notice_returned_to
from notifications.enums import BounceKind
from notifications.models import Notice
from notifications.services.bounces import is_known_address, notice_by_message_id, record_bounce

logger = logging.getLogger(__name__)

# A report may bring back the whole message with its certificate; more than this is no report.
MAX_BYTES = 5 * 1024 * 1024
_MAX_RECIPIENTS = 50
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_SENT_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")


class NotAReport(ValueError):
    """A message that reports no delivery: an automatic reply, a receipt, somebody's letter."""


@dataclass(frozen=True, slots=True)
class ReportedAddress:
    address: str
    kind: BounceKind
    status: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a report says. `returned_to` are the addresses it was sent to itself."""

    report_id: str
    message_id: str
    returned_to: tuple[str, ...]
    addresses: tuple[ReportedAddress, ...]


@dataclass(slots=True)
class Tally:
    """What a reading came to, message by message."""

    hard: int = 0
    soft: int = 0
    repeated: int = 0
    not_ours: int = 0
    not_reports: int = 0
    too_large: int = 0
    unreadable: int = 0
    recorded: list[int] = field(default_factory=list)


def read_reports(messages: Iterable[bytes], *, now: datetime.datetime) -> Tally:
    """Record what the delivery reports among `messages` say. No message stops the next one.

    One of more than `MAX_BYTES` (the reader cuts it there) is skipped.
    """
    tally = Tally()
    for raw in messages:
        if len(raw) > MAX_BYTES:
            tally.too_large += 1
            continue
        try:
            report = parse_report(raw)
        except NotAReport:
            tally.not_reports += 1
        except Exception:
            # Whatever a stranger's message does to the parser is its own affair.
            logger.warning("A message in the mailbox for returned mail could not be read")
            tally.unreadable += 1
        else:
            _record(report, tally, now)
    return tally


def parse_report(raw: bytes) -> DeliveryReport:
    """Read a delivery report. Raises: NotAReport; whatever the parser of a hostile one raises."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    is_report = message.get_content_type() == "multipart/report"
    report_type = str(message.get_param("report-type") or "").lower()
    if not is_report or report_type not in {"delivery-status", ""} or not message.is_multipart():
        raise NotAReport
    parts = _parts(message)
    status = next((p for p in parts if p.get_content_type() == "message/delivery-status"), None)
    if status is None or not status.is_multipart():
        raise NotAReport
    addresses = [_reported(block) for block in status.get_payload()[:_MAX_RECIPIENTS]]  # type: ignore[index]  # a list, as it is multipart
    report_id = _line(message, "Message-ID") or hashlib.sha256(raw).hexdigest()
    sent_to = [value for name in _SENT_TO for value in message.get_all(name, [])]
    return DeliveryReport(
        report_id=report_id,
        message_id=_original_id(parts),
        returned_to=tuple(address for _name, address in getaddresses(map(str, sent_to))),
        addresses=tuple(address for address in addresses if address is not None),
    )


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return (
        [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []
    )


def _reported(block: object) -> ReportedAddress | None:
    """Read one recipient's fields. None for the fields about the message, and for good news."""
    if not isinstance(block, Message):
        return None
    recipient = _line(block, "Final-Recipient") or _line(block, "Original-Recipient")
    address = recipient.rpartition(";")[2].strip().strip("<>").lower()
    action = _line(block, "Action").lower()
    found = _STATUS.search(_line(block, "Status"))
    status = found[0] if found else ""
    try:
        validate_email(address)
    except ValidationError:
        return None
    if action == "delayed" or (action == "failed" and status.startswith("4.")):
        return ReportedAddress(address, BounceKind.SOFT, status or "4.0.0")
    if action == "failed":
        return ReportedAddress(address, BounceKind.HARD, status or "5.0.0")
    return None


def _original_id(parts: list[Message]) -> str:
    """Find the Message-ID of what was reported, in the copy of it or of its headers."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            original = part.get_payload(0)
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            text = part.get_payload(decode=True)
            original = email.message_from_bytes(text) if isinstance(text, bytes) else None
        else:
            continue
        if isinstance(original, Message) and (found := _line(original, "Message-ID")):
            return found
    return ""


def _line(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())[:1000]


def _record(report: DeliveryReport, tally: Tally, now: datetime.datetime) -> None:
    if not report.addresses:
        tally.not_reports += 1  # it says that something did arrive
        return
    for reported in report.addresses:
        notice = _notice_of(report, reported.address)
        if notice is None and (settings.BOUNCE_VERP or not is_known_address(reported.address)):
            tally.not_ours += 1
            continue
        bounce = record_bounce(
            notice=notice,
            address=reported.address,
            kind=reported.kind,
            status=reported.status,
            report_id=report.report_id,
            now=now,
        )
        if bounce is None:
            tally.repeated += 1
        else:
            tally.recorded.append(bounce.pk)
            tally.hard += bounce.kind == BounceKind.HARD
            tally.soft += bounce.kind == BounceKind.SOFT


def _notice_of(report: DeliveryReport, recipient: str) -> Notice | None:
    """Find the notice of a report: by the signed address it came to, or by the Message-ID.

    Where addresses are signed, one that is not cannot be ours.
    """
    if settings.BOUNCE_VERP:
        signed = (notice_returned_to(address) for address in report.returned_to)
        pk = next((pk for pk in signed if pk is not None), None)
        return Notice.objects.filter(pk=pk).first() if pk is not None else None
    return (
        notice_by_message_id(report.message_id, recipient=recipient) if report.message_id else None
    )
