"""Inviting one person or a team, and joining by what they were sent."""

import datetime

import pytest

from accounts.enums import InvitationKind, JoinRequestState, MembershipKind, Role, ScopeKind
from accounts.models import AuditEntry, Invitation, InvitationUse, JoinRequest, Membership
from accounts.queries.joining import invitations_of
from accounts.services import (
    accept_invitation,
    confirm_join_request,
    end_membership,
    invite_person,
    invite_team,
    join_organisation,
    read_invitation,
    send_invitation,
    team_token,
    withdraw_invitation,
)
from accounts.services.invitations import (
    AlreadyMember,
    InvitationExpired,
    InvitationFull,
    InvitationWithdrawn,
    LimitOutOfRange,
    NotAnAddress,
    NotYours,
    SharedAddress,
)
from lms.core.links import LinkAltered, LinkExpired, LinkUsed, token_of
from lms.core.models import EmailedLink
from tests.factories.accounts import (
    JobRoleFactory,
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def school():
    return OrganisationFactory(name="Hill School")


@pytest.fixture
def lead(school):
    return MembershipFactory(organisation=school, kind=MembershipKind.LEAD).user


def invite(school, lead, email="new@example.org", now=NOW, **kwargs):
    return invite_person(organisation=school, email=email, invited_by=lead, now=now, **kwargs)


def team(school, lead, limit=2, lasts_days=7):
    return invite_team(
        organisation=school, invited_by=lead, now=NOW, limit=limit, lasts_days=lasts_days
    )


def token_for(invitation):
    links = EmailedLink.objects.filter(purpose="invitation", subject=str(invitation.pk))
    return token_of(links.latest("created_at"))


def accept(token, user=None, now=NOW):
    return accept_invitation(token=token, user=user or UserFactory(), now=now)


# --- one person ---


def test_one_person_is_invited_sent_and_audited(school, lead):
    job = JobRoleFactory()
    invitation = invite(school, lead, email=" New@Example.org ", full_name="Ann", job_role=job)
    assert (invitation.email, invitation.kind, invitation.is_held) == (
        "new@example.org",
        InvitationKind.SINGLE,
        False,
    )
    assert (invitation.sent_at, invitation.expires_at) == (NOW, NOW + 14 * DAY)
    actions = AuditEntry.objects.order_by("pk").values_list("action", "actor")
    assert list(actions) == [("invitation.made", lead.pk), ("invitation.sent", lead.pk)]


def test_a_held_one_has_no_link_until_it_is_sent(school, lead):
    invitation = invite(school, lead, is_held=True)
    assert invitation.is_held
    assert not EmailedLink.objects.exists()
    sent = send_invitation(invitation=invitation, now=NOW)
    assert (sent.is_held, sent.sent_at) == (False, NOW)
    assert read_invitation(token_for(sent), now=NOW) == invitation


def test_inviting_again_is_one_invitation_with_what_is_said_now(school, lead):
    first = invite(school, lead, full_name="An")
    again = invite(school, lead, email="NEW@example.org", full_name="Ann", now=NOW + DAY)
    assert again == first
    assert (again.full_name, again.sent_at) == ("Ann", NOW)
    assert EmailedLink.objects.count() == 1


def test_inviting_again_after_the_link_has_ended_sends_a_new_one(school, lead):
    invite(school, lead)
    again = invite(school, lead, now=NOW + 14 * DAY)
    assert again.sent_at == NOW + 14 * DAY
    assert EmailedLink.objects.count() == 2


def test_a_held_one_that_is_invited_without_holding_is_sent(school, lead):
    invite(school, lead, is_held=True)
    assert invite(school, lead).sent_at == NOW


@pytest.mark.parametrize(
    ("email", "refusal"),
    [
        ("not an address", NotAnAddress),
        ("", NotAnAddress),
        ("a\x00b@example.org", NotAnAddress),
        (f"{'x' * 250}@example.org", NotAnAddress),
        ("office@example.org", SharedAddress),
        ("ann@example.org", None),
    ],
)
def test_an_address_must_be_one_person_s(school, lead, email, refusal):
    if refusal is None:
        assert invite(school, lead, email=email)
        return
    with pytest.raises(refusal):
        invite(school, lead, email=email)
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_and_one_who_left_is(school, lead):
    membership = MembershipFactory(organisation=school, user__email="new@example.org")
    with pytest.raises(AlreadyMember):
        invite(school, lead, email="NEW@example.org")
    membership.ends_on = NOW.date() - DAY
    membership.save()
    assert invite(school, lead)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR, Role.TRAINER, Role.EDITOR])
