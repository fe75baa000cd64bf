"""Who gives which role to whom, and who takes it."""

import datetime
import threading

import pytest
from django.db import connection

from accounts.enums import MembershipKind, Role, ScopeKind
from accounts.models import AuditEntry, RoleGrant, User
from accounts.services import end_role, give_role, grant_role, take_role
from accounts.services.giving import (
    MAX_DAYS_AHEAD,
    BeginsInThePast,
    EndsInThePast,
    MayNotGive,
    NotForThisPlace,
    OwnRole,
    PersonSwitchedOff,
    ReasonMissing,
    ReasonTooLong,
    TooFarAhead,
)
from accounts.services.roles import (
    LastAdministrator,
    RoleEndsBeforeItBegins,
    RoleHeldAlready,
    ScopeMismatch,
)
from notifications.models import Notice
from tests.factories.accounts import (
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
    VenueFactory,
)
from tests.races import run_at_once

NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)


def holder(role=Role.ADMINISTRATOR, scope=None, user=None):
    """Somebody who holds a role, given by the system."""
    user = user or UserFactory()
    grant_role(user=user, role=role, scope=scope, now=NOW, starts_on=TODAY - DAY)
    return User.objects.get(pk=user.pk)


def give(giver, user, role=Role.VOLUNTEER, scope=None, **kwargs):
    return give_role(
        giver=giver,
        user=user,
        role=role,
        scope=scope,
        now=NOW,
        **{"starts_on": TODAY, **kwargs},
    )


def take(taker, grant, reason="No longer needed", **kwargs):
    return take_role(taker=taker, grant=grant, reason=reason, now=NOW, **kwargs)


