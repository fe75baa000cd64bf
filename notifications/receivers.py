"""News of accounts, as messages. What is written here stands or falls with its cause."""

import datetime
from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from accounts.models import (
    AccountClosing,
    Invitation,
    JoinRequest,
    Membership,
    RoleGrant,
    SecondFactorReset,
    User,
)
from accounts.queries import people_who_answer_for
from accounts.signals import (
    account_closed,
    account_opened,
    champion_ended,
    invitation_sent,
    join_decided,
    join_requested,
    reach_asked,
    role_given,
    role_taken,
    second_factor_forgotten,
)
from lms.core.models import EmailedLink
from notifications.notices.closings import tell_account_closed, tell_account_opened
from notifications.notices.joining import (
    INVITATION,
    tell_champion_ended,
    tell_invitation,
    tell_join_decided,
    tell_join_requested,
)
from notifications.notices.roles import tell_role_given, tell_role_taken
from notifications.notices.security import tell_second_factor_forgotten
from notifications.queries import unreached_by


@receiver(invitation_sent)
def send_invitation_link(
    invitation: Invitation, link: EmailedLink, now: datetime.datetime, **kwargs: Any
) -> None:
    tell_invitation(invitation=invitation, link=link, now=now)


@receiver(reach_asked)
def say_whom_invitations_do_not_reach(addresses: Collection[str], **kwargs: Any) -> dict[str, str]:
    return unreached_by(INVITATION.code, addresses)


@receiver(join_requested)
def ask_those_who_answer(join_request: JoinRequest, now: datetime.datetime, **kwargs: Any) -> None:
    for person in people_who_answer_for(join_request.organisation, on=timezone.localdate(now)):
        tell_join_requested(join_request=join_request, recipient=person, now=now)


@receiver(join_decided)
def send_answer(join_request: JoinRequest, now: datetime.datetime, **kwargs: Any) -> None:
    tell_join_decided(join_request=join_request, now=now)


@receiver(champion_ended)
def say_that_a_champion_is_missed(
    membership: Membership, ended_by: User, now: datetime.datetime, **kwargs: Any
) -> None:
    """Whoever ended it knows."""
    for person in people_who_answer_for(membership.organisation, on=timezone.localdate(now)):
        if person != ended_by:
            tell_champion_ended(membership=membership, recipient=person, now=now)


@receiver(role_given)
def tell_of_role_given(grant: RoleGrant, now: datetime.datetime, **kwargs: Any) -> None:
    """Nobody is told of what set-up and commands do: whoever runs these speaks to the person."""
    if grant.granted_by_id is not None:
        tell_role_given(grant=grant, now=now)


@receiver(role_taken)
def tell_of_role_taken(grant: RoleGrant, now: datetime.datetime, **kwargs: Any) -> None:
    """Whoever gives up their own role knows it."""
    if grant.ended_by_id is not None and grant.ended_by_id != grant.user_id:
        tell_role_taken(grant=grant, now=now)


@receiver(second_factor_forgotten)
def tell_of_second_factor_forgotten(
    reset: SecondFactorReset, now: datetime.datetime, **kwargs: Any
) -> None:
    tell_second_factor_forgotten(reset=reset, now=now)


@receiver(account_closed)
def tell_of_account_closed(closing: AccountClosing, now: datetime.datetime, **kwargs: Any) -> None:
    tell_account_closed(closing=closing, now=now)


@receiver(account_opened)
def tell_of_account_opened(closing: AccountClosing, now: datetime.datetime, **kwargs: Any) -> None:
    tell_account_opened(closing=closing, now=now)
