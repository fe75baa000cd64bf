"""Champions, leads, and leaving an organisation; asking to belong to one."""

import datetime

import pytest

from accounts.enums import JoinRequestState, MembershipKind, Role, ScopeKind
from accounts.models import AuditEntry, JoinRequest, Membership
from accounts.queries import people_who_answer_for
from accounts.queries.organisations import champion_vacancy
from accounts.services import (
    ask_to_join,
    confirm_join_request,
    decline_join_request,
    end_membership,
    end_place,
    name_to_place,
    withdraw_join_request,
)
from accounts.services.invitations import AlreadyMember
from accounts.services.joining import NotYourRequest, RequestAnswered, TooManyRequests
from accounts.services.places import DayOutOfRange, NotAllowedHere, NotAMember
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 5, 3, 9, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
CHAMPION, LEAD, PLAIN = MembershipKind.CHAMPION, MembershipKind.LEAD, MembershipKind.PLAIN


@pytest.fixture
def school():
    return OrganisationFactory(name="Hill School")


@pytest.fixture
def lead(school):
    user = MembershipFactory(organisation=school).user
    MembershipFactory(organisation=school, user=user, kind=LEAD)
    return user


@pytest.fixture
def member(school):
    return MembershipFactory(organisation=school, starts_on=TODAY - 10 * DAY).user


@pytest.fixture
def admin():
    return RoleGrantFactory(role=Role.ADMINISTRATOR).user


def name(user, school, by, kind=CHAMPION, starts_on=TODAY):
    return name_to_place(
        user=user, organisation=school, kind=kind, named_by=by, starts_on=starts_on, now=NOW
    )


def end(user, school, by, kind=CHAMPION, last_day=TODAY):
    return end_place(
        user=user, organisation=school, kind=kind, ended_by=by, last_day=last_day, now=NOW
    )


def leave(user, school, by, last_day=TODAY):
    return end_membership(user=user, organisation=school, ended_by=by, last_day=last_day, now=NOW)


# --- champion and lead ---


def test_a_member_becomes_champion_once(school, lead, member):
    first = name(member, school, lead, starts_on=TODAY - DAY)
    assert name(member, school, lead) == first
    assert (first.kind, first.starts_on) == (CHAMPION, TODAY - DAY)
    assert champion_vacancy(school, on=TODAY) == ""


@pytest.mark.parametrize("starts_on", [TODAY + DAY, TODAY - 11 * DAY])
def test_a_champion_begins_neither_later_nor_before_they_came(school, lead, member, starts_on):
    with pytest.raises(DayOutOfRange):
        name(member, school, lead, starts_on=starts_on)
    assert name(member, school, lead, starts_on=TODAY - 10 * DAY)


def test_a_stranger_is_no_champion_and_names_none(school, lead, member):
    with pytest.raises(NotAMember):
        name(UserFactory(), school, lead)
    stranger = MembershipFactory(kind=LEAD).user
    for by in (stranger, member):
        with pytest.raises(NotAllowedHere):
            name(member, school, by)
    assert not Membership.objects.filter(kind=CHAMPION).exists()


def test_a_vacancy_says_since_when(school, lead, member):
    assert champion_vacancy(school, on=TODAY) == "No champion yet"
    name(member, school, lead, starts_on=TODAY - 5 * DAY)
    end(member, school, lead, last_day=TODAY - DAY)
    assert champion_vacancy(school, on=TODAY - DAY) == ""
    assert champion_vacancy(school, on=TODAY) == "No champion since 3 May 2027"
    assert champion_vacancy(school, on=TODAY + 9 * DAY) == "No champion since 3 May 2027"


def test_the_last_day_is_not_before_the_first_nor_years_away(school, lead, member):
    name(member, school, lead, starts_on=TODAY - DAY)
    for day in (TODAY - 2 * DAY, TODAY + 400 * DAY):
        with pytest.raises(DayOutOfRange):
            end(member, school, lead, last_day=day)
    assert end(member, school, lead, last_day=TODAY - DAY).ends_on == TODAY - DAY


def test_an_end_to_come_can_be_moved(school, lead, member):
    name(member, school, lead)
    end(member, school, lead, last_day=TODAY + 30 * DAY)
    assert end(member, school, lead, last_day=TODAY + DAY).ends_on == TODAY + DAY


def test_who_is_no_champion_cannot_end_as_one(school, lead, member):
    with pytest.raises(NotAMember):
        end(member, school, lead)


def test_only_who_may_give_the_role_says_who_leads(school, lead, member, admin):
    with pytest.raises(NotAllowedHere):
        name(member, school, lead, kind=LEAD)
    name(member, school, admin, kind=LEAD)
    member.refresh_from_db()
    assert member.roles_today == [Role.LEAD]
    with pytest.raises(NotAllowedHere):
        end(member, school, lead, kind=LEAD)
    end(member, school, admin, kind=LEAD, last_day=TODAY)
    end(member, school, admin, kind=LEAD, last_day=TODAY)  # again is no harm
    assert Membership.objects.get(user=member, kind=LEAD).ends_on == TODAY


# --- leaving ---