@pytest.mark.django_db
class TestGiving:
    def test_an_administrator_gives_every_role(self):
        giver, user = holder(), UserFactory()
        for role in Role:
            grant = give(giver, user, role, OrganisationFactory() if role == Role.LEAD else None)
            assert (grant.granted_by, grant.user, grant.role) == (giver, user, role)
        assert (
            AuditEntry.objects.filter(actor=giver, subject=user, action="role.given").count() == 6
        )
        user.refresh_from_db()
        assert user.roles_today == sorted(Role.values)

    @pytest.mark.parametrize("role", Role)
    def test_a_coordinator_gives_volunteers_trainers_and_leads_only(self, role):
        giver, user, school = holder(Role.COORDINATOR), UserFactory(), OrganisationFactory()
        if role in {Role.VOLUNTEER, Role.TRAINER, Role.LEAD}:
            assert give(giver, user, role, school).pk
        else:
            with pytest.raises(MayNotGive):
                give(giver, user, role, school)
            assert not RoleGrant.objects.filter(user=user).exists()

    @pytest.mark.parametrize(
        ("role", "fits"), [(Role.LEAD, ["organisation"]), (Role.EDITOR, ["everything"])]
    )
    def test_a_role_is_held_for_what_it_can_be_held_for(self, role, fits):
        """A lead of everything would see everybody without a second step; pages have no area."""
        area = AreaFactory()
        places = {
            "everything": None,
            "area": area,
            "organisation": OrganisationFactory(area=area),
            "court": VenueFactory(area=area),
        }
        for kind, place in places.items():
            giver, user = holder(), UserFactory()
            if kind in fits:
                assert give(giver, user, role, place).place == place
            else:
                with pytest.raises(NotForThisPlace):
                    give(giver, user, role, place)
                assert not RoleGrant.objects.filter(user=user).exists()

    def test_a_role_begins_within_two_years(self):
        giver = holder()
        assert give(giver, UserFactory(), starts_on=TODAY + MAX_DAYS_AHEAD * DAY).pk
        with pytest.raises(TooFarAhead):
            give(giver, UserFactory(), starts_on=TODAY + (MAX_DAYS_AHEAD + 1) * DAY)

    @pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.TRAINER, Role.LEAD, Role.EDITOR])
    def test_others_give_none(self, role):
        with pytest.raises(MayNotGive):
            give(holder(role), UserFactory())

    def test_the_lead_of_an_organisation_gives_none(self):
        lead = MembershipFactory(kind=MembershipKind.LEAD)
        with pytest.raises(MayNotGive):
            give(lead.user, UserFactory(), scope=lead.organisation)

    @pytest.mark.parametrize("held_for", ["area", "organisation", "court"])
    def test_a_role_reaches_no_further_than_the_giver_s_own(self, held_for):
        area, other = AreaFactory(), AreaFactory()
        places = {
            "area": area,
            "organisation": OrganisationFactory(area=area),
            "court": VenueFactory(area=area),
        }
        giver = holder(Role.COORDINATOR, places[held_for])
        inside = {"area": {"area", "organisation", "court"}}.get(held_for, {held_for})
        for kind, place in places.items():
            if kind in inside:
                assert give(giver, UserFactory(), scope=place).place == place
            else:
                with pytest.raises(MayNotGive):
                    give(giver, UserFactory(), scope=place)
        outside = [
            None,
            other,
            OrganisationFactory(area=other),
            VenueFactory(area=other),
            VenueFactory(area=None),
        ]
        for place in outside:
            with pytest.raises(MayNotGive):
                give(giver, UserFactory(), scope=place)

    def test_two_roles_do_not_add_up_to_a_third(self):
        """Coordinator of everything and administrator of one area: no administrators elsewhere."""
        area, other = AreaFactory(), AreaFactory()
        giver = holder(Role.COORDINATOR)
        holder(Role.ADMINISTRATOR, area, user=giver)
        assert give(giver, UserFactory(), Role.ADMINISTRATOR, area).pk
        assert give(giver, UserFactory(), Role.TRAINER, other).pk
        for scope in (None, other):
            with pytest.raises(MayNotGive):
                give(giver, UserFactory(), Role.ADMINISTRATOR, scope)

    def test_nobody_gives_themselves_anything(self):
        giver = holder()
        with pytest.raises(OwnRole):
            give(giver, giver, Role.TRAINER)

    def test_somebody_switched_off_is_given_nothing(self):
        with pytest.raises(PersonSwitchedOff):
            give(holder(), UserFactory(is_active=False))

    def test_a_giver_whose_role_has_ended_gives_nothing(self):
        giver = UserFactory()
        RoleGrantFactory(user=giver, role=Role.ADMINISTRATOR, ends_on=TODAY - DAY)
        with pytest.raises(MayNotGive):
            give(giver, UserFactory())

    @pytest.mark.parametrize(
        ("dates", "refusal"),
        [
            ({"starts_on": TODAY - DAY}, BeginsInThePast),
            ({"starts_on": TODAY + DAY, "ends_on": TODAY}, RoleEndsBeforeItBegins),
        ],
    )
    def test_dates_that_make_no_sense(self, dates, refusal):
        with pytest.raises(refusal):
            give(holder(), UserFactory(), **dates)

    def test_a_venue_that_is_no_court_is_no_scope(self):
        with pytest.raises(ScopeMismatch):
            give(holder(), UserFactory(), scope=VenueFactory(kind="training_room"))

    def test_asking_twice_is_one_role_one_line_one_message(self):
        giver, user = holder(), UserFactory()
        dates = {"ends_on": TODAY + 9 * DAY}
        assert give(giver, user, **dates) == give(giver, user, **dates)
        assert AuditEntry.objects.filter(subject=user).count() == 1
        assert Notice.objects.filter(recipient=user, kind="accounts.role_given").count() == 1

    @pytest.mark.parametrize(
        ("first", "last"), [(0, None), (0, 20), (5, 7), (-0, 8), (10, None), (9, 9)]
    )
    def test_the_same_role_for_dates_that_overlap_is_refused(self, first, last):
        giver, user = holder(), UserFactory()
        give(giver, user, starts_on=TODAY + 4 * DAY, ends_on=TODAY + 10 * DAY)
        ends_on = None if last is None else TODAY + last * DAY
        with pytest.raises(RoleHeldAlready):
            give(giver, user, starts_on=TODAY + first * DAY, ends_on=ends_on)

    @pytest.mark.parametrize(("first", "last"), [(0, 3), (11, None)])
    def test_before_and_after_it_the_role_can_be_given_again(self, first, last):
        giver, user = holder(), UserFactory()
        give(giver, user, starts_on=TODAY + 4 * DAY, ends_on=TODAY + 10 * DAY)
        ends_on = None if last is None else TODAY + last * DAY
        assert give(giver, user, starts_on=TODAY + first * DAY, ends_on=ends_on).pk
        assert RoleGrant.objects.filter(user=user).count() == 2