def test_who_may_invite(school, role):
    user = RoleGrantFactory(role=role).user
    if role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        assert invite(school, user)
        assert team(school, user)
        return
    for way in (invite, team):
        with pytest.raises(NotYours):
            way(school, user)


def test_a_lead_invites_to_no_other_organisation(school, lead):
    other = OrganisationFactory()
    for way in (invite, team):
        with pytest.raises(NotYours):
            way(other, lead)
    area_coordinator = RoleGrantFactory(scope_kind=ScopeKind.AREA, area=school.area).user
    assert invite(school, area_coordinator)
    with pytest.raises(NotYours):
        invite(other, area_coordinator)


def test_only_who_may_give_the_lead_s_role_invites_a_lead(school, lead):
    with pytest.raises(NotYours):
        invite(school, lead, membership_kind=MembershipKind.LEAD)
    admin = RoleGrantFactory(role=Role.ADMINISTRATOR).user
    invitation = invite(school, admin, membership_kind=MembershipKind.LEAD)
    user = UserFactory()
    assert accept(token_for(invitation), user).kind == MembershipKind.LEAD
    kinds = set(Membership.objects.filter(user=user).values_list("kind", flat=True))
    assert kinds == {MembershipKind.PLAIN, MembershipKind.LEAD}
    user.refresh_from_db()
    assert user.roles_today == [Role.LEAD]


def test_joining_by_the_link_uses_it_up(school, lead):
    invitation = invite(school, lead)
    token, user = token_for(invitation), UserFactory()
    membership = accept(token, user)
    assert (membership.organisation, membership.starts_on) == (school, NOW.date())
    invitation.refresh_from_db()
    assert invitation.used == 1
    for way in (lambda: accept(token), lambda: read_invitation(token, now=NOW)):
        with pytest.raises(LinkUsed):
            way()
    assert accept(token, user) == membership
    assert InvitationUse.objects.count() == 1


def test_a_link_sent_again_makes_no_second_place(school, lead):
    invitation = invite(school, lead)
    first = token_for(invitation)
    send_invitation(invitation=invitation, now=NOW + DAY)
    accept(token_for(invitation), now=NOW + DAY)
    with pytest.raises(LinkUsed):
        accept(first, now=NOW + DAY)
    with pytest.raises(LinkUsed):
        send_invitation(invitation=invitation, now=NOW + DAY)


def test_a_link_ends_after_fourteen_days(school, lead):
    token = token_for(invite(school, lead))
    with pytest.raises((LinkExpired, InvitationExpired)):
        accept(token, now=NOW + 14 * DAY)
    assert accept(token, now=NOW + 14 * DAY - datetime.timedelta(seconds=1))


def test_what_the_inviter_said_fills_gaps_only(school, lead):
    job = JobRoleFactory()
    invitation = invite(school, lead, full_name="From The Lead", job_role=job)
    blank = UserFactory(full_name="", job_role=None)
    accept(token_for(invitation), blank)
    blank.refresh_from_db()
    assert (blank.full_name, blank.job_role) == ("From The Lead", job)
    own = UserFactory(full_name="My Own Name")
    accept(token_for(invite(school, lead, email="b@example.org", full_name="Else")), own)
    own.refresh_from_db()
    assert own.full_name == "My Own Name"


