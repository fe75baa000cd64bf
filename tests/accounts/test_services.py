import datetime

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupPagePermission

from accounts.enums import Role, ScopeKind
from accounts.models import AuditEntry, RoleGrant
from accounts.services import (
    end_role,
    grant_role,
    join_organisation,
    refresh_all_roles,
    sync_groups,
)
from accounts.services.roles import ScopeMismatch
from tests.factories.accounts import (
    AreaFactory,
    OrganisationFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()


def give(user, role=Role.EDITOR, **kwargs):
    return grant_role(user=user, role=role, now=NOW, starts_on=TODAY, **kwargs)


def test_a_role_is_given_with_its_audit_line_and_group():
    admin, user = UserFactory(), UserFactory()
    grant = give(user, granted_by=admin)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.target_id) == (admin, "role.given", str(grant.pk))
    assert [group.name for group in user.groups.all()] == ["Content editor"]


def test_giving_twice_is_one_role_and_one_audit_line():
    user = UserFactory()
    assert give(user) == give(user)
    assert RoleGrant.objects.count() == AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("factory", "kind"),
    [
        (AreaFactory, ScopeKind.AREA),
        (OrganisationFactory, ScopeKind.ORGANISATION),
        (VenueFactory, ScopeKind.COURT),
    ],
)
def test_a_role_is_held_for_the_place_it_was_given_for(factory, kind):
    place = factory()
    grant = give(UserFactory(), role=Role.COORDINATOR, scope=place)
    assert grant.scope_kind == kind
    assert place in (grant.area, grant.organisation, grant.court)


def test_a_scope_of_another_kind_is_refused():
    with pytest.raises(ScopeMismatch):
        give(UserFactory(), scope=object())


def test_ending_a_role_takes_the_group_away_the_day_after_and_happens_once():
    user = UserFactory()
    grant = give(user)
    for day in (TODAY, TODAY + datetime.timedelta(days=9)):
        grant = end_role(grant=grant, now=NOW, last_day=day, ended_by=None)
    assert grant.ends_on == TODAY
    assert user.groups.exists()
    assert refresh_all_roles(on=TODAY + datetime.timedelta(days=1)) == 1
    assert not user.groups.exists()
    assert AuditEntry.objects.filter(action="role.ended").count() == 1


def test_a_role_never_ends_before_it_began():
    grant = give(UserFactory())
    yesterday = TODAY - datetime.timedelta(days=1)
    assert end_role(grant=grant, now=NOW, last_day=yesterday, ended_by=None).ends_on == TODAY


def test_groups_say_what_the_roles_say_whatever_was_edited_by_hand():
    sync_groups(on=datetime.date(2026, 11, 22))
    editors = Group.objects.get(name="Content editor")
    pages = GroupPagePermission.objects.filter(group=editors).count()
    assert pages > 0
    editors.permissions.clear()
    GroupPagePermission.objects.filter(group=editors).delete()
    sync_groups(on=datetime.date(2026, 11, 22))
    assert editors.permissions.filter(codename="access_admin").exists()
    assert GroupPagePermission.objects.filter(group=editors).count() == pages


def test_a_coordinator_edits_places_and_no_pages():
    sync_groups(on=datetime.date(2026, 11, 22))
    group = Group.objects.get(name="Coordinator")
    assert group.permissions.filter(codename="change_venue").exists()
    assert not GroupPagePermission.objects.filter(group=group).exists()


def test_joining_an_organisation_twice_is_one_membership():
    user, organisation = UserFactory(), OrganisationFactory()
    first, second = (
        join_organisation(user=user, organisation=organisation, now=NOW, starts_on=TODAY)
        for _ in range(2)
    )
    assert first == second
    assert AuditEntry.objects.filter(action="membership.begun").count() == 1
