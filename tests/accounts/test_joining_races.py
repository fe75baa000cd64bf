"""Many people at one link, at the same moment: never more than it is for."""

import datetime
import threading

import pytest

from accounts.enums import MembershipKind
from accounts.models import Invitation, InvitationUse, JoinRequest, Membership
from accounts.services import (
    accept_invitation,
    ask_to_join,
    confirm_join_request,
    decline_join_request,
    invite_person,
    invite_team,
    team_token,
    withdraw_invitation,
)
from accounts.services.invitations import InvitationFull, InvitationWithdrawn
from accounts.services.joining import RequestAnswered
from lms.core.links import LinkUsed, token_of
from lms.core.models import EmailedLink
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.joining import TeamInvitationFactory
from tests.races import run_at_once

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def lead():
    return MembershipFactory(kind=MembershipKind.LEAD)


def team(lead, limit):
    return invite_team(
        organisation=lead.organisation, invited_by=lead.user, now=NOW, limit=limit, lasts_days=7
    )


def joining(token, user):
    return lambda: accept_invitation(token=token, user=user, now=NOW)


def kinds_of(results):
    return sorted(type(result).__name__ for result in results)


def test_of_eight_who_want_three_places_three_join(lead):
    invitation = team(lead, limit=3)
    token = team_token(invitation)
    results = run_at_once(*[joining(token, UserFactory()) for _ in range(8)])
    assert kinds_of(results) == [InvitationFull.__name__] * 5 + [Membership.__name__] * 3
    invitation.refresh_from_db()
    assert invitation.used == 3
    assert sorted(invitation.uses.values_list("number", flat=True)) == [1, 2, 3]
    assert Membership.objects.filter(kind=MembershipKind.PLAIN).count() == 3


def test_without_the_lock_the_same_race_lets_too_many_in():
    """The control: read, count, write, as it would be done without a guard or a number."""
    invitation = TeamInvitationFactory(limit=1)
    everybody_has_read = threading.Barrier(4)

    def join_unguarded(user, number):
        def work():
            used = Invitation.objects.values_list("used", flat=True).get(pk=invitation.pk)
            everybody_has_read.wait(timeout=20)
            if used >= invitation.limit:
                raise InvitationFull
            InvitationUse.objects.create(invitation=invitation, user=user, number=number, at=NOW)
            Invitation.objects.filter(pk=invitation.pk).update(used=used + 1)
            return user

        return work

    results = run_at_once(*[join_unguarded(UserFactory(), number) for number in range(4)])
    assert kinds_of(results) == ["User"] * 4
    assert invitation.uses.count() == 4 > invitation.limit
    invitation.refresh_from_db()
    assert invitation.used == 1  # and the count does not even know


def test_one_person_s_two_presses_are_one_place(lead):
    invitation = team(lead, limit=5)
    user = UserFactory()
    results = run_at_once(*[joining(team_token(invitation), user)] * 6)
    assert len({membership.pk for membership in results}) == 1
    invitation.refresh_from_db()
    assert invitation.used == 1


def test_of_two_people_with_one_person_s_link_one_joins(lead):
    invitation = invite_person(
        organisation=lead.organisation, email="ann@example.org", invited_by=lead.user, now=NOW
    )
    token = token_of(EmailedLink.objects.get(subject=str(invitation.pk)))
    results = run_at_once(*[joining(token, UserFactory()) for _ in range(4)])
    assert kinds_of(results) == [LinkUsed.__name__] * 3 + [Membership.__name__]


def test_withdrawing_while_people_join_leaves_a_true_count(lead):
    invitation = team(lead, limit=20)
    token = team_token(invitation)

    def withdraw():
        return withdraw_invitation(invitation=invitation, withdrawn_by=lead.user, now=NOW)

    results = run_at_once(withdraw, *[joining(token, UserFactory()) for _ in range(6)])
    joined = [result for result in results if isinstance(result, Membership)]
    refused = [result for result in results if isinstance(result, InvitationWithdrawn)]
    assert len(joined) + len(refused) == 6
    invitation.refresh_from_db()
    assert invitation.withdrawn_at == NOW
    assert invitation.used == invitation.uses.count() == len(joined)


def test_inviting_the_same_address_at_once_is_one_invitation(lead):
    def invite():
        return invite_person(
            organisation=lead.organisation, email="ann@example.org", invited_by=lead.user, now=NOW
        )

    results = run_at_once(*[invite] * 5)
    assert len({invitation.pk for invitation in results}) == 1
    assert EmailedLink.objects.count() == 1


def test_asking_at_once_is_one_request_and_it_is_answered_once(lead):
    user = UserFactory()

    def ask():
        return ask_to_join(user=user, organisation=lead.organisation, now=NOW)

    assert len({asked.pk for asked in run_at_once(*[ask] * 5)}) == 1
    asked = JoinRequest.objects.get()

    def confirm():
        return confirm_join_request(join_request=asked, decided_by=lead.user, now=NOW)

    def decline():
        return decline_join_request(join_request=asked, decided_by=lead.user, now=NOW)

    results = run_at_once(confirm, decline, confirm, decline)
    assert kinds_of(results).count(RequestAnswered.__name__) == 3
    asked.refresh_from_db()
    is_member = Membership.objects.filter(user=user).exists()
    assert is_member == (asked.state == "confirmed")
