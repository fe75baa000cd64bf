import datetime

import factory
from factory.django import DjangoModelFactory

from accounts.enums import InvitationKind, MembershipKind, Role
from accounts.models import Invitation, JoinRequest, Organisation, User
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.courses import NOW


class InvitationFactory(DjangoModelFactory):
    """One person's invitation that nobody was told of yet."""

    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    kind = InvitationKind.SINGLE
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    full_name = factory.Sequence(lambda n: f"Invited {n}")
    invited_by = factory.SubFactory(UserFactory)
    is_held = True


class TeamInvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    kind = InvitationKind.TEAM
    limit = 10
    expires_at = factory.LazyFunction(lambda: NOW + datetime.timedelta(days=30))
    invited_by = factory.SubFactory(UserFactory)


class JoinRequestFactory(DjangoModelFactory):
    class Meta:
        model = JoinRequest

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    asked_at = NOW


def make_lead(organisation: Organisation) -> User:
    """Make a member of `organisation` who leads it, with the menus that follow."""
    user = MembershipFactory(organisation=organisation).user
    MembershipFactory(organisation=organisation, user=user, kind=MembershipKind.LEAD)
    user.roles_today = [Role.LEAD]
    user.save(update_fields=["roles_today"])
    return user
