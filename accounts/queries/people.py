"""Reads about people and what they may do."""

import datetime

from django.db.models import Q, QuerySet

from accounts.enums import MembershipKind, Permission, Role, ScopeKind
from accounts.models import JobRole, Membership, Organisation, RoleGrant, User
from accounts.permissions import GIVABLE, covers_organisation, grants_carrying, roles_with


def current_grants(user: User, *, on: datetime.date) -> list[RoleGrant]:
    """List the roles `user` holds on the day `on`.

    Being the lead of an organisation is a membership; it counts here as the lead's role held for
    that organisation.
    """
    grants = list(RoleGrant.objects.current(on).filter(user=user))
    leads = Membership.objects.current(on).filter(user=user, kind=MembershipKind.LEAD)
    grants += [
        RoleGrant(
            user=user,
            role=Role.LEAD,
            scope_kind=ScopeKind.ORGANISATION,
            organisation_id=organisation_id,
        )
        for organisation_id in leads.values_list("organisation_id", flat=True)
    ]
    return grants


def organisation_of(user: User, *, on: datetime.date) -> Organisation | None:
    """Find the organisation `user` belongs to on the day `on`: the one joined last."""
    membership = (
        Membership.objects.current(on)
        .filter(user=user)
        .select_related("organisation__area")
        .order_by("-starts_on", "-pk")
        .first()
    )
    return membership.organisation if membership else None


def organisations_of(user: User, *, on: datetime.date) -> QuerySet[Organisation]:
    """Select every organisation that `user` belongs to on the day `on`."""
    here = Membership.objects.current(on).filter(user=user)
    return Organisation.objects.filter(pk__in=here.values("organisation"))


def organisations_reached(
    grants: list[RoleGrant],
) -> QuerySet[Organisation]:
    """Select the organisations inside the scopes of `grants`; everything, where one says so."""
    if any(grant.scope_kind == ScopeKind.EVERYTHING for grant in grants):
        return Organisation.objects.all()
    areas = {grant.area_id for grant in grants if grant.area_id}
    ids = {grant.organisation_id for grant in grants if grant.organisation_id}
    return Organisation.objects.filter(area_id__in=areas) | Organisation.objects.filter(pk__in=ids)


def job_roles_in_order() -> QuerySet[JobRole]:
    """List the job roles a person may choose, by name."""
    return JobRole.objects.order_by("name", "pk")


def can_invite_to(user: User, organisation: Organisation, *, on: datetime.date) -> bool:
    """Say whether `user` may, on the day `on`, invite people to `organisation` and confirm them."""
    grants = grants_carrying(current_grants(user, on=on), Permission.INVITE_PEOPLE)
    return user.is_active and any(covers_organisation(grant, organisation) for grant in grants)


def can_name_lead_of(user: User, organisation: Organisation, *, on: datetime.date) -> bool:
    """Say whether `user` may, on the day `on`, make somebody the lead of `organisation`.

    A lead has the lead's role there, so it takes somebody who may give that role.
    """
    grants = grants_carrying(current_grants(user, on=on), Permission.GRANT_ROLES)
    return user.is_active and any(
        Role.LEAD in GIVABLE.get(Role(grant.role), ()) and covers_organisation(grant, organisation)
        for grant in grants
    )


def champions_of(organisation: Organisation, *, on: datetime.date) -> list[User]:
    """List the people who are the champions of `organisation` on the day `on`."""
    return _holding(MembershipKind.CHAMPION, organisation, on)


def people_who_answer_for(organisation: Organisation, *, on: datetime.date) -> list[User]:
    """List who answers requests to `organisation`: its leads; without one, its coordinators."""
    leads = _holding(MembershipKind.LEAD, organisation, on)
    reach = Q(scope_kind=ScopeKind.EVERYTHING) | Q(organisation=organisation)
    reach |= Q(area_id=organisation.area_id)
    grants = RoleGrant.objects.current(on).filter(reach, user__is_active=True)
    grants = grants.select_related("user").order_by("user_id")
    leads += [grant.user for grant in grants.filter(role=Role.LEAD)]
    found = leads or [grant.user for grant in grants.filter(role=Role.COORDINATOR)]
    return list(dict.fromkeys(found))


def people_holding(permission: Permission, *, on: datetime.date) -> QuerySet[User]:
    """Select who holds `permission` for everything on the day `on`, and whose account is open."""
    grants = RoleGrant.objects.current(on).filter(
        role__in=roles_with(permission), scope_kind=ScopeKind.EVERYTHING
    )
    return User.objects.filter(pk__in=grants.values("user"), is_active=True)


def _holding(kind: MembershipKind, organisation: Organisation, on: datetime.date) -> list[User]:
    rows = Membership.objects.current(on).filter(
        organisation=organisation, kind=kind, user__is_active=True
    )
    return [row.user for row in rows.select_related("user").order_by("user_id")]