def test_a_member_s_click_uses_nothing_up(school, lead):
    invitation = invite(school, lead)
    member = MembershipFactory(organisation=school).user
    with pytest.raises(AlreadyMember):
        accept(token_for(invitation), member)
    assert accept(token_for(invitation))


def test_joining_answers_a_request_that_waits(school, lead):
    user = UserFactory()
    asked = JoinRequest.objects.create(user=user, organisation=school, asked_at=NOW)
    accept(token_for(invite(school, lead)), user)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_at) == (JoinRequestState.CONFIRMED, NOW)


def _asks_and_is_confirmed(user, school, lead):
    asked = JoinRequest.objects.create(user=user, organisation=school, asked_at=NOW)
    confirm_join_request(join_request=asked, decided_by=lead, now=NOW)


def _joins_by_a_team_s_link(user, school, lead):
    accept(team_token(team(school, lead)), user)


@pytest.mark.parametrize("joins", [_asks_and_is_confirmed, _joins_by_a_team_s_link])
def test_who_joins_in_another_way_has_no_invitation_left(school, lead, joins):
    user = UserFactory(email="New@example.org", last_login=NOW)
    mine, other = invite(school, lead), invite(school, lead, email="other@example.org")
    elsewhere = invite_elsewhere("new@example.org")
    token = token_for(mine)
    joins(user, school, lead)
    assert list(invitations_of(school, now=NOW).filter(kind=InvitationKind.SINGLE)) == [other]
    assert read_invitation(token_for(elsewhere), now=NOW) == elsewhere
    end_membership(user=user, organisation=school, ended_by=lead, last_day=NOW.date(), now=NOW)
    with pytest.raises(InvitationWithdrawn):
        accept(token, user)
    assert AuditEntry.objects.filter(action="invitation.settled", actor=None).count() == 1


def invite_elsewhere(email):
    organisation = OrganisationFactory()
    other = MembershipFactory(organisation=organisation, kind=MembershipKind.LEAD).user
    return invite(organisation, other, email=email)


def test_who_was_put_there_by_others_keeps_theirs_until_they_leave(school, lead):
    known = UserFactory(email="new@example.org", last_login=None)
    known.set_unusable_password()
    known.save()
    token = token_for(invite(school, lead))
    join_organisation(user=known, organisation=school, now=NOW, starts_on=NOW.date())
    assert read_invitation(token, now=NOW)
    end_membership(user=known, organisation=school, ended_by=lead, last_day=NOW.date(), now=NOW)
    with pytest.raises(InvitationWithdrawn):
        read_invitation(token, now=NOW)


def test_becoming_a_member_leaves_an_invitation_to_lead(school, lead):
    admin = RoleGrantFactory(role=Role.ADMINISTRATOR).user
    token = token_for(invite(school, admin, membership_kind=MembershipKind.LEAD))
    user = UserFactory(email="new@example.org", last_login=NOW)
    _joins_by_a_team_s_link(user, school, lead)
    assert accept(token, user).kind == MembershipKind.LEAD


def test_who_left_and_comes_back_on_the_last_day_goes_on(school, lead):
    membership = MembershipFactory(organisation=school, ends_on=NOW.date())
    again = accept(token_for(invite(school, lead)), membership.user)
    assert again == membership
    assert again.ends_on is None


# --- a team ---


