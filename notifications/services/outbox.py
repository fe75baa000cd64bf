"""Writing notices, in the transaction of what they tell."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lms.core.errors import DomainError
from notifications.models import Notice
from notifications.services.kinds import kind_for
from notifications.tasks import send_notice


class NoAddress(DomainError):
    code = "no_address"
    message = _("There is no e-mail address that this message could go to.")


@transaction.atomic
def enqueue_notice(
    *,
    kind: str,
    dedupe_key: str,
    now: datetime.datetime,
    recipient: User | None = None,
    address: str = "",
    context: Mapping[str, str | int] | None = None,
    due_at: datetime.datetime | None = None,
) -> Notice:
    """Write a notice once for its dedupe key, in the caller's transaction.

    It is sent after the commit, or once `due_at` has come. Asking again with the same key returns
    the first notice, unchanged. `address` is for people without an account.

    Raises: UnknownKind; NoAddress when neither recipient nor address can be written to.
    """
    kind_for(kind)
    to = recipient.email if recipient is not None else address
    try:
        validate_email(to)
    except ValidationError as error:
        raise NoAddress from error
    notice, created = Notice.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "kind": kind,
            "recipient": recipient,
            "address": to,
            "context": dict(context or {}),
            "due_at": due_at or now,
        },
    )

    def hurry() -> None:
        send_notice.delay(pk=notice.pk)

    if created and notice.due_at <= now:
        # Robust: the row is the queue. A broker that is down must not fail what was committed.
        transaction.on_commit(hurry, robust=True)
    return notice


@dataclass(frozen=True, slots=True)
class Telling:
    """One of many notices of a kind: to whom, once for which key, and what it needs to know."""

    recipient: User
    dedupe_key: str
    context: Mapping[str, str | int]


@transaction.atomic
def enqueue_notices(*, kind: str, tellings: Iterable[Telling], now: datetime.datetime) -> None:
    """Write many notices of one kind, as `enqueue_notice` does one: a few statements for hundreds.

    A key that is taken is left alone. One message to the broker hurries them all; the sweep sends
    what that does not reach. Raises: UnknownKind.
    """
    kind_for(kind)
    notices = [
        Notice(
            kind=kind,
            dedupe_key=each.dedupe_key,
            recipient=each.recipient,
            address=each.recipient.email,
            context=dict(each.context),
            due_at=now,
        )
        for each in tellings
    ]
    if not notices:
        return
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=200)
    first = Notice.objects.get(dedupe_key=notices[0].dedupe_key).pk

    def hurry() -> None:
        send_notice.delay(pk=first)

    transaction.on_commit(hurry, robust=True)
