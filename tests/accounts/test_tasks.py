"""Roles that begin and end with the day."""

import datetime

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.utils import timezone

from accounts.enums import MembershipKind, Role
from accounts.models import User
from accounts.services import grant_role, refresh_all_roles, refresh_roles, sync_groups
from accounts.tasks import refresh_roles as refresh_task
from tests.factories.accounts import MembershipFactory, RoleGrantFactory, UserFactory

DAY = datetime.timedelta(days=1)
NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()


def of(user):
    user = User.objects.get(pk=user.pk)
    return user.roles_today, user.is_staff, [group.name for group in user.groups.all()]


@pytest.mark.django_db
def test_a_role_begins_and_ends_with_its_days():
    user = UserFactory()
    grant_role(
        user=user,
        role=Role.EDITOR,
        now=NOW,
        starts_on=TODAY + DAY,
        ends_on=TODAY + 2 * DAY,
    )
    nothing, editor = ([], False, []), (["editor"], True, ["Content editor"])
    for day, expected, changed in (
        (0, nothing, 0),
        (1, editor, 1),
        (1, editor, 0),
        (2, editor, 0),
        (3, nothing, 1),
    ):
        assert refresh_all_roles(on=TODAY + day * DAY) == changed
        assert of(user) == expected


@pytest.mark.django_db
def test_a_lead_s_role_ends_with_the_membership():
    lead = MembershipFactory(kind=MembershipKind.LEAD, ends_on=TODAY).user
    assert refresh_all_roles(on=TODAY) == 1
    assert of(lead)[0] == ["lead"]
    assert refresh_all_roles(on=TODAY + DAY) == 1
    assert of(lead)[0] == []


@pytest.mark.django_db
def test_what_was_written_by_hand_is_put_right():
    user = RoleGrantFactory(role=Role.EDITOR).user
    sync_groups(on=TODAY)
    other = UserFactory(roles_today=["administrator"], is_staff=True)
    other.groups.set(user.groups.all())
    user.groups.clear()
    assert refresh_all_roles(on=TODAY) == 2
    assert of(other) == ([], False, [])
    assert of(user) == (["editor"], True, ["Content editor"])


@pytest.mark.django_db
def test_the_task_asks_for_today():
    tomorrow = timezone.localdate() + DAY
    begun = RoleGrantFactory(role=Role.TRAINER).user
    to_come = RoleGrantFactory(role=Role.TRAINER, starts_on=tomorrow).user
    refresh_task(unknown="ignored")
    assert (of(begun)[0], of(to_come)[0]) == (["trainer"], [])


def test_it_runs_just_after_midnight_in_london_summer_and_winter():
    schedule = settings.CELERY_BEAT_SCHEDULE["refresh-roles"]["schedule"]
    assert isinstance(schedule, crontab)
    for midnight in ("2027-01-15T00:00+00:00", "2027-07-14T23:00+00:00"):
        at = datetime.datetime.fromisoformat(midnight)
        assert timezone.localtime(at).hour == 0
        assert at.hour in schedule.hour
        assert min(schedule.minute) < 5


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3, 30, 300])
def test_when_nothing_has_changed_it_takes_four_queries(count, django_assert_num_queries):
    for _ in range(count):
        RoleGrantFactory(role=Role.COORDINATOR)
    refresh_all_roles(on=TODAY)
    with django_assert_num_queries(4):
        assert refresh_all_roles(on=TODAY) == 0


@pytest.mark.django_db
def test_refreshing_one_writes_only_what_changed():
    user = RoleGrantFactory(role=Role.TRAINER).user
    assert refresh_roles(user=user, on=TODAY)
    assert not refresh_roles(user=user, on=TODAY)
