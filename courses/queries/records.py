"""The learning of other people, as far as somebody's roles reach: the list of it."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.template.defaultfilters import date as written_day
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Permission, Role, ScopeKind
from accounts.models import Organisation, RoleGrant, User
from accounts.permissions import covers_organisation, grants_carrying
from accounts.queries import current_grants, organisations_reached
from courses.models import Answer, Attempt, Course, Enrolment, LessonProgress, VersionLesson

STUCK_DAYS = 30
STATES = ("under_way", "finished", "stuck", "withdrawn")


def enrolments_seen_by(
    user: User, *, on: datetime.date, permission: Permission = Permission.VIEW_LEARNING
) -> QuerySet[Enrolment]:
    """Select the enrolments that the roles of `user` reach on the day `on`.

    What counts is the organisation of the moment of enrolling; those without one are reached only
    by a role held for everything. Editors' tests are nobody's learning.
    """
    grants = grants_carrying(current_grants(user, on=on), permission)
    found = Enrolment.objects.counted()
    if any(grant.scope_kind == ScopeKind.EVERYTHING for grant in grants):
        return found
    if not grants:
        return found.none()
    return found.filter(organisation__in=organisations_reached(grants))


def may_see_scores(user: User, enrolment: Enrolment, *, on: datetime.date) -> bool:
    """Say whether `user` sees scores and reasons, and not only whether something is passed.

    A lead does not; whoever trains, coordinates or looks after the site there does.
    """
    grants = grants_carrying(current_grants(user, on=on), Permission.VIEW_LEARNING)
    return any(_reaches(grant, enrolment) for grant in grants if grant.role != Role.LEAD)


def _reaches(grant: RoleGrant, enrolment: Enrolment) -> bool:
    if grant.scope_kind == ScopeKind.EVERYTHING:
        return True
    return enrolment.organisation is not None and covers_organisation(grant, enrolment.organisation)


@dataclass(frozen=True, slots=True)
class LearningAsked:
    """What somebody looks for in the list of learners; nothing asked is everybody they reach."""

    words: str = ""
    course: Course | None = None
    state: str = ""
    organisation: Organisation | None = None


def learning_found(
    viewer: User, asked: LearningAsked, *, now: datetime.datetime
) -> QuerySet[Enrolment]:
    """Select the enrolments `viewer` may see that match all that is `asked`, begun last first.

    Stuck is who is under way and has opened, answered or tried nothing for 30 days.
    """
    found = enrolments_seen_by(viewer, on=timezone.localdate(now))
    for word in asked.words.split():
        found = found.filter(Q(user__full_name__icontains=word) | Q(user__email__icontains=word))
    if asked.course:
        found = found.filter(course=asked.course)
    if asked.organisation:
        found = found.filter(organisation=asked.organisation)
    if asked.state == "withdrawn":
        found = found.filter(withdrawn_at__isnull=False)
    elif asked.state == "finished":
        found = found.filter(completed_at__isnull=False)
    elif asked.state in ("under_way", "stuck"):
        found = found.filter(completed_at__isnull=True, withdrawn_at__isnull=True)
    if asked.state == "stuck":
        since = now - datetime.timedelta(days=STUCK_DAYS)
        found = with_last_active(found).filter(last_active__lt=since)  # type: ignore[misc]  # annotated
    return found.order_by("-started_at", "-pk")


def with_last_active(found: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Say for each enrolment when something was last opened, answered or tried in it."""

    def last(model: Any, moment: Any) -> Coalesce:
        rows = model.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
        newest = Subquery(rows.annotate(moment=Max(moment)).values("moment"))
        return Coalesce(newest, F("started_at"))

    return found.annotate(
        last_active=Greatest(
            F("started_at"),
            last(LessonProgress, Coalesce("finished_at", "started_at")),
            last(Answer, "answered_at"),
            last(Attempt, Coalesce("submitted_at", "started_at")),
        )
    )


@dataclass(frozen=True, slots=True)
class LearningListRow:
    public_id: uuid.UUID
    name: str
    email: str
    course: str
    organisation: str
    state: str
    state_kind: str
    progress: str
    last_active: str
    url: str


def learning_rows(found: QuerySet[Enrolment], *, now: datetime.datetime) -> list[LearningListRow]:
    """List `found` (one page of it) for the screen: two queries, however many there are."""
    finished = (
        LessonProgress.objects.filter(
            enrolment=OuterRef("pk"),
            finished_at__isnull=False,
            lesson__version_lessons__version=OuterRef("version"),
        )
        .order_by()
        .values("enrolment")
        .annotate(n=Count("pk", distinct=True))
    )
    rows = list(
        with_last_active(found)
        .select_related("user", "course", "organisation", "version")
        .annotate(finished=Coalesce(Subquery(finished.values("n")), 0))
    )
    totals = dict(
        VersionLesson.objects.filter(version__in={row.version_id for row in rows})
        .values_list("version")
        .annotate(Count("pk"))
    )
    return [_row(row, totals.get(row.version_id, 0), now) for row in rows]


def _row(row: Any, total: int, now: datetime.datetime) -> LearningListRow:
    is_stuck = row.last_active < now - datetime.timedelta(days=STUCK_DAYS)
    state, kind = state_in_words(row, is_stuck=is_stuck)
    return LearningListRow(
        public_id=row.public_id,
        name=str(row.user),
        email=row.user.email,
        course=row.course.title,
        organisation=row.organisation.name if row.organisation else "",
        state=state,
        state_kind=kind,
        progress=_("%(done)d of %(total)d lessons") % {"done": row.finished, "total": total},
        last_active=written_day(timezone.localtime(row.last_active)),
        url=reverse("courses:learning", args=[row.public_id]),
    )


def state_in_words(enrolment: Enrolment, *, is_stuck: bool = False) -> tuple[str, str]:
    """Say how an enrolment stands, and in which colour."""
    if enrolment.completed_at is not None:
        return _("Finished"), "green"
    if enrolment.withdrawn_at is not None:
        return _("Withdrawn"), "grey"
    if is_stuck:
        return _("Stuck"), "yellow"
    return _("Under way"), "teal"
