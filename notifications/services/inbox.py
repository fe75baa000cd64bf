"""What stands among a person's messages on the site, and for how long."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import EmailMessage

from accounts.models import User
from notifications.models import Notice
from notifications.services.kinds import NoticeKind, UnknownKind, kind_for

# Above this line of the plain text is what the message says, below it the frame of every e-mail
# (templates/email/base.txt), with links that are only for the e-mail.
FRAME_BEGINS = "\n---\n"
NOT_POSTED = {"posted_at": None, "read_at": None, "subject": "", "body": ""}


def posting(
    notice: Notice, kind: NoticeKind, message: EmailMessage, now: datetime.datetime
) -> dict[str, Any]:
    """Give the fields by which a notice stands among its recipient's messages as it was written.

    Nothing is kept for people without an account, who have none; nor of the daily summary, whose
    messages are there themselves; nor the text of what has a secret.
    """
    if notice.recipient_id is None or not kind.is_posted:
        return {}
    text = str(message.body).rsplit(FRAME_BEGINS, 1)[0].strip()
    return {
        "subject": str(message.subject)[:250],
        "body": "" if kind.has_secret else text,
        # One that was held stays where it was among the others.
        "posted_at": notice.posted_at or now,
    }


def mark_read(*, notice: Notice, now: datetime.datetime) -> None:
    """Say that its recipient has opened a message; the first time counts."""
    if notice.read_at is None:
        Notice.objects.filter(pk=notice.pk, read_at=None, posted_at__isnull=False).update(
            read_at=now
        )


def mark_all_read(*, user: User, now: datetime.datetime) -> int:
    """Mark every message of `user` as read; say how many were not."""
    return Notice.objects.messages_of(user).filter(read_at=None).update(read_at=now)


def clear_old_messages(*, now: datetime.datetime) -> int:
    """Delete the text of messages older than `MESSAGE_TEXT_DAYS`; say how many. The rest stays."""
    before = now - datetime.timedelta(days=settings.MESSAGE_TEXT_DAYS)
    return Notice.objects.filter(posted_at__lt=before).exclude(body="").update(body="")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What can be said about a message beside its text; of a kind that is gone, nothing."""

    url: str = ""
    link_text: str = ""
    has_secret: bool = False
    has_attachments: bool = False


def surroundings_of(notice: Notice) -> Surroundings:
    """Find the page a message is about, and what of it is in the e-mail only."""
    try:
        kind = kind_for(notice.kind)
    except UnknownKind:
        return Surroundings()
    try:
        url = kind.link(notice)
    except (ObjectDoesNotExist, LookupError):  # it is gone since
        url = ""
    return Surroundings(url, str(kind.link_text), kind.has_secret, kind.has_attachments)
