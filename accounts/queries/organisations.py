"""Organisations and their people, as their leads and the coordinators see them."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.template.defaultfilters import date as written_day
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import JoinRequestState, MembershipKind, OrganisationKind, Permission
from accounts.models import JoinRequest, Membership, Organisation, User
from accounts.permissions import grants_carrying
from accounts.queries.people import current_grants, organisations_reached


@dataclass(frozen=True, slots=True)
class Tag:
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    name: str
    url: str
    kind: str
    area: str
    people: int
    requests: int
    champion: str
    is_vacant: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody of an organisation. `pk` is what later parts add their own facts by."""

    pk: int
    name: str
    email: str
    url: str
    job_role: str
    since: str
    tags: list[Tag]


def organisations_visible_to(
    user: User, permission: Permission, *, on: datetime.date
) -> QuerySet[Organisation]:
    """Select the organisations where `user` holds `permission` on the day `on`."""
    grants = grants_carrying(current_grants(user, on=on), permission)
    return organisations_reached(grants).select_related("area")


def listed_organisations(
    organisations: QuerySet[Organisation],
    *,
    on: datetime.date,
    search: str = "",
    kind: str = "",
    area: str = "",
    only_vacant: bool = False,
) -> QuerySet[Organisation]:
    """Narrow `organisations` down, by name, with what a row of the list shows on the day `on`.

    `search` is part of a name or of a postcode; `kind` and `area` are a kind's and an area's short
    names. A place is vacant when no champion holds it on that day.
    """
    champions = Membership.objects.current(on).filter(
        organisation=OuterRef("pk"), kind=MembershipKind.CHAMPION, user__is_active=True
    )
    here = Membership.objects.current(on).filter(organisation=OuterRef("pk"))
    asked = JoinRequest.objects.filter(organisation=OuterRef("pk"), state=JoinRequestState.ASKED)
    found = organisations.annotate(
        champion=Subquery(champions.order_by("starts_on", "pk").values("user__full_name")[:1]),
        champion_ended=_vacant_since("pk", on),
        people=_counted(here, "user"),
        requests=_counted(asked, "pk"),
    )
    if search:
        found = found.filter(Q(name__icontains=search) | Q(postcode__icontains=search))
    if kind:
        found = found.filter(kind=kind)
    if area:
        found = found.filter(area__slug=area)
    if only_vacant:
        found = found.filter(champion=None)
    return found.order_by(Lower("name"), "pk")


def _counted(rows: QuerySet[Any], field: str) -> Subquery:
    """Count the different values of `field` in rows of one organisation, without a join."""
    counted = rows.order_by().values("organisation").annotate(n=Count(field, distinct=True))
    return Subquery(counted.values("n"))


def _vacant_since(organisation: str, on: datetime.date) -> Subquery:
    """Find the last day of the champion before, where there was one."""
    ended = Membership.objects.filter(
        organisation=OuterRef(organisation), kind=MembershipKind.CHAMPION, ends_on__lt=on
    )
    last = ended.order_by().values("organisation").annotate(day=Max("ends_on"))
    return Subquery(last.values("day"))


def organisation_row(found: Any) -> OrganisationRow:
    """Write one organisation of `listed_organisations` as its row."""
    return OrganisationRow(
        name=found.name,
        url=reverse("accounts:organisation-people", args=[found.public_id]),
        kind=str(OrganisationKind(found.kind).label),
        area=found.area.name,
        people=found.people or 0,
        requests=found.requests or 0,
        champion=found.champion or vacancy_words(found.champion_ended),
        is_vacant=found.champion is None,
    )


def vacancy_words(last_day: datetime.date | None) -> str:
    """Say that there is no champion, and since when: the day after the last one's last day."""
    if last_day is None:
        return _("No champion yet")
    since = last_day + datetime.timedelta(days=1)
    return _("No champion since %(day)s") % {"day": written_day(since)}


