"""Reads about the outbox: what is waiting, what came back, and what can be done about it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.enums import Permission, ScopeKind
from accounts.models import Membership, User
from accounts.permissions import grants_carrying
from accounts.queries import current_grants, organisations_reached
from notifications.enums import BounceKind, NoticeState, Shown
from notifications.models import Bounce, Notice
from notifications.queries.troubles import reason_and_advice, trouble_in_words

PAGE_SIZE = 50
# A message this late is worth a look: the sweep comes every minute.
OVERDUE_AFTER = datetime.timedelta(minutes=15)

_UNSENT = [NoticeState.WAITING, NoticeState.SENDING]
# What is not sent by e-mail, and never will be: nobody wants it so, or it no longer held.
_NOT_EMAILED = [NoticeState.KEPT, NoticeState.DECLINED, NoticeState.DROPPED]
_TAGS = {
    NoticeState.WAITING: "",
    NoticeState.SENDING: "",
    NoticeState.HELD: "",
    NoticeState.SENT: "green",
    NoticeState.KEPT: "grey",
    NoticeState.DECLINED: "grey",
    NoticeState.DROPPED: "grey",
    NoticeState.FAILED: "red",
    NoticeState.RETURNED: "yellow",
}


# --- Whose ---


def people_reached(user: User, *, on: datetime.date) -> QuerySet[User] | None:
    """Select the people whose messages `user` may see on the day `on`; None for everybody's.

    Who sees an area sees the members of its organisations, and no message to somebody without an
    account.
    """
    grants = grants_carrying(current_grants(user, on=on), Permission.VIEW_OUTBOX)
    if any(grant.scope_kind == ScopeKind.EVERYTHING for grant in grants):
        return None
    members = Membership.objects.current(on).filter(
        user=OuterRef("pk"), organisation__in=organisations_reached(grants)
    )
    return User.objects.filter(Exists(members))


def notices_to(people: QuerySet[User] | None) -> QuerySet[Notice]:
    """Select the notices to `people` (None: all), for lists and for one by its id."""
    notices = Notice.objects.all()
    return notices if people is None else notices.filter(recipient__in=people)


def returns_from(people: QuerySet[User] | None) -> QuerySet[Bounce]:
    """Select what came back for good from `people` (None: all) and nobody has dealt with."""
    returns = Bounce.objects.uncleared().filter(kind=BounceKind.HARD)
    if people is None:
        return returns
    mine = people.alias(mine=Lower("email")).filter(mine=OuterRef("address"))
    return returns.filter(Q(notice__recipient__in=people) | Q(notice=None) & Exists(mine))


# --- The page ---


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for in the outbox."""

    shown: Shown = Shown.ATTENTION
    words: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    waiting: int
    overdue: int
    failed: int
    held: int
    returned: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message, without what it says."""

    pk: int
    name: str
    address: str
    label: str
    state: str
    tag_kind: str
    when: str
    tries: int
    trouble: str
    can_retry: bool


@dataclass(frozen=True, slots=True)
class ReturnedAddress:
    """An address that something came back from. `pk` is that of its latest bounce."""

    pk: int
    address: str
    name: str
    reason: str
    advice: str
    when: str
    messages: list[str]


def outbox_counts(people: QuerySet[User] | None, *, now: datetime.datetime) -> OutboxCounts:
    """Count what is on its way or needs somebody; two queries."""
    unsent = Q(state__in=_UNSENT)
    open_notices = notices_to(people).filter(
        state__in=[*_UNSENT, NoticeState.FAILED, NoticeState.HELD]
    )
    counted = open_notices.aggregate(
        waiting=Count("pk", filter=unsent),
        overdue=Count("pk", filter=unsent & Q(due_at__lt=now - OVERDUE_AFTER)),
        failed=Count("pk", filter=Q(state=NoticeState.FAILED)),
        held=Count("pk", filter=Q(state=NoticeState.HELD)),
    )
    addresses = returns_from(people).aggregate(n=Count("address", distinct=True))["n"]
    return OutboxCounts(**counted, returned=addresses)


def notices_asked(
    people: QuerySet[User] | None, asked: Asked, *, now: datetime.datetime
) -> QuerySet[Notice]:
    """Select the notices somebody looks for: those to come first, or the latest first."""
    notices = notices_to(people).select_related("recipient")
    overdue = Q(state__in=_UNSENT, due_at__lt=now - OVERDUE_AFTER)
    wanted = {
        Shown.ATTENTION: overdue | Q(state=NoticeState.FAILED),
        Shown.WAITING: Q(state__in=_UNSENT),
        Shown.OVERDUE: overdue,
        Shown.FAILED: Q(state=NoticeState.FAILED),
        Shown.RETURNED: Q(state=NoticeState.RETURNED),
        Shown.HELD: Q(state=NoticeState.HELD),
        Shown.SENT: Q(state=NoticeState.SENT),
        Shown.UNSENT: Q(state__in=_NOT_EMAILED),
        Shown.ALL: Q(),
    }
    notices = notices.filter(wanted[asked.shown])
    if asked.kind:
        notices = notices.filter(kind=asked.kind)
    for word in asked.words.split():
        notices = notices.filter(
            Q(recipient__full_name__icontains=word)
            | Q(recipient__email__icontains=word)
            | Q(address__icontains=word)
        )
    if asked.shown == Shown.SENT:
        return notices.order_by("-sent_at", "-pk")
    if asked.shown in {Shown.WAITING, Shown.OVERDUE, Shown.ATTENTION}:
        return notices.order_by("due_at", "pk")
    return notices.order_by("-updated_at", "-pk")


def outbox_page(
    people: QuerySet[User] | None,
    asked: Asked,
    *,
    labels: Mapping[str, str | Promise],
    page: str | None,
    now: datetime.datetime,
) -> tuple[Page[Any], list[OutboxRow]]:
    """Give one page of the notices somebody looks for, and its lines; two queries."""
    found = Paginator(notices_asked(people, asked, now=now), PAGE_SIZE).get_page(page)
    return found, [_row(notice, labels, now) for notice in found]


def returned_addresses(
    people: QuerySet[User] | None,
    asked: Asked,
    *,
    labels: Mapping[str, str | Promise],
    page: str | None,
) -> tuple[Page[Any], list[ReturnedAddress]]:
    """Give one page of the addresses that something came back from, the latest first.

    Five queries for any number of them.
    """
    returns = returns_from(people)
    for word in asked.words.split():
        named = User.objects.alias(mine=Lower("email")).filter(
            mine=OuterRef("address"), full_name__icontains=word
        )
        returns = returns.filter(
            Q(address__icontains=word)
            | Q(notice__recipient__full_name__icontains=word)
            | Exists(named)
        )
    grouped = returns.values("address").annotate(latest=Max("pk")).order_by("-latest")
    found = Paginator(grouped, PAGE_SIZE).get_page(page)
    bounces = {
        bounce.pk: bounce
        for bounce in Bounce.objects.filter(
            pk__in=[group["latest"] for group in found]
        ).select_related("notice__recipient")
    }
    latest = [bounces[pk] for pk in sorted(bounces, reverse=True)]
    addresses = [bounce.address for bounce in latest]
    names = {
        user.email.lower(): user.full_name
        for user in User.objects.alias(mine=Lower("email")).filter(mine__in=addresses)
    }
    held = _messages_by_address(addresses, labels)
    return found, [_returned(bounce, names, held) for bounce in latest]


def _messages_by_address(
    addresses: list[str], labels: Mapping[str, str | Promise]
) -> dict[str, list[str]]:
    counted = (
        Notice.objects.filter(state=NoticeState.RETURNED)
        .annotate(to=Lower("address"))
        .filter(to__in=addresses)
        .values("to", "kind")
        .annotate(n=Count("pk"))
        .order_by("to", "kind")
    )
    held: dict[str, list[str]] = {}
    for group in counted:
        label = str(labels.get(group["kind"], "")) or _("A message")
        text = label if group["n"] == 1 else f"{label} ({group['n']})"
        held.setdefault(group["to"], []).append(text)
    return held


def _returned(bounce: Bounce, names: dict[str, str], held: dict[str, list[str]]) -> ReturnedAddress:
    recipient = bounce.notice.recipient if bounce.notice else None
    reason, advice = reason_and_advice(bounce.status)
    return ReturnedAddress(
        pk=bounce.pk,
        address=bounce.address,
        name=names.get(bounce.address) or (recipient.full_name if recipient else ""),
        reason=reason,
        advice=advice,
        when=written(bounce.at),
        messages=held.get(bounce.address, []),
    )


def _row(notice: Notice, labels: Mapping[str, str | Promise], now: datetime.datetime) -> OutboxRow:
    is_overdue = notice.state in _UNSENT and notice.due_at < now - OVERDUE_AFTER
    if notice.digest_id is not None and notice.sent_at is not None:
        when = _("In a daily summary, %(when)s") % {"when": written(notice.sent_at)}
    elif notice.sent_at is not None:
        when = _("Sent %(when)s") % {"when": written(notice.sent_at)}
    elif notice.state in _UNSENT:
        when = _("Due %(when)s") % {"when": written(notice.due_at)}
    else:
        when = written(notice.updated_at)
    return OutboxRow(
        pk=notice.pk,
        name=notice.recipient.full_name if notice.recipient else "",
        address=notice.address,
        label=str(labels.get(notice.kind, "")) or _("A message"),
        state=_("Overdue") if is_overdue else str(NoticeState(notice.state).label),
        tag_kind="red" if is_overdue else _TAGS.get(NoticeState(notice.state), ""),
        when=when,
        tries=notice.attempts,
        trouble=trouble_in_words(notice.last_error),
        can_retry=notice.state == NoticeState.FAILED,
    )


def written(moment: datetime.datetime) -> str:
    """Write a moment as people read it here: '3 May 2027, 9:30am'."""
    local = timezone.localtime(moment)
    clock = date_format(local, "g:ia").replace(".", "")
    return f"{date_format(local, 'j F Y')}, {clock}"
