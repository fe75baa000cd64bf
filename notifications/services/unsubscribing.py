"""Stopping a kind of message from the e-mail itself: one click, signed in or not (RFC 8058).

The address carries the notice's public id, signed: it says nothing about anybody, and who can read
our tables cannot make one. It is good for a year and for any number of times. Not once, as our
other links are: mail providers repeat the POST, and to stop what has stopped does no harm.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.core.errors import DomainError
from lms.core.links import LinkAltered, LinkExpired
from notifications.enums import MessageChoice
from notifications.models import Notice, Preference, Unsubscription
from notifications.services.kinds import NoticeKind, UnknownKind, kind_for
from notifications.services.preferences import resume_kind, stop_kind

LINK_LASTS = datetime.timedelta(days=366)
_signer = Signer(salt="notifications.unsubscribe")


class NothingToStop(DomainError):
    """A kind of message that is not sent any more."""

    code = "nothing_to_stop"
    status = 410
    message = _("We no longer send messages of this kind. There is nothing to switch off.")


class CannotStop(DomainError):
    """A kind of message that has become necessary since."""

    code = "cannot_stop"
    status = 409

    def __init__(self, kind: NoticeKind) -> None:
        text = _("These messages cannot be switched off. %(reason)s")
        super().__init__(text % {"reason": kind.necessary_because})


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a link is about: one kind of message, to one person or one address."""

    notice: Notice
    kind: NoticeKind

    @property
    def has_account(self) -> bool:
        return self.notice.recipient_id is not None

    @property
    def is_stopped(self) -> bool:
        """Say whether e-mails of this kind go no more to whom this one went. One query."""
        code = self.kind.code
        if self.has_account:
            own = Preference.objects.filter(user=self.notice.recipient_id, kind=code)
            return own.filter(choice=MessageChoice.INBOX).exists()
        address = self.notice.address.lower()
        return Unsubscription.objects.filter(address=address, kind=code).exists()


# --- In the e-mail --------------------------------------------------------------------------------


def unsubscribe_token(notice: Notice) -> str:
    """Write the token of a notice's link; the same each time the notice is sent."""
    return _signer.sign(notice.public_id.hex)


def unsubscribe_url(notice: Notice) -> str:
    """Give the whole address at which a kind of message can be stopped."""
    path = reverse("notifications:unsubscribe", args=[unsubscribe_token(notice)])
    return f"{settings.SITE_URL}{path}"


def unsubscribe_headers(notice: Notice, kind: NoticeKind) -> dict[str, str]:
    """Give the headers that let a mail program offer to unsubscribe (RFC 2369, RFC 8058)."""
    if kind.is_necessary:
        return {}
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(notice)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def footer_links(notice: Notice, kind: NoticeKind) -> dict[str, object]:
    """Give the foot of an e-mail what can be done about getting it (templates/email/base.*)."""
    preferences = reverse("notifications:preferences")
    return {
        "unsubscribe_url": "" if kind.is_necessary else unsubscribe_url(notice),
        "preferences_url": f"{settings.SITE_URL}{preferences}" if notice.recipient_id else "",
        "necessary_because": kind.necessary_because if kind.is_necessary else "",
    }


# --- From the e-mail ------------------------------------------------------------------------------


def read_subscription(token: str, *, now: datetime.datetime) -> Subscription:
    """Find what a token would stop, for a page that says so. Changes nothing.

    Raises: LinkAltered for a token that is not ours; LinkExpired after a year; NothingToStop;
    CannotStop.
    """
    try:
        public_id = UUID(_signer.unsign(token))
        notice = Notice.objects.select_related("recipient").get(public_id=public_id)
    except (BadSignature, ValueError, Notice.DoesNotExist) as error:
        raise LinkAltered from error
    if now >= (notice.sent_at or notice.created_at) + LINK_LASTS:
        raise LinkExpired
    try:
        kind = kind_for(notice.kind)
    except UnknownKind as error:
        raise NothingToStop from error
    if kind.is_necessary:
        raise CannotStop(kind)
    return Subscription(notice, kind)


@transaction.atomic
def unsubscribe(token: str, *, now: datetime.datetime) -> Subscription:
    """Stop e-mails of a kind to whom the token's e-mail went. Done already, it stays done.

    Somebody with an account still finds these messages on the site. Raises: as read_subscription.
    """
    found = read_subscription(token, now=now)
    if found.notice.recipient is not None:
        stop_kind(user=found.notice.recipient, code=found.kind.code, now=now)
    else:
        Unsubscription.objects.get_or_create(
            address=found.notice.address.lower(),
            kind=found.kind.code,
            defaults={"created_at": now},
        )
    return found


@transaction.atomic
def resubscribe(token: str, *, now: datetime.datetime) -> Subscription:
    """Send e-mails of a kind again to whom the token's went. Raises: as read_subscription."""
    found = read_subscription(token, now=now)
    if found.notice.recipient is not None:
        resume_kind(user=found.notice.recipient, code=found.kind.code, now=now)
    else:
        mine = Unsubscription.objects.filter(address=found.notice.address.lower())
        mine.filter(kind=found.kind.code).delete()
    return found
