"""The courses of an organisation's people: who has not started, is under way, is complete."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.template.defaultfilters import date as written_day
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, User
from courses.models import Course, Enrolment
from courses.queries.team import never_came


@dataclass(frozen=True, slots=True)
class TeamAsked:
    """What a lead looks for among their people; nothing asked is everybody."""

    words: str = ""
    course: Course | None = None
    state: str = ""  # 'none', 'under_way' or 'complete'


@dataclass(frozen=True, slots=True)
class TeamCourse:
    """Where somebody stands in a course."""

    title: str
    state: str
    kind: str
    day: str
    url: str = ""


@dataclass(frozen=True)
class TeamRow:
    name: str
    email: str
    url: str
    note: str = ""
    courses: list[TeamCourse] = field(default_factory=list)


def _own(organisation: Organisation) -> QuerySet[Enrolment]:
    """Select what is learned for `organisation`: what is done for others is not told here."""
    return Enrolment.objects.counted().filter(organisation=organisation)


def team_found(
    organisation: Organisation, asked: TeamAsked, *, on: datetime.date
) -> QuerySet[User]:
    """Select the people of `organisation` on the day `on` who fit what is `asked`, by name.

    Not started is who takes and took the course (any, if none is asked for) not at all.
    """
    here = Membership.objects.current(on).filter(organisation=organisation)
    found = User.objects.filter(pk__in=here.values("user"), is_active=True)
    for word in asked.words.split():
        found = found.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    theirs = _own(organisation).filter(user=OuterRef("pk"), withdrawn_at=None)
    if asked.course:
        theirs = theirs.filter(course=asked.course)
    if asked.state == "none":
        found = found.exclude(Exists(theirs))
    elif asked.state == "under_way":
        found = found.filter(Exists(theirs.filter(completed_at=None)))
    elif asked.state == "complete":
        found = found.filter(Exists(theirs.filter(completed_at__isnull=False)))
    return found.order_by(Lower("full_name"), "pk")


def team_rows(
    organisation: Organisation, people: list[User], course: Course | None
) -> list[TeamRow]:
    """Write `people` as rows with their courses, begun last first. One query for any number.

    Of a course that somebody took several times the last one is told.
    """
    taken: dict[int, dict[int, Enrolment]] = defaultdict(dict)
    found = _own(organisation).filter(user__in=[user.pk for user in people])
    if course is not None:
        found = found.filter(course=course)
    for enrolment in found.select_related("course").order_by("-started_at", "-pk"):
        taken[enrolment.user_id].setdefault(enrolment.course_id, enrolment)
    return [
        TeamRow(
            name=str(user),
            email=user.email,
            url=reverse(
                "accounts:organisation-person", args=[organisation.public_id, user.public_id]
            ),
            note=_("Has not joined yet") if never_came(user) else "",
            courses=[_course(each) for each in taken[user.pk].values()],
        )
        for user in people
    ]


def _course(enrolment: Enrolment) -> TeamCourse:
    state, kind, moment = _("Under way"), "teal", enrolment.started_at
    if enrolment.completed_at is not None:
        state, kind, moment = _("Complete"), "green", enrolment.completed_at
    elif enrolment.withdrawn_at is not None:
        state, kind, moment = _("Left it"), "grey", enrolment.withdrawn_at
    elif enrolment.last_lesson_id is None:
        state, kind = _("Enrolled, not begun"), "yellow"
    day = written_day(timezone.localdate(moment))
    url = reverse("courses:learning", args=[enrolment.public_id])
    return TeamCourse(enrolment.course.title, state, kind, day, url)


def team_table(
    organisation: Organisation, asked: TeamAsked, *, on: datetime.date
) -> tuple[list[str], list[list[str]]]:
    """Write everybody who fits as lines for a file: one for each course, or one without."""
    header = [_("Name"), _("E-mail address"), _("Course"), _("How they stand"), _("Since")]
    people = list(team_found(organisation, asked, on=on))
    title = asked.course.title if asked.course else ""
    lines: list[list[str]] = []
    for row in team_rows(organisation, people, asked.course):
        begun = [[row.name, row.email, x.title, x.state, x.day] for x in row.courses]
        lines += begun or [[row.name, row.email, title, row.note or _("Not started"), ""]]
    return header, lines