@pytest.mark.django_db
class TestTaking:
    def test_taken_at_once_on_the_day_it_was_given(self):
        admin, user = holder(), UserFactory()
        grant = give(admin, user, Role.EDITOR)
        assert User.objects.get(pk=user.pk).groups.count() == 1
        taken = take(admin, grant)
        assert (taken.taken_at, taken.ends_on) == (NOW, TODAY)
        assert (taken.ended_by, taken.end_reason) == (admin, "No longer needed")
        assert not RoleGrant.objects.current(TODAY).filter(user=user).exists()
        user = User.objects.get(pk=user.pk)
        assert (user.roles_today, user.is_staff, user.groups.count()) == ([], False, 0)
        (entry,) = AuditEntry.objects.filter(action="role.ended")
        assert (entry.actor, entry.subject) == (admin, user)
        assert entry.fields == ["end_reason", "ended_by", "ends_on", "taken_at"]
        assert Notice.objects.filter(recipient=user, kind="accounts.role_taken").count() == 1

    def test_what_was_taken_can_be_given_again_the_same_day(self):
        admin, user = holder(), UserFactory()
        take(admin, give(admin, user))
        again = give(admin, user)
        assert RoleGrant.objects.current(TODAY).get(user=user) == again

    def test_taken_later_it_held_until_the_day_before(self):
        grant = RoleGrantFactory(role=Role.TRAINER, starts_on=TODAY - 9 * DAY)
        take(holder(), grant)
        assert RoleGrant.objects.current(TODAY - DAY).filter(pk=grant.pk).exists()
        assert not RoleGrant.objects.current(TODAY).filter(pk=grant.pk).exists()

    def test_one_that_has_not_begun_never_holds(self):
        admin = holder()
        grant = give(admin, UserFactory(), starts_on=TODAY + 3 * DAY)
        take(admin, grant)
        for day in (TODAY, TODAY + 3 * DAY, TODAY + 4 * DAY):
            assert not RoleGrant.objects.current(day).filter(pk=grant.pk).exists()

    def test_with_the_end_of_a_day_it_holds_on_that_day(self):
        admin = holder()
        grant = take(admin, give(admin, UserFactory()), last_day=TODAY + DAY)
        assert (grant.ends_on, grant.taken_at) == (TODAY + DAY, None)
        assert RoleGrant.objects.current(TODAY + DAY).filter(pk=grant.pk).exists()
        assert not RoleGrant.objects.current(TODAY + 2 * DAY).filter(pk=grant.pk).exists()

    def test_an_end_is_brought_forward_and_never_put_off(self):
        admin = holder()
        grant = give(admin, UserFactory(), ends_on=TODAY + 5 * DAY)
        assert take(admin, grant, last_day=TODAY + 9 * DAY).ends_on == TODAY + 5 * DAY
        assert take(admin, grant, last_day=TODAY + 2 * DAY).ends_on == TODAY + 2 * DAY
        assert take(admin, grant).taken_at == NOW
        assert AuditEntry.objects.filter(action="role.ended").count() == 2

    def test_taking_what_has_ended_changes_nothing(self):
        admin = holder()
        grant = take(admin, give(admin, UserFactory()), reason="First")
        assert take(admin, grant, reason="Second").end_reason == "First"
        ended = RoleGrantFactory(role=Role.TRAINER, ends_on=TODAY - DAY)
        assert take(admin, ended).ends_on == TODAY - DAY

    @pytest.mark.parametrize(
        ("kwargs", "refusal"),
        [
            ({"reason": " \t "}, ReasonMissing),
            ({"reason": "x" * 251}, ReasonTooLong),
            ({"last_day": TODAY - DAY}, EndsInThePast),
        ],
    )
    def test_what_is_refused_leaves_the_role(self, kwargs, refusal):
        admin = holder()
        grant = give(admin, UserFactory())
        with pytest.raises(refusal):
            take(admin, grant, **kwargs)
        assert RoleGrant.objects.current(TODAY).filter(pk=grant.pk).exists()
        assert take(admin, grant).taken_at

    @pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMINISTRATOR])
    def test_a_coordinator_takes_only_what_they_could_give(self, role):
        coordinator = holder(Role.COORDINATOR)
        grant = RoleGrantFactory(role=role)
        with pytest.raises(MayNotGive):
            take(coordinator, grant)
        assert take(coordinator, RoleGrantFactory(role=Role.TRAINER)).taken_at

    def test_an_area_s_coordinator_takes_nothing_elsewhere(self):
        area, other = AreaFactory(), AreaFactory()
        coordinator = holder(Role.COORDINATOR, area)
        there = {"role": Role.TRAINER, "scope_kind": ScopeKind.AREA}
        with pytest.raises(MayNotGive):
            take(coordinator, RoleGrantFactory(area=other, **there))
        assert take(coordinator, RoleGrantFactory(area=area, **there)).taken_at

    def test_somebody_gives_up_their_own_and_is_not_written_to(self):
        holder()
        leaving = holder()
        grant = RoleGrant.objects.get(user=leaving)
        assert take(leaving, grant).taken_at
        assert not Notice.objects.filter(kind="accounts.role_taken").exists()


