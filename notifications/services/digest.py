"""The daily summary: one e-mail about everything somebody wants to hear of once a day."""

import datetime
import logging
import re
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models import Value as Literal
from django.db.models.functions import Cast, Concat
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications.enums import DAILY_DIGEST, MessageGroup, NoticeState
from notifications.models import Notice
from notifications.queries import MessageHours, day_of, message_hours
from notifications.services.delivery import may_be_told
from notifications.services.inbox import NOT_POSTED
from notifications.services.kinds import Entry, NoticeKind, Placeholder, Value, kind_for
from notifications.services.outbox import enqueue_notice

logger = logging.getLogger(__name__)

SHORT_TEXT = 200
_SENTENCE = re.compile(r"[.!?:][\"'”’)]*$")


def make_digests(
    *, now: datetime.datetime, hours: MessageHours | None = None, limit: int = 200
) -> int:
    """Make the daily summaries that are due at `now`, for up to `limit` people; say how many.

    Each tells of what was held until the time of day set for it, and is made once for a person and
    a day, whoever else is at it. One person's trouble stops nobody.
    """
    due = (hours or message_hours()).last_digest(now)
    made = 0
    for recipient in _waiting_for(due)[:limit]:
        try:
            made += make_digest(recipient=recipient, due=due, now=now) is not None
        except Exception:
            logger.exception("The daily summary of person %s was not made", recipient)
    return made


def _waiting_for(due: datetime.datetime) -> list[int]:
    """List who has something held for the summary of `due` and none for its day yet."""
    key = Concat(
        Literal("digest-"),
        Cast(OuterRef("recipient_id"), CharField()),
        Literal(f"-{day_of(due).isoformat()}"),
    )
    return list(
        _held_before(due)
        .exclude(Exists(Notice.objects.filter(dedupe_key=key)))
        .order_by("recipient_id")
        .values_list("recipient_id", flat=True)
        .distinct()
    )


def _held_before(due: datetime.datetime) -> Any:
    return Notice.objects.filter(state=NoticeState.HELD, posted_at__lt=due)


def digest_key(recipient: int, due: datetime.datetime) -> str:
    """Name the summary of a person and a day."""
    return f"digest-{recipient}-{day_of(due).isoformat()}"


@transaction.atomic
def make_digest(*, recipient: int, due: datetime.datetime, now: datetime.datetime) -> Notice | None:
    """Collect what is held for a person into one notice; None when there is nothing to tell.

    What it collects is sent by it, in the same transaction. What no longer holds is dropped.
    Two workers at once: the second waits for the rows of the first, and finds none left.
    """
    held = list(
        _held_before(due)
        .filter(recipient=recipient)
        .select_related("recipient")
        .select_for_update(of=("self",))
        .order_by("posted_at", "pk")
    )
    key = digest_key(recipient, due)
    if not held or Notice.objects.filter(dedupe_key=key).exists():
        return None
    told, past, broken = _sorted_out(held)
    still_held = Notice.objects.filter(state=NoticeState.HELD)
    still_held.filter(pk__in=past).update(state=NoticeState.DROPPED, updated_at=now, **NOT_POSTED)
    still_held.filter(pk__in=broken).update(state=NoticeState.KEPT, updated_at=now)
    if not told:
        return None
    digest = enqueue_notice(kind=DAILY_DIGEST, dedupe_key=key, recipient=held[0].recipient, now=now)
    still_held.filter(pk__in=told).update(
        state=NoticeState.SENT, sent_at=now, digest=digest, updated_at=now
    )
    return digest


def _sorted_out(held: list[Notice]) -> tuple[list[int], list[int], list[int]]:
    """Sort into what is to be told, what no longer holds, and what cannot say."""
    told: list[int] = []
    past: list[int] = []
    broken: list[int] = []
    for notice in held:
        try:
            holds = may_be_told(notice, kind_for(notice.kind))
        except Exception:
            logger.exception("Notice %s was left out of a daily summary", notice.pk)
            broken.append(notice.pk)
        else:
            (told if holds else past).append(notice.pk)
    return told, past, broken


def short_text(body: str) -> str:
    """Give the first sentences of a message: its first paragraph that ends like one.

    'Dear Nadia Rahman' is none.
    """
    for paragraph in body.split("\n\n"):
        line = " ".join(paragraph.split())
        if _SENTENCE.search(line):
            return Truncator(line).chars(SHORT_TEXT)
    return ""


# --- Its message ----------------------------------------------------------------------------------


def _collected(digest: Notice) -> list[Notice]:
    """List what a summary tells of: what it collected and still holds."""
    collected = digest.collected.select_related("recipient").order_by("posted_at", "pk")
    return [notice for notice in collected if may_be_told(notice, kind_for(notice.kind))]


def _context(digest: Notice) -> dict[str, Value]:
    entries = [
        Entry(
            title=notice.subject,
            url=f"{settings.SITE_URL}{notice.get_absolute_url()}",
            text=kind_for(notice.kind).summary(notice) or short_text(notice.body),
        )
        for notice in _collected(digest)
    ]
    count = ngettext("%(count)d message", "%(count)d messages", len(entries))
    return {"messages": entries, "how_many": count % {"count": len(entries)}}


_EXAMPLES = [
    Entry(
        "Your certificate is ready",
        "https://example.org/messages/5b0f2a4e-3c86-4b39-9d1c-0f6a5c6e2f10/",
        "You completed “Hidden Sentence” on 22 November 2026. The PDF is on its page.",
    ),
    Entry(
        "Your request to join has been answered",
        "https://example.org/messages/0d6f0c1e-8a0b-4d0e-9c37-6f5b1a2c3d4e/",
        "You now belong to Riverside Primary School.",
    ),
]

DAILY_DIGEST_KIND = NoticeKind(
    code=DAILY_DIGEST,
    template="notifications/email/daily_digest",
    context=_context,
    still_holds=lambda digest: bool(_collected(digest)),
    label=_("Your daily summary"),
    when=_("Once a day, to somebody who wants some of their messages in one e-mail."),
    why=_("You get this because you asked for one e-mail a day."),
    placeholders={
        "messages": Placeholder(
            _("The messages, each with a link and its first words"), _EXAMPLES, is_required=True
        ),
        "how_many": Placeholder(_("How many there are"), "2 messages", in_subject=True),
    },
    group=MessageGroup.ACCOUNT,
    is_listed=False,
    is_posted=False,
)
