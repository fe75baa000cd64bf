import datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import ScopeKind
from accounts.models import AuditEntry, Membership, User
from accounts.models.audit import AuditEntryIsFinal
from tests.factories.accounts import (
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_whatever_its_capitals():
    UserFactory(email="sian@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("Sian@Example.org")


def test_people_are_found_whatever_the_capitals():
    user = UserFactory(email="sian@example.org")
    assert User.objects.get_by_natural_key("SIAN@example.ORG") == user


@pytest.mark.parametrize(
    ("name", "initials"), [("Siân Pritchard", "S. P."), ("Łukasz", "Ł."), ("", "")]
)
def test_initials(name, initials):
    assert User(full_name=name).initials == initials


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (datetime.date(2026, 2, 28), False),
        (datetime.date(2026, 3, 1), True),
        (datetime.date(2026, 6, 10), True),
        (datetime.date(2026, 6, 11), False),
    ],
)
def test_a_membership_holds_on_its_first_and_last_day(on, holds):
    MembershipFactory(starts_on=datetime.date(2026, 3, 1), ends_on=datetime.date(2026, 6, 10))
    assert Membership.objects.current(on).exists() == holds


@pytest.mark.parametrize(
    "scope",
    [
        {"scope_kind": ScopeKind.AREA},
        {"scope_kind": ScopeKind.EVERYTHING, "area": AreaFactory},
        {"scope_kind": ScopeKind.COURT, "organisation": OrganisationFactory},
        {
            "scope_kind": ScopeKind.ORGANISATION,
            "organisation": OrganisationFactory,
            "area": AreaFactory,
        },
    ],
)
def test_a_role_s_scope_names_exactly_what_its_kind_says(scope):
    places = {k: v() if callable(v) else v for k, v in scope.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(**places)


@pytest.mark.parametrize("scoped", [False, True])
def test_the_same_role_for_the_same_scope_is_open_once(scoped):
    scope = {"scope_kind": ScopeKind.COURT, "court": VenueFactory()} if scoped else {}
    grant = RoleGrantFactory(**scope)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(user=grant.user, **scope)
    grant.ends_on = grant.starts_on
    grant.save()
    RoleGrantFactory(user=grant.user, **scope)


def test_an_audit_entry_is_final():
    entry = AuditEntry.objects.create(
        action="role.given",
        target_type="accounts.rolegrant",
        target_id="1",
        at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    )
    with pytest.raises(AuditEntryIsFinal):
        entry.save()
    with pytest.raises(AuditEntryIsFinal):
        entry.delete()


@pytest.mark.django_db
def test_whoever_has_an_address_is_found_whatever_its_capitals(django_assert_num_queries):
    user = UserFactory(email="Nia.Jones@example.org")
    UserFactory(email="nia.jones@example.com")
    with django_assert_num_queries(1):
        assert list(User.objects.at_address("NIA.jones@Example.org")) == [user]
    assert not User.objects.at_address("").exists()
    assert User.objects.get_by_natural_key("nia.JONES@example.org") == user