@pytest.mark.django_db
class TestLastAdministrator:
    def grant_of(self, user):
        return RoleGrant.objects.get(user=user)

    @pytest.mark.parametrize("last_day", [None, TODAY + 30 * DAY])
    def test_the_last_cannot_be_taken(self, last_day):
        admin = holder()
        with pytest.raises(LastAdministrator):
            take(admin, self.grant_of(admin), last_day=last_day)
        with pytest.raises(LastAdministrator):
            end_role(grant=self.grant_of(admin), now=NOW, last_day=last_day, ended_by=None)
        other = holder()
        assert take(other, self.grant_of(admin), last_day=last_day).ends_on

    @pytest.mark.parametrize(
        "other",
        [
            {"ends_on": TODAY + 9 * DAY},
            {"starts_on": TODAY + DAY},
            {"user__is_active": False},
            {"scope_kind": ScopeKind.AREA},
            {"role": Role.COORDINATOR},
        ],
    )
    def test_who_will_not_stay_does_not_count(self, other):
        admin = holder()
        if "scope_kind" in other:
            other["area"] = AreaFactory()
        RoleGrantFactory(**{"role": Role.ADMINISTRATOR, **other})
        with pytest.raises(LastAdministrator):
            take(admin, self.grant_of(admin))

    def test_an_administrator_for_a_time_or_a_place_can_always_be_taken(self):
        admin = holder()
        for other in ({"ends_on": TODAY + DAY}, {"scope_kind": "area", "area": AreaFactory()}):
            grant = RoleGrantFactory(role=Role.ADMINISTRATOR, **other)
            assert take(admin, grant).taken_at


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_administrators_who_take_each_other_s_role(self):
        first, second = holder(), holder()
        grants = {user.pk: RoleGrant.objects.get(user=user) for user in (first, second)}
        results = run_at_once(
            lambda: take(first, grants[second.pk]), lambda: take(second, grants[first.pk])
        )
        taken = [x for x in results if isinstance(x, RoleGrant)]
        refused = [x for x in results if isinstance(x, Exception)]
        assert len(taken) == 1
        # The second waited, and by then had no role to take with.
        assert [type(x) for x in refused] == [MayNotGive]
        assert RoleGrant.objects.current(TODAY).filter(role=Role.ADMINISTRATOR).count() == 1

    def test_two_who_give_up_their_own_at_once(self):
        first, second = holder(), holder()
        results = run_at_once(
            *(
                lambda user=user: take(user, RoleGrant.objects.get(user=user))
                for user in (first, second)
            )
        )
        assert sorted(type(x).__name__ for x in results) == ["LastAdministrator", "RoleGrant"]
        assert RoleGrant.objects.current(TODAY).filter(role=Role.ADMINISTRATOR).count() == 1

    def test_without_the_lock_both_would_be_taken(self):
        """The control: the same count-then-write, on a table nobody locks."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE race_control (id integer, is_open integer)")
            cursor.execute("INSERT INTO race_control VALUES (1, 1), (2, 1)")
        counted = threading.Barrier(2)

        def take_unlocked(pk):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM race_control WHERE is_open = 1 AND id <> %s", [pk]
                )
                others = cursor.fetchone()[0]
                counted.wait(timeout=20)
                if others:
                    cursor.execute("UPDATE race_control SET is_open = 0 WHERE id = %s", [pk])

        try:
            run_at_once(lambda: take_unlocked(1), lambda: take_unlocked(2))
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM race_control WHERE is_open = 1")
                assert cursor.fetchone()[0] == 0
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE race_control")

    def test_one_role_given_by_two_at_once_is_one_role(self):
        first, second, user = holder(), holder(), UserFactory()
        dates = {"ends_on": TODAY + 9 * DAY}
        results = run_at_once(
            lambda: give(first, user, **dates), lambda: give(second, user, **dates)
        )
        assert results[0] == results[1]
        assert RoleGrant.objects.filter(user=user).count() == 1

    def test_two_different_roles_given_at_once_are_both_in_the_menus(self):
        first, second, user = holder(), holder(), UserFactory()
        run_at_once(
            lambda: give(first, user, Role.TRAINER), lambda: give(second, user, Role.VOLUNTEER)
        )
        user.refresh_from_db()
        assert user.roles_today == ["trainer", "volunteer"]
