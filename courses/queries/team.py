"""The people of an organisation and one course: who can be enrolled on it, and who cannot, why."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.db.models.functions import Lower
from django.template.defaultfilters import date as written_day
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import InvitationKind, Permission
from accounts.models import Invitation, Membership, Organisation, User
from accounts.permissions import covers_organisation, grants_carrying
from accounts.queries import current_grants
from courses.enums import TeamStanding
from courses.models import Completion, Course, Enrolment


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the organisation, and in words why they are not enrolled, if they cannot be."""

    user: User
    standing: TeamStanding
    why: str = ""

    @property
    def is_able(self) -> bool:
        return self.standing == TeamStanding.ABLE


def may_enrol(user: User, organisation: Organisation, *, on: datetime.date) -> bool:
    """Say whether `user` may, on the day `on`, enrol the people of `organisation` on courses."""
    grants = grants_carrying(current_grants(user, on=on), Permission.ENROL_PEOPLE)
    return user.is_active and any(covers_organisation(grant, organisation) for grant in grants)


def people_here(organisation: Organisation, *, on: datetime.date, search: str = "") -> list[User]:
    """List who belongs to `organisation` on the day `on`, by name, with their work. One query."""
    here = Membership.objects.current(on).filter(organisation=organisation)
    found = User.objects.filter(pk__in=here.values("user"), is_active=True)
    for word in search.split():
        found = found.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    return list(found.select_related("job_role__audience").order_by(Lower("full_name"), "pk"))


def colleagues_for(
    organisation: Organisation, course: Course, *, on: datetime.date
) -> list[Colleague]:
    """List the people of `organisation`, each as they stand to `course`, by name.

    What somebody did for another organisation keeps them from being enrolled, and is not told.
    Four queries, however many people and courses that come first there are.
    """
    people = people_here(organisation, on=on)
    first = list(course.prerequisites.order_by("title", "pk"))
    here = Membership.objects.current(on).filter(organisation=organisation).values("user")
    enrolments: dict[int, Enrolment] = {}
    for enrolment in (
        Enrolment.objects.counted().filter(course=course, user__in=here).order_by("started_at")
    ):
        enrolments[enrolment.user_id] = enrolment
    completed: dict[int, dict[int, Completion]] = defaultdict(dict)
    for completion in (
        Completion.objects.standing()
        .filter(user__in=here, course__in=[course, *first])
        .order_by("completed_at")
    ):
        completed[completion.user_id][completion.course_id] = completion
    return [
        _colleague(user, organisation, course, first, enrolments.get(user.pk), completed[user.pk])
        for user in people
    ]


def _colleague(
    user: User,
    organisation: Organisation,
    course: Course,
    first: list[Course],
    enrolment: Enrolment | None,
    completed: dict[int, Completion],
) -> Colleague:
    done = completed.get(course.pk)
    if enrolment is not None and enrolment.completed_at is None and enrolment.withdrawn_at is None:
        is_ours = enrolment.organisation_id == organisation.pk
        words = _("Takes it since %(day)s") % {"day": _day(enrolment.started_at)}
        return Colleague(user, TeamStanding.UNDER_WAY, words if is_ours else _elsewhere())
    if done is not None:
        words = _("Completed it on %(day)s") % {"day": _day(done.completed_at)}
        is_ours = done.organisation_id == organisation.pk
        return Colleague(user, TeamStanding.COMPLETE, words if is_ours else _elsewhere())
    if enrolment is not None and enrolment.withdrawn_at is not None:
        words = _("Left it on %(day)s. They can start it again themselves.")
        return Colleague(user, TeamStanding.LEFT, words % {"day": _day(enrolment.withdrawn_at)})
    if never_came(user):
        return Colleague(user, TeamStanding.NOT_JOINED, _("Has not joined yet"))
    if missing := [each for each in first if each.pk not in completed]:
        titles = ", ".join(f"“{each.title}”" for each in missing)
        words = _("Has to complete %(titles)s first") % {"titles": titles}
        return Colleague(user, TeamStanding.LACKING, words)
    return Colleague(user, TeamStanding.ABLE)


def never_came(user: User) -> bool:
    """Say what `accounts.models.never_came_in` asks of the database, of one person at hand."""
    return user.last_login is None and user.password.startswith(UNUSABLE_PASSWORD_PREFIX)


def _elsewhere() -> str:
    return _("Takes or has taken it already, not by way of your organisation")


def _day(moment: datetime.datetime) -> str:
    return written_day(timezone.localdate(moment))


def invited_to(organisation: Organisation) -> list[str]:
    """List who was invited to `organisation` and is nobody here yet, by name or address."""
    waiting = Invitation.objects.unanswered().filter(
        organisation=organisation, kind=InvitationKind.SINGLE
    )
    known = User.objects.filter(memberships__organisation=organisation).values(low=Lower("email"))
    return [
        each.full_name or each.email
        for each in waiting.exclude(email__in=known).order_by(Lower("full_name"), "email")[:100]
    ]


def chosen_among(
    colleagues: Iterable[Colleague], chosen: Iterable[uuid.UUID]
) -> tuple[list[Colleague], list[Colleague]]:
    """Divide those who were `chosen` into who can be enrolled and who cannot."""
    wanted = set(chosen)
    picked = [each for each in colleagues if each.user.public_id in wanted]
    return [x for x in picked if x.is_able], [x for x in picked if not x.is_able]
