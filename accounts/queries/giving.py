"""Which roles somebody may give, and for which places."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.enums import Role, ScopeKind, VenueKind
from accounts.models import Area, Organisation, RoleGrant, User, Venue
from accounts.permissions import can_be_held_for, givable_by
from accounts.queries.people import current_grants, organisations_reached


@dataclass(frozen=True, slots=True)
class Giving:
    """What somebody may give: roles, and the places their own roles reach.

    Which role goes with which place is judged once more when it is given (`may_give`).
    """

    roles: list[Role]
    scopes: list[ScopeKind]
    areas: QuerySet[Area]
    organisations: QuerySet[Organisation]
    courts: QuerySet[Venue]


def giving_of(giver: User, *, on: datetime.date) -> Giving:
    """Find what `giver` may give on the day `on`. Without the right, everything is empty."""
    grants = [grant for grant in current_grants(giver, on=on) if givable_by(grant)]
    roles = frozenset[Role]().union(*(givable_by(grant) for grant in grants))
    areas, courts = _areas(grants), _courts(grants)
    reach = {ScopeKind(grant.scope_kind) for grant in grants}
    scopes = set(reach)
    if ScopeKind.EVERYTHING in reach:
        scopes = set(ScopeKind)
    elif ScopeKind.AREA in reach:
        scopes |= {ScopeKind.ORGANISATION, ScopeKind.COURT}
    return Giving(
        roles=[
            role for role in Role if role in roles and any(can_be_held_for(role, x) for x in scopes)
        ],
        scopes=[scope for scope in ScopeKind if scope in scopes],
        areas=areas.order_by("name", "pk"),
        organisations=(
            organisations_reached(grants) if grants else Organisation.objects.none()
        ).order_by("name", "pk"),
        courts=courts.order_by("name", "pk"),
    )


def _areas(grants: list[RoleGrant]) -> QuerySet[Area]:
    if any(grant.scope_kind == ScopeKind.EVERYTHING for grant in grants):
        return Area.objects.all()
    return Area.objects.filter(pk__in={grant.area_id for grant in grants if grant.area_id})


def _courts(grants: list[RoleGrant]) -> QuerySet[Venue]:
    courts = Venue.objects.filter(kind=VenueKind.COURT)
    if any(grant.scope_kind == ScopeKind.EVERYTHING for grant in grants):
        return courts
    return courts.filter(
        Q(area__in={grant.area_id for grant in grants if grant.area_id})
        | Q(pk__in={grant.court_id for grant in grants if grant.court_id})
    )