def test_a_team_joins_until_the_limit(school, lead):
    invitation = team(school, lead, limit=2)
    token = team_token(invitation)
    first, second = UserFactory(), UserFactory()
    membership = accept(token, first)
    assert accept(token, first) == membership  # twice is once
    accept(token, second)
    with pytest.raises(InvitationFull):
        accept(token)
    with pytest.raises(InvitationFull):
        read_invitation(token, now=NOW)
    assert list(invitation.uses.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_team_s_link_ends(school, lead):
    token = team_token(team(school, lead, lasts_days=1))
    with pytest.raises(InvitationExpired):
        accept(token, now=NOW + DAY)
    assert accept(token, now=NOW + DAY - datetime.timedelta(seconds=1))


def test_who_left_does_not_come_back_by_the_same_link(school, lead):
    token, user = team_token(team(school, lead)), UserFactory()
    membership = accept(token, user)
    membership.ends_on = NOW.date()
    membership.save()
    with pytest.raises(LinkUsed):
        accept(token, user)


@pytest.mark.parametrize(
    ("limit", "days"), [(0, 7), (-1, 7), (501, 7), (10**9, 7), (5, 0), (5, 91), (1, 1), (500, 90)]
)
def test_limits_of_a_link(school, lead, limit, days):
    if (limit, days) in {(1, 1), (500, 90)}:
        assert team(school, lead, limit=limit, lasts_days=days)
        return
    with pytest.raises(LimitOutOfRange):
        team(school, lead, limit=limit, lasts_days=days)


# --- tokens ---


@pytest.mark.parametrize(
    "spoil",
    [
        str.upper,
        lambda t: t[:-1],
        lambda t: t[1:],
        lambda t: "",
        lambda t: "\x00",
        lambda t: t.split(":")[0],
        lambda t: "0" * 32 + ":" + t.split(":")[1],
        lambda t: t * 50,
    ],
)
@pytest.mark.parametrize("kind", InvitationKind)
def test_an_altered_token_is_no_link(school, lead, kind, spoil):
    if kind == InvitationKind.TEAM:
        token = team_token(team(school, lead))
    else:
        token = token_for(invite(school, lead))
    with pytest.raises(LinkAltered):
        accept(spoil(token))
    assert accept(token)


def test_a_single_invitation_cannot_be_opened_as_a_team_s(school, lead):
    invitation = invite(school, lead)
    with pytest.raises(LinkAltered):
        accept(team_token(invitation))


# --- withdrawing ---


@pytest.mark.parametrize("kind", InvitationKind)
def test_a_withdrawn_invitation_says_so(school, lead, kind):
    invitation = team(school, lead) if kind == InvitationKind.TEAM else invite(school, lead)
    token = team_token(invitation) if kind == InvitationKind.TEAM else token_for(invitation)
    for _twice in range(2):
        withdraw_invitation(invitation=invitation, withdrawn_by=lead, now=NOW)
    assert AuditEntry.objects.filter(action="invitation.withdrawn").count() == 1
    for way in (lambda: accept(token), lambda: read_invitation(token, now=NOW)):
        with pytest.raises(InvitationWithdrawn):
            way()


def test_a_withdrawn_one_is_not_sent_and_the_person_can_be_invited_anew(school, lead):
    invitation = invite(school, lead)
    withdraw_invitation(invitation=invitation, withdrawn_by=lead, now=NOW)
    with pytest.raises(InvitationWithdrawn):
        send_invitation(invitation=invitation, now=NOW)
    assert invite(school, lead) != invitation


def test_an_accepted_one_is_not_withdrawn(school, lead):
    invitation = invite(school, lead)
    accept(token_for(invitation))
    with pytest.raises(LinkUsed):
        withdraw_invitation(invitation=invitation, withdrawn_by=lead, now=NOW)


def test_a_stranger_withdraws_nothing(school, lead):
    invitation = invite(school, lead)
    stranger = MembershipFactory(kind=MembershipKind.LEAD).user
    with pytest.raises(NotYours):
        withdraw_invitation(invitation=invitation, withdrawn_by=stranger, now=NOW)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None


def test_those_who_joined_stay_when_the_link_is_withdrawn(school, lead):
    invitation = team(school, lead)
    membership = accept(team_token(invitation))
    withdraw_invitation(invitation=invitation, withdrawn_by=lead, now=NOW)
    membership.refresh_from_db()
    assert membership.ends_on is None
