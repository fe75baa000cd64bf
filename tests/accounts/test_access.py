"""Roles × permissions × places."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.enums import MembershipKind, Permission, Role, ScopeKind
from accounts.models import User
from accounts.permissions import MATRIX
from tests.factories.accounts import (
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db

# Written out by hand from the product's rules, not read from the matrix.
MAY = {
    Role.VOLUNTEER: set(),
    Role.TRAINER: {Permission.VIEW_LEARNING, Permission.VIEW_EVALUATIONS},
    Role.LEAD: {
        Permission.VIEW_AWARDS,
        Permission.VIEW_LEARNING,
        Permission.ENROL_PEOPLE,
        Permission.VIEW_PEOPLE,
        Permission.INVITE_PEOPLE,
    },
    Role.COORDINATOR: {
        Permission.VIEW_AWARDS,
        Permission.MANAGE_AWARDS,
        Permission.KEEP_DIRECTORY,
        Permission.KEEP_FACTS,
        Permission.VIEW_LEARNING,
        Permission.REPAIR_LEARNING,
        Permission.VIEW_EVALUATIONS,
        Permission.ENROL_PEOPLE,
        Permission.VIEW_PEOPLE,
        Permission.INVITE_PEOPLE,
        Permission.IMPORT_PEOPLE,
        Permission.GRANT_ROLES,
        Permission.EDIT_MESSAGES,
        Permission.VIEW_OUTBOX,
    },
    Role.EDITOR: {
        Permission.EDIT_DESIGNS,
        Permission.EDIT_COURSES,
        Permission.PUBLISH_COURSES,
        Permission.KEEP_FACTS,
        Permission.VIEW_EVALUATIONS,
        Permission.EDIT_PAGES,
    },
    Role.ADMINISTRATOR: set(Permission),
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_its_own_work_and_nothing_else(role):
    user = RoleGrantFactory(role=role).user
    user = User.objects.get(pk=user.pk)
    assert {p for p in Permission if user.has_perm(p)} == MAY[role]


# Written out by hand as well: what lies in no area.
WHOLE_SITE = {
    Permission.EDIT_DESIGNS,
    Permission.EDIT_COURSES,
    Permission.PUBLISH_COURSES,
    Permission.KEEP_FACTS,
    Permission.EDIT_PAGES,
    Permission.EDIT_MESSAGES,
    Permission.HELP_SIGN_IN,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", [ScopeKind.AREA, ScopeKind.ORGANISATION, ScopeKind.COURT])
def test_a_role_for_one_place_does_not_carry_what_is_the_whole_site_s(role, kind):
    area = AreaFactory()
    place = {
        ScopeKind.AREA: {"area": area},
        ScopeKind.ORGANISATION: {"organisation": OrganisationFactory(area=area)},
        ScopeKind.COURT: {"court": VenueFactory(area=area)},
    }[kind]
    user = RoleGrantFactory(role=role, scope_kind=kind, **place).user
    user = User.objects.get(pk=user.pk)
    assert {p for p in Permission if user.has_perm(p)} == MAY[role] - WHOLE_SITE


def test_every_permission_is_in_the_matrix():
    assert set(MATRIX) == set(Permission)


def test_without_a_role_nothing_is_allowed():
    user = UserFactory()
    assert not any(user.has_perm(permission) for permission in Permission)
    assert not any(AnonymousUser().has_perm(permission) for permission in Permission)


def test_somebody_switched_off_may_do_nothing():
    user = RoleGrantFactory(role=Role.ADMINISTRATOR, user__is_active=False).user
    assert not User.objects.get(pk=user.pk).has_perm(Permission.GRANT_ROLES)


def test_a_role_ends_with_its_last_day():
    import datetime

    grant = RoleGrantFactory(role=Role.COORDINATOR, ends_on=datetime.date(2026, 1, 2))
    assert not User.objects.get(pk=grant.user.pk).has_perm(Permission.VIEW_AWARDS)


def test_a_scope_reaches_its_own_place_and_no_other():
    area, other = AreaFactory(), AreaFactory()
    inside = OrganisationFactory(area=area)
    outside = OrganisationFactory(area=other)
    court_inside = VenueFactory(area=area)
    user = RoleGrantFactory(role=Role.COORDINATOR, scope_kind=ScopeKind.AREA, area=area).user
    user = User.objects.get(pk=user.pk)
    assert user.has_perm(Permission.VIEW_AWARDS, inside)
    assert user.has_perm(Permission.KEEP_DIRECTORY, court_inside)
    assert user.has_perm(Permission.KEEP_DIRECTORY, area)
    assert not user.has_perm(Permission.VIEW_AWARDS, outside)
    assert not user.has_perm(Permission.KEEP_DIRECTORY, other)
    assert user.has_perm(Permission.VIEW_AWARDS)  # somewhere


def test_a_court_role_reaches_that_court_only():
    court, other = VenueFactory(), VenueFactory()
    user = RoleGrantFactory(role=Role.COORDINATOR, scope_kind=ScopeKind.COURT, court=court).user
    assert user.has_perm(Permission.KEEP_DIRECTORY, court)
    assert not user.has_perm(Permission.KEEP_DIRECTORY, other)
    assert not user.has_perm(Permission.VIEW_AWARDS, OrganisationFactory(area=court.area))


def test_an_organisation_s_lead_reaches_that_organisation_only():
    membership = MembershipFactory(kind=MembershipKind.LEAD)
    user = User.objects.get(pk=membership.user.pk)
    assert user.has_perm(Permission.VIEW_AWARDS, membership.organisation)
    assert not user.has_perm(Permission.VIEW_AWARDS, OrganisationFactory())


def test_a_champion_has_no_lead_s_rights():
    membership = MembershipFactory(kind=MembershipKind.CHAMPION)
    assert not membership.user.has_perm(Permission.VIEW_AWARDS)


def test_a_scope_of_another_kind_is_a_mistake_in_the_code():
    user = RoleGrantFactory(role=Role.COORDINATOR).user
    with pytest.raises(TypeError):
        user.has_perm(Permission.VIEW_AWARDS, object())
