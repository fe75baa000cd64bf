"""The people of the site, as far as somebody's roles reach them."""

import datetime
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.enums import MembershipKind, Permission, Role, ScopeKind
from accounts.models import Area, Audience, AuditEntry, Membership, Organisation, RoleGrant, User
from accounts.permissions import grants_carrying, may_give
from accounts.queries.people import current_grants, organisations_reached
from lms.core.words import moment_in_words


def people_seen_by(viewer: User, *, on: datetime.date) -> QuerySet[User]:
    """Select the people whom `viewer` may see on the day `on`, by the scopes of their roles.

    A person is reached through the organisation they belong to, or through a role they hold (or
    are to hold) for a place inside the scope. Who belongs nowhere is reached only by a role held
    for everything.
    """
    grants = grants_carrying(current_grants(viewer, on=on), Permission.VIEW_PEOPLE)
    if any(grant.scope_kind == ScopeKind.EVERYTHING for grant in grants):
        return User.objects.all()
    organisations = organisations_reached(grants)
    members = Membership.objects.current(on).filter(organisation__in=organisations)
    areas = {grant.area_id for grant in grants if grant.area_id}
    courts = {grant.court_id for grant in grants if grant.court_id}
    holders = RoleGrant.objects.not_ended(on).filter(
        Q(organisation__in=organisations)
        | Q(area__in=areas)
        | Q(court__area__in=areas)
        | Q(court__in=courts)
    )
    return User.objects.filter(Q(pk__in=members.values("user")) | Q(pk__in=holders.values("user")))


@dataclass(frozen=True, slots=True)
class PeopleAsked:
    """What somebody looks for in the list of people; nothing asked is everybody they may see."""

    words: str = ""
    organisation: Organisation | None = None
    area: Area | None = None
    role: str = ""
    audience: Audience | None = None


def people_found(viewer: User, asked: PeopleAsked, *, on: datetime.date) -> QuerySet[User]:
    """Select the people `viewer` may see who match all that is `asked`, by name."""
    people = people_seen_by(viewer, on=on)
    for word in asked.words.split():
        people = people.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    members = Membership.objects.current(on)
    if asked.organisation:
        people = people.filter(
            pk__in=members.filter(organisation=asked.organisation).values("user")
        )
    if asked.area:
        people = people.filter(pk__in=members.filter(organisation__area=asked.area).values("user"))
    if asked.role:
        holds = Q(pk__in=RoleGrant.objects.current(on).filter(role=asked.role).values("user"))
        if asked.role == Role.LEAD:
            holds |= Q(pk__in=members.filter(kind=MembershipKind.LEAD).values("user"))
        people = people.filter(holds)
    if asked.audience:
        people = people.filter(job_role__audience=asked.audience)
    return people.order_by("full_name", "email", "pk")


@dataclass(frozen=True, slots=True)
class PersonRow:
    public_id: uuid.UUID
    name: str
    email: str
    work: str
    organisations: list[str]
    roles: list[str]
    is_active: bool


def person_rows(people: QuerySet[User], *, on: datetime.date) -> list[PersonRow]:
    """List `people` (one page of them) for the screen: three queries, however many there are."""
    memberships = Membership.objects.current(on).select_related("organisation").order_by("pk")
    grants = RoleGrant.objects.current(on).select_related("area", "organisation", "court")
    people = people.select_related("job_role").prefetch_related(
        Prefetch("memberships", memberships, to_attr="places_now"),
        Prefetch("role_grants", grants.order_by("role", "pk"), to_attr="roles_now"),
    )
    return [_person_row(person) for person in people]


