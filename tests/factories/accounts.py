import datetime

import factory
from factory.django import DjangoModelFactory

from accounts.enums import MembershipKind, OrganisationKind, ScopeKind, VenueKind
from accounts.models import (
    Area,
    Audience,
    JobRole,
    Membership,
    Organisation,
    RoleGrant,
    User,
    Venue,
)


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area

    name = factory.Sequence(lambda n: f"Area {n}")
    slug = factory.Sequence(lambda n: f"area-{n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"School {n}")
    kind = OrganisationKind.SCHOOL
    area = factory.SubFactory(AreaFactory)


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Court {n}")
    kind = VenueKind.COURT
    area = factory.SubFactory(AreaFactory)


class AudienceFactory(DjangoModelFactory):
    class Meta:
        model = Audience

    name = factory.Sequence(lambda n: f"Audience {n}")
    slug = factory.Sequence(lambda n: f"audience-{n}")


class JobRoleFactory(DjangoModelFactory):
    class Meta:
        model = JobRole

    name = factory.Sequence(lambda n: f"Job {n}")
    audience = factory.SubFactory(AudienceFactory)


class UserFactory(DjangoModelFactory):
    """A person with the password 'correct horse' and a verified address."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    job_role = factory.SubFactory(JobRoleFactory)

    @factory.post_generation
    def signing_in(self, create, extracted, **kwargs):
        from allauth.account.models import EmailAddress

        self.set_password("correct horse")
        self.save(update_fields=["password"])
        EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    kind = MembershipKind.PLAIN
    starts_on = datetime.date(2026, 1, 1)


class RoleGrantFactory(DjangoModelFactory):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = "coordinator"
    scope_kind = ScopeKind.EVERYTHING
    starts_on = datetime.date(2026, 1, 1)