def champion_vacancy(organisation: Organisation, *, on: datetime.date) -> str:
    """Say since when `organisation` has no champion; nothing when it has one on the day `on`."""
    champions = Membership.objects.filter(
        organisation=organisation, kind=MembershipKind.CHAMPION, user__is_active=True
    )
    if champions.current(on).exists():
        return ""
    return vacancy_words(champions.filter(ends_on__lt=on).aggregate(day=Max("ends_on"))["day"])


def people_of(
    organisation: Organisation, *, on: datetime.date, search: str = "", who: str = ""
) -> QuerySet[User]:
    """List the people of `organisation` by name, as they stand on the day `on`.

    `who` is 'champions', 'leads', 'left' or 'everyone'; otherwise those who belong there now.
    `search` is part of a name or of an address.
    """
    places = Membership.objects.filter(user=OuterRef("pk"), organisation=organisation)
    here = places.current(on)
    found = (
        User.objects.filter(memberships__organisation=organisation)
        .annotate(
            joined_on=Min("memberships__starts_on"),
            left_on=Max("memberships__ends_on"),
            is_here=Exists(here),
            ends_on=Subquery(
                here.filter(kind=MembershipKind.PLAIN).order_by("-pk").values("ends_on")[:1]
            ),
            is_lead=Exists(here.filter(kind=MembershipKind.LEAD)),
            is_champion=Exists(here.filter(kind=MembershipKind.CHAMPION)),
        )
        .select_related("job_role")
    )
    if who == "left":
        found = found.filter(is_here=False)
    elif who != "everyone":
        found = found.filter(is_here=True)
    if who == "champions":
        found = found.filter(is_champion=True)
    if who == "leads":
        found = found.filter(is_lead=True)
    if search:
        found = found.filter(Q(full_name__icontains=search) | Q(email__icontains=search))
    return found.order_by(Lower("full_name"), "pk")


def person_row(organisation: Organisation, found: Any) -> PersonRow:
    """Write one person of `people_of` as their row."""
    tags = []
    if found.is_lead:
        tags.append(Tag(_("Lead")))
    if found.is_champion:
        tags.append(Tag(_("Champion"), "green"))
    if not found.is_here:
        left = _("Left on %(day)s") % {"day": written_day(found.left_on)} if found.left_on else ""
        tags.append(Tag(left or _("Not here yet"), "grey"))
    elif found.ends_on is not None:
        tags.append(Tag(_("Here until %(day)s") % {"day": written_day(found.ends_on)}, "yellow"))
    if not found.is_active:
        tags.append(Tag(_("Account closed"), "grey"))
    elif not found.has_come_in:
        tags.append(Tag(_("Has not signed in yet"), "yellow"))
    return PersonRow(
        pk=found.pk,
        name=str(found),
        email=found.email,
        url=reverse("accounts:organisation-person", args=[organisation.public_id, found.public_id]),
        job_role=found.job_role.name if found.job_role else "",
        since=written_day(found.joined_on),
        tags=tags,
    )


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One span of time that somebody belonged to an organisation, or held a place in it."""

    title: str
    since: str
    until: str
    is_over: bool


def person_places(organisation: Organisation, person: User, *, on: datetime.date) -> list[PlaceRow]:
    """List what `person` is and was in `organisation`, what began last first."""
    rows = Membership.objects.filter(organisation=organisation, user=person)
    return [
        PlaceRow(
            title=row.get_kind_display(),
            since=written_day(row.starts_on),
            until=written_day(row.ends_on) if row.ends_on else "",
            is_over=row.ends_on is not None and row.ends_on < on,
        )
        for row in rows.order_by("-starts_on", "-pk")
    ]


def organisation_named(wanted: str) -> Organisation | None:
    """Find the organisation with this public id or name; none when several have the name."""
    try:
        return Organisation.objects.filter(public_id=uuid.UUID(wanted)).first()
    except ValueError:
        found = Organisation.objects.filter(name=wanted)[:2]
        return found[0] if len(found) == 1 else None