def _person_row(person: User) -> PersonRow:
    places = person.places_now  # type: ignore[attr-defined]  # prefetched above
    roles = [grant.words for grant in person.roles_now]  # type: ignore[attr-defined]  # as above
    kinds: dict[str, list[str]] = defaultdict(list)
    for membership in places:
        kinds[membership.organisation.name]
        if membership.kind != MembershipKind.PLAIN:
            kinds[membership.organisation.name].append(membership.get_kind_display())
    return PersonRow(
        public_id=person.public_id,
        name=str(person),
        email=person.email,
        work=person.job_role.name if person.job_role else "",
        organisations=[
            f"{name} ({', '.join(kind.lower() for kind in held)})" if held else name
            for name, held in kinds.items()
        ],
        roles=roles,
        is_active=person.is_active,
    )


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role somebody holds, held or is to hold, as one entry of a timeline."""

    pk: int
    words: str
    state: str
    tag_kind: str
    begins: str
    given_by: str
    ends: str = ""
    reason: str = ""
    has_ended: bool = False
    may_be_taken: bool = False


def roles_of(person: User, *, on: datetime.date, viewer: User | None = None) -> list[HeldRole]:
    """List the roles of `person`, the latest first, with who gave them and who took them.

    `viewer` sees why a role was taken, and may take it, where they could give it themselves.
    """
    grants = current_grants(viewer, on=on) if viewer else []
    held = (
        RoleGrant.objects.filter(user=person)
        .select_related("area", "organisation", "court", "granted_by", "ended_by")
        .order_by("-starts_on", "-pk")
    )
    return [
        _held_role(grant, on, may_give(grants, Role(grant.role), grant.place)) for grant in held
    ]


def _held_role(grant: RoleGrant, on: datetime.date, may_take: bool) -> HeldRole:
    has_ended = bool(grant.taken_at or (grant.ends_on and grant.ends_on < on))
    if has_ended:
        state, tag_kind = _("Ended"), "grey"
    elif grant.starts_on > on:
        state, tag_kind = _("To begin"), "yellow"
    else:
        state, tag_kind = _("Held now"), "green"
    given_on = date_format(timezone.localtime(grant.created_at).date())
    if grant.granted_by:
        given_by = _("Given by %(who)s on %(day)s") % {"who": grant.granted_by, "day": given_on}
    else:
        given_by = _("Given when the site was set up, on %(day)s") % {"day": given_on}
    return HeldRole(
        pk=grant.pk,
        words=grant.words,
        state=state,
        tag_kind=tag_kind,
        begins=_("From %(day)s") % {"day": date_format(grant.starts_on)},
        given_by=given_by,
        ends=_end_words(grant),
        reason=grant.end_reason if may_take else "",
        has_ended=has_ended,
        may_be_taken=may_take and not has_ended,
    )


def _end_words(grant: RoleGrant) -> str:
    if grant.ends_on is None:
        return ""
    day = date_format(grant.ends_on)
    if grant.taken_at:
        text = _("Taken at once on %(day)s") % {"day": moment_in_words(grant.taken_at)}
    else:
        text = _("Last day %(day)s") % {"day": day}
    if grant.ended_by is None:
        return text
    return _("%(text)s, by %(who)s") % {"text": text, "who": grant.ended_by}


@dataclass(frozen=True, slots=True)
class Belonging:
    """A time at an organisation, in words."""

    organisation: str
    kind: str
    dates: str
    is_current: bool


def belongings_of(person: User, *, on: datetime.date) -> list[Belonging]:
    """List where `person` belongs and belonged, the latest first."""
    memberships = Membership.objects.filter(user=person).select_related("organisation")
    return [
        Belonging(
            organisation=membership.organisation.name,
            kind=membership.get_kind_display(),
            dates=_dates(membership.starts_on, membership.ends_on),
            is_current=membership.starts_on <= on
            and (membership.ends_on is None or membership.ends_on >= on),
        )
        for membership in memberships.order_by("-starts_on", "-pk")
    ]


def _dates(starts_on: datetime.date, ends_on: datetime.date | None) -> str:
    if ends_on is None:
        return _("Since %(day)s") % {"day": date_format(starts_on)}
    return _("%(first)s to %(last)s") % {
        "first": date_format(starts_on),
        "last": date_format(ends_on),
    }


def keeps_everything(keeper: User, *, on: datetime.date) -> bool:
    """Say whether `keeper` keeps the directory of everything, not of an area or a place only."""
    grants = grants_carrying(current_grants(keeper, on=on), Permission.KEEP_DIRECTORY)
    return any(grant.scope_kind == ScopeKind.EVERYTHING for grant in grants)


def directory_kept_by(keeper: User, records: QuerySet[Any], *, on: datetime.date) -> QuerySet[Any]:
    """Narrow areas, organisations or venues to those `keeper` keeps on the day `on`."""
    if keeps_everything(keeper, on=on):
        return records
    grants = grants_carrying(current_grants(keeper, on=on), Permission.KEEP_DIRECTORY)
    areas = {grant.area_id for grant in grants if grant.area_id}
    if records.model is Organisation:
        return records.filter(pk__in=organisations_reached(grants))
    if records.model is Area:
        return records.filter(pk__in=areas)
    courts = {grant.court_id for grant in grants if grant.court_id}
    return records.filter(Q(area__in=areas) | Q(pk__in=courts))


def audit_seen_by(viewer: User, *, on: datetime.date) -> QuerySet[AuditEntry]:
    """Select the audit lines that `viewer` may read on the day `on`, the latest first.

    A role held for everything reads all; one held for a place reads what is about its people.
    """
    lines = AuditEntry.objects.select_related("actor", "subject").order_by("-at", "-pk")
    grants = grants_carrying(current_grants(viewer, on=on), Permission.VIEW_AUDIT)
    if any(grant.scope_kind == ScopeKind.EVERYTHING for grant in grants):
        return lines
    if not grants:
        return lines.none()
    return lines.filter(subject__in=people_seen_by(viewer, on=on))


def audit_about(person: User) -> QuerySet[AuditEntry]:
    """Select the audit lines about `person`'s own records, the latest first."""
    return (
        AuditEntry.objects.filter(subject=person)
        .select_related("actor", "subject")
        .order_by("-at", "-pk")
    )