def test_leaving_ends_everything_and_is_audited(school, lead, member):
    name(member, school, lead)
    ended = leave(member, school, lead)
    assert {(place.kind, place.ends_on) for place in ended} == {(PLAIN, TODAY), (CHAMPION, TODAY)}
    entries = AuditEntry.objects.filter(action="membership.ended", actor=lead)
    assert entries.count() == 2


def test_a_lead_who_left_yesterday_is_none_today(school, lead):
    leave(lead, school, lead, last_day=TODAY - DAY)
    lead.refresh_from_db()
    assert lead.roles_today == []
    assert not Membership.objects.current(TODAY).filter(user=lead).exists()


def test_people_leave_by_themselves_and_others_by_their_lead_only(school, lead, member):
    stranger = MembershipFactory(kind=LEAD).user
    for by in (stranger, MembershipFactory(organisation=school).user):
        with pytest.raises(NotAllowedHere):
            leave(member, school, by)
    assert leave(member, school, member)


def test_a_lead_puts_no_other_lead_out(school, lead, admin):
    other = MembershipFactory(organisation=school, kind=LEAD).user
    with pytest.raises(NotAllowedHere):
        leave(other, school, lead)
    assert leave(other, school, admin)


def test_who_never_belonged_cannot_leave(school, lead):
    with pytest.raises(NotAMember):
        leave(UserFactory(), school, lead)


# --- asking to join ---


def test_asking_twice_is_one_request(school):
    user = UserFactory()
    first = ask_to_join(user=user, organisation=school, now=NOW)
    assert ask_to_join(user=user, organisation=school, now=NOW + DAY) == first
    assert AuditEntry.objects.filter(action="join_request.made").count() == 1


def test_a_member_does_not_ask(school, member):
    with pytest.raises(AlreadyMember):
        ask_to_join(user=member, organisation=school, now=NOW)


def test_five_requests_wait_at_most():
    user = UserFactory()
    for _ in range(5):
        last = ask_to_join(user=user, organisation=OrganisationFactory(), now=NOW)
    with pytest.raises(TooManyRequests):
        ask_to_join(user=user, organisation=OrganisationFactory(), now=NOW)
    withdraw_join_request(join_request=last, user=user, now=NOW)
    assert ask_to_join(user=user, organisation=OrganisationFactory(), now=NOW)


@pytest.fixture
def asked(school):
    return ask_to_join(user=UserFactory(), organisation=school, now=NOW)


def test_confirming_makes_a_member(school, lead, asked):
    membership = confirm_join_request(join_request=asked, decided_by=lead, now=NOW)
    assert (membership.user, membership.organisation, membership.starts_on) == (
        asked.user,
        school,
        TODAY,
    )
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (JoinRequestState.CONFIRMED, lead)


def test_declining_keeps_the_reason_and_they_may_ask_again(school, lead, asked):
    declined = decline_join_request(
        join_request=asked, decided_by=lead, reason="Another school.", now=NOW
    )
    assert (declined.state, declined.reason) == (JoinRequestState.DECLINED, "Another school.")
    assert not Membership.objects.filter(user=asked.user).exists()
    assert ask_to_join(user=asked.user, organisation=school, now=NOW) != asked


def test_a_request_is_answered_once(lead, asked):
    confirm_join_request(join_request=asked, decided_by=lead, now=NOW)
    for again in (confirm_join_request, decline_join_request):
        with pytest.raises(RequestAnswered):
            again(join_request=asked, decided_by=lead, now=NOW)
    with pytest.raises(RequestAnswered):
        withdraw_join_request(join_request=asked, user=asked.user, now=NOW)


def test_strangers_neither_answer_nor_withdraw(lead, asked):
    stranger = MembershipFactory(kind=LEAD).user
    for way in (confirm_join_request, decline_join_request):
        with pytest.raises(NotYourRequest):
            way(join_request=asked, decided_by=stranger, now=NOW)
        with pytest.raises(NotYourRequest):
            way(join_request=asked, decided_by=asked.user, now=NOW)
    with pytest.raises(NotYourRequest):
        withdraw_join_request(join_request=asked, user=lead, now=NOW)
    assert JoinRequest.objects.get().state == JoinRequestState.ASKED


# --- who answers ---


def test_leads_answer_and_coordinators_where_there_is_none(school):
    coordinator = RoleGrantFactory().user
    in_area = RoleGrantFactory(scope_kind=ScopeKind.AREA, area=school.area).user
    RoleGrantFactory(scope_kind=ScopeKind.AREA, area=OrganisationFactory().area)
    assert people_who_answer_for(school, on=TODAY) == [coordinator, in_area]
    lead = MembershipFactory(organisation=school, kind=LEAD).user
    granted = RoleGrantFactory(
        role=Role.LEAD, scope_kind=ScopeKind.ORGANISATION, organisation=school
    ).user
    MembershipFactory(organisation=school, kind=LEAD, ends_on=TODAY - DAY)
    MembershipFactory(organisation=school, kind=LEAD, user__is_active=False)
    assert people_who_answer_for(school, on=TODAY) == [lead, granted]
