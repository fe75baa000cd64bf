"""Links in e-mails: signed, good for a time, used once.

A link shows on GET (`read_link`) and acts on POST (`use_link`), since mail scanners open links.
"""

import datetime

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.core.errors import DomainError
from lms.core.models import EmailedLink


class LinkUnusable(DomainError):
    """A link that cannot be followed (any more)."""

    code = "link_unusable"
    status = 410


class LinkAltered(LinkUnusable):
    code = "link_altered"
    status = 404
    message = _(
        "This link is not complete. Open it from the e-mail again, or copy the whole of it."
    )


class LinkExpired(LinkUnusable):
    code = "link_expired"
    message = _("This link is too old. Ask for a new one.")


class LinkUsed(LinkUnusable):
    code = "link_used"
    message = _("This link has been used already. It works once.")


class LinkWithdrawn(LinkUnusable):
    code = "link_withdrawn"
    message = _("This link has been withdrawn. Ask whoever sent it for a new one.")


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"emailed-link:{purpose}")


def token_of(link: EmailedLink) -> str:
    """Write the token that stands in the link's address; the same for a link each time."""
    return _signer(link.purpose).sign(link.pk.hex)


def issue_link(
    *, purpose: str, subject: str, now: datetime.datetime, lasts: datetime.timedelta
) -> EmailedLink:
    """Make a link for `purpose` about `subject` (the id of a row, as text), good from `now`.

    `token_of` gives what stands in its address. Links made earlier go on working: withdraw them
    where only the last one may.
    """
    return EmailedLink.objects.create(
        purpose=purpose, subject=subject, created_at=now, expires_at=now + lasts
    )


def find_link(token: str, *, purpose: str) -> EmailedLink:
    """Find the link of a token, whether or not it can still be followed.

    Raises: LinkAltered for a token that is not ours or is for another purpose.
    """
    try:
        pk = _signer(purpose).unsign(token)
        return EmailedLink.objects.get(pk=pk, purpose=purpose)
    except (BadSignature, EmailedLink.DoesNotExist) as error:
        raise LinkAltered from error


def read_link(token: str, *, purpose: str, now: datetime.datetime) -> EmailedLink:
    """Find the link of a token, for a page that shows what it would do. Changes nothing.

    Raises: LinkAltered for a token that is not ours or is for another purpose; LinkWithdrawn,
    LinkUsed, LinkExpired.
    """
    link = find_link(token, purpose=purpose)
    _refuse_unusable(link, now)
    return link


@transaction.atomic
def use_link(token: str, *, purpose: str, now: datetime.datetime) -> EmailedLink:
    """Use a link up, in the transaction of what it does; of two at once, one finds it used.

    Raises: as `read_link`.
    """
    link = read_link(token, purpose=purpose, now=now)
    unused = EmailedLink.objects.filter(pk=link.pk, used_at=None, withdrawn_at=None)
    if not unused.update(used_at=now):
        link.refresh_from_db()
        _refuse_unusable(link, now)
    link.used_at = now
    return link


def withdraw_links(*, purpose: str, subject: str, now: datetime.datetime) -> int:
    """Make the unused links for `purpose` about `subject` unusable; say how many there were."""
    links = EmailedLink.objects.filter(
        purpose=purpose, subject=subject, used_at=None, withdrawn_at=None
    )
    return links.update(withdrawn_at=now)


def _refuse_unusable(link: EmailedLink, now: datetime.datetime) -> None:
    if link.used_at is not None:
        raise LinkUsed
    if link.withdrawn_at is not None:
        raise LinkWithdrawn
    if link.expires_at <= now:
        raise LinkExpired
