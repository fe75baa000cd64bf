"""What stands among a person's own messages."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from accounts.models import User
from notifications.models import Notice

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One line of somebody's messages."""

    url: str
    subject: str
    posted_at: datetime.datetime
    is_unread: bool


@dataclass(frozen=True, slots=True)
class MessageList:
    page: Page[Notice]
    rows: list[MessageRow]
    unread: int


def messages_for(user: User, *, page: str | None) -> MessageList:
    """List the messages of `user`, the newest first, by pages, and count those not opened yet.

    A page that does not exist gives the nearest that does.
    """
    mine = Notice.objects.messages_of(user)
    counts = mine.aggregate(total=Count("pk"), unread=Count("pk", filter=Q(read_at__isnull=True)))
    newest = mine.order_by("-posted_at", "-pk").only("public_id", "subject", "posted_at", "read_at")
    found = _Counted(newest, PAGE_SIZE, total=counts["total"]).get_page(page)
    rows = [
        MessageRow(
            url=notice.get_absolute_url(),
            subject=notice.subject,
            posted_at=notice.posted_at,
            is_unread=notice.read_at is None,
        )
        for notice in found
        if notice.posted_at is not None
    ]
    return MessageList(page=found, rows=rows, unread=counts["unread"])


class _Counted(Paginator):
    """A paginator that is told how many there are instead of asking once more."""

    def __init__(self, notices: object, per_page: int, *, total: int) -> None:
        super().__init__(notices, per_page)  # type: ignore[arg-type]  # a query set
        self.count = total
