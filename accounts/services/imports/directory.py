"""A snapshot of the people and places that rows of a file are compared with."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Q
from django.db.models.functions import Lower

from accounts.enums import Permission, ScopeKind
from accounts.models import Invitation, Membership, Organisation, RoleGrant, User
from accounts.permissions import covers_organisation, grants_carrying
from accounts.queries import current_grants
from accounts.queries.import_cells import Said
from accounts.services.imports.words import Meanings, fold, meanings_today

# Below what SQLite and PostgreSQL take as parameters of one statement.
CHUNK = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    pk: int
    email: str
    full_name: str
    job_role_id: int | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody may import people, and where they may add organisations and areas."""

    importing: list[RoleGrant]
    keeping: list[RoleGrant]

    def may_import_into(self, organisation: Organisation) -> bool:
        return any(covers_organisation(grant, organisation) for grant in self.importing)

    def may_add_to(self, organisation: Organisation) -> bool:
        return any(covers_organisation(grant, organisation) for grant in self.keeping)

    @property
    def is_everywhere(self) -> bool:
        return any(grant.scope_kind == ScopeKind.EVERYTHING for grant in self.importing)

    @property
    def may_add_areas(self) -> bool:
        return any(grant.scope_kind == ScopeKind.EVERYTHING for grant in self.keeping)


def reach_of(user: User, *, on: datetime.date) -> Reach:
    """Find out where `user` may import people on the day `on`. Two queries."""
    grants = current_grants(user, on=on) if user.is_active else []
    return Reach(
        importing=grants_carrying(grants, Permission.IMPORT_PEOPLE),
        keeping=grants_carrying(grants, Permission.KEEP_DIRECTORY),
    )


@dataclass
class Directory:
    """What is here today, as far as some rows are about it. Built by `look_up`."""

    reach: Reach
    meanings: Meanings
    organisations: dict[tuple[str, int], Organisation] = field(default_factory=dict)
    by_name: dict[str, list[Organisation]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    by_pk: dict[int, Person] = field(default_factory=dict)
    places: dict[int, set[int]] = field(default_factory=dict)
    members: dict[int, list[Person]] = field(default_factory=dict)
    invited: set[tuple[int, str]] = field(default_factory=set)
    reached: set[int] = field(default_factory=set)

    def organisation(self, name: str, area_id: int) -> Organisation | None:
        return self.organisations.get((fold(name), area_id))

    def is_reached(self, person: Person) -> bool:
        """Say whether the person belongs to an organisation that the importer reaches."""
        if self.reach.is_everywhere:
            return True
        return not self.reached.isdisjoint(self.places.get(person.pk, ()))


def look_up(
    said: Sequence[Said],
    *,
    user: User,
    on: datetime.date,
    also_people: Iterable[int] = (),
    with_members: bool = True,
) -> Directory:
    """Read what the rows are about, in a number of queries that grows by one for 500 rows.

    `also_people` are people chosen by id; `with_members` reads the members of the organisations
    named, whom a new person may be like.
    """
    found = Directory(reach_of(user, on=on), meanings_today())
    for organisation in Organisation.objects.select_related("area").order_by("pk"):
        key = fold(organisation.name)
        found.organisations[key, organisation.area_id] = organisation
        found.by_name.setdefault(key, []).append(organisation)
        if found.reach.may_import_into(organisation):
            found.reached.add(organisation.pk)
    _read_people(found, {row.address for row in said}, set(also_people))
    _read_places(found, on)
    if with_members:
        named = {fold(row.organisation) for row in said}
        _read_members(found, [o.pk for name in named for o in found.by_name.get(name, ())], on)
    _read_invited(found, {row.address for row in said})
    return found


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


_PERSON = ("pk", "email", "full_name", "job_role_id", "is_active")


def _read_people(found: Directory, addresses: set[str], pks: set[int]) -> None:
    wanted = [(Q(low__in=part)) for part in chunks(sorted(addresses - {""}))]
    wanted += [Q(pk__in=part) for part in chunks(sorted(pks))]
    for condition in wanted:
        rows = User.objects.annotate(low=Lower("email")).filter(condition)
        for values in rows.values_list(*_PERSON):
            person = Person(*values)
            found.people[person.email.lower()] = person
            found.by_pk[person.pk] = person


def _read_places(found: Directory, on: datetime.date) -> None:
    places: dict[int, set[int]] = defaultdict(set)
    for part in chunks(sorted(found.by_pk)):
        current = Membership.objects.current(on).filter(user_id__in=part)
        for user_id, organisation_id in current.values_list("user_id", "organisation_id"):
            places[user_id].add(organisation_id)
    found.places = dict(places)


def _read_members(found: Directory, organisation_ids: list[int], on: datetime.date) -> None:
    members: dict[int, dict[int, Person]] = defaultdict(dict)
    for part in chunks(sorted(organisation_ids)):
        current = Membership.objects.current(on).filter(
            organisation_id__in=part, user__is_active=True
        )
        fields = [f"user__{name}" for name in _PERSON]
        for organisation_id, *values in current.values_list("organisation_id", *fields):
            members[organisation_id][values[0]] = Person(*values)
    found.members = {pk: list(people.values()) for pk, people in members.items()}


def _read_invited(found: Directory, addresses: set[str]) -> None:
    for part in chunks(sorted(addresses - {""})):
        open_ones = Invitation.objects.unanswered().filter(email__in=part)
        found.invited |= set(open_ones.values_list("organisation_id", "email"))
