"""How a course does: who began, who finished, how long it took, and where people stop.

Sums only. What fewer than five people stand behind is not broken down, and a group that small never
stands alone: the next smallest is kept back with it, so that nobody can be worked out from the sum.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Permission
from accounts.models import Audience, User
from courses.enums import RouteKind
from courses.models import Course, CourseVersion, Enrolment, LessonProgress, VersionLesson
from courses.queries.question_statistics import FEWEST, QuestionFigures, question_statistics
from courses.queries.records import STUCK_DAYS, enrolments_seen_by, with_last_active

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FiguresAsked:
    """Whose enrolments are summed up; nothing asked is everybody's."""

    since: datetime.date | None = None
    until: datetime.date | None = None
    route: str = ""
    version: CourseVersion | None = None
    audience: Audience | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Enrolments by where they stand. None where too few people stand behind them to be told."""

    enrolled: int | None
    under_way: int | None
    finished: int | None
    left: int | None

    @property
    def is_told(self) -> bool:
        return self.enrolled is not None

    @property
    def finished_percent(self) -> int:
        return round(100 * (self.finished or 0) / self.enrolled) if self.enrolled else 0


KEPT_BACK = Sums(None, None, None, None)


@dataclass(frozen=True, slots=True)
class GroupFigures:
    label: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class MonthFigures:
    label: str
    began: int | None
    finished: int | None


@dataclass(frozen=True, slots=True)
class LessonFigures:
    """How many began and finished a lesson, and of whom it was the last before they went quiet."""

    title: str
    is_current: bool
    began: int
    finished: int
    stopped: int | None
    began_percent: int
    finished_percent: int


@dataclass(frozen=True, slots=True)
class CourseFigures:
    people: int
    is_telling: bool
    total: Sums
    routes: list[GroupFigures]
    versions: list[GroupFigures]
    months: list[MonthFigures]
    times: list[tuple[str, int]]
    middle_time: str
    lessons: list[LessonFigures]
    quiet: int | None


def enrolments_counted_for(user: User, course: Course, *, on: datetime.date) -> QuerySet[Enrolment]:
    """Select the enrolments on `course` whose sums `user` may see on the day `on`.

    Whoever edits courses sees the sums of the whole site, and no person; others see those of the
    people their roles reach. Editors' tests are nobody's.
    """
    if user.has_perm(Permission.EDIT_COURSES):
        return Enrolment.objects.counted().filter(course=course)
    return enrolments_seen_by(user, on=on).filter(course=course)


def figures_found(found: QuerySet[Enrolment], asked: FiguresAsked) -> QuerySet[Enrolment]:
    """Keep of `found` what was begun in the period, by the route, version and audience `asked`."""
    if asked.since:
        found = found.filter(started_at__gte=_midnight(asked.since))
    if asked.until:
        found = found.filter(started_at__lt=_midnight(asked.until + _DAY))
    if asked.route:
        found = found.filter(route__kind=asked.route)
    if asked.version:
        found = found.filter(version=asked.version)
    if asked.audience:
        found = found.filter(audience=asked.audience)
    return found


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def course_figures(
    found: QuerySet[Enrolment], course: Course, *, now: datetime.datetime
) -> CourseFigures:
    """Sum `found`, enrolments on `course`, up.

    Fewer than five people: only how many enrolments there are. One query then, otherwise nine,
    however many enrolments, versions and lessons there are.
    """
    row = found.aggregate(**_STANDING, people=_PEOPLE, **_TIMES)
    total = _sums(row)
    if row["people"] < FEWEST:
        only = Sums(total.enrolled, None, None, None)
        return CourseFigures(row["people"], False, only, [], [], [], [], "", [], None)
    lessons, quiet = _lessons(found, course, now)
    return CourseFigures(
        people=row["people"],
        is_telling=True,
        total=total,
        routes=_groups(found, "route__kind", lambda kind: str(RouteKind(kind).label)),
        versions=_groups(
            found, "version__number", lambda n: _("Version %(number)d") % {"number": n}
        ),
        months=_months(found),
        times=[
            (_("The same day"), row["day"]),
            (_("Within a week"), row["week"] - row["day"]),
            (_("Within a month"), row["month"] - row["week"]),
            (_("Longer"), (total.finished or 0) - row["month"]),
        ],
        middle_time=_middle(found, total.finished or 0),
        lessons=lessons,
        quiet=quiet,
    )


_PEOPLE = Count("user", distinct=True)
_FINISHED = Q(completed_at__isnull=False)
_STANDING = {
    "enrolled": Count("pk"),
    "under_way": Count("pk", filter=Q(completed_at__isnull=True, withdrawn_at__isnull=True)),
    "finished": Count("pk", filter=_FINISHED),
    "left": Count("pk", filter=Q(completed_at__isnull=True, withdrawn_at__isnull=False)),
}
_TIMES = {
    name: Count(
        "pk", filter=_FINISHED & Q(completed_at__lt=F("started_at") + datetime.timedelta(days=days))
    )
    for name, days in (("day", 1), ("week", 7), ("month", 31))
}


def _sums(row: dict[str, Any]) -> Sums:
    return Sums(row["enrolled"], row["under_way"], row["finished"], row["left"])


def _groups(found: QuerySet[Enrolment], by: str, label: Callable[[Any], str]) -> list[GroupFigures]:
    rows = list(found.order_by(by).values(by).annotate(people=_PEOPLE, **_STANDING))
    kept = kept_back([row["people"] for row in rows])
    return [
        GroupFigures(label(row[by]), KEPT_BACK if place in kept else _sums(row))
        for place, row in enumerate(rows)
    ]


def kept_back(people: list[int]) -> set[int]:
    """Find the places of the groups that are not told: the small ones, and one more to hide in.

    Groups without anybody are told: nothing stands behind them.
    """
    small = {place for place, count in enumerate(people) if 0 < count < FEWEST}
    if small and sum(people[place] for place in small) < FEWEST:
        others = [place for place, count in enumerate(people) if count >= FEWEST]
        small |= {min(others, key=lambda place: people[place])} if others else set()
    return small


def _months(found: QuerySet[Enrolment]) -> list[MonthFigures]:
    began, finished = (
        _by_month(found, "started_at"),
        _by_month(found.filter(completed_at__isnull=False), "completed_at"),
    )
    months = sorted(began.keys() | finished.keys())
    return [
        MonthFigures(written(month, "F Y"), began.get(month, 0), finished.get(month, 0))
        for month in months
    ]


def _by_month(found: QuerySet[Enrolment], moment: str) -> dict[datetime.datetime, int | None]:
    rows = list(
        found.annotate(in_month=TruncMonth(moment))
        .values("in_month")
        .annotate(people=_PEOPLE, n=Count("pk"))
        .order_by("in_month")
    )
    kept = kept_back([row["people"] for row in rows])
    return {row["in_month"]: None if place in kept else row["n"] for place, row in enumerate(rows)}


def _middle(found: QuerySet[Enrolment], finished: int) -> str:
    if finished < FEWEST:
        return ""
    took = ExpressionWrapper(F("completed_at") - F("started_at"), output_field=DurationField())
    times = found.filter(completed_at__isnull=False).annotate(took=took).order_by("took", "pk")
    middle: datetime.timedelta = times.values_list("took", flat=True)[finished // 2]
    days = middle.days
    if days >= 1:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    hours = max(1, round(middle.total_seconds() / 3600))
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def _lessons(
    found: QuerySet[Enrolment], course: Course, now: datetime.datetime
) -> tuple[list[LessonFigures], int | None]:
    steps = list(
        VersionLesson.objects.filter(version__course=course, version__enrolments__isnull=False)
        .order_by("-version__number", "position", "pk")
        .values_list("lesson", "lesson__title", "version")
        .distinct()
    )
    progress = {
        row["lesson"]: (row["began"], row["finished"])
        for row in LessonProgress.objects.filter(enrolment__in=found.order_by())
        .values("lesson")
        .annotate(
            began=Count("enrolment__user", distinct=True),
            finished=Count("enrolment__user", distinct=True, filter=Q(finished_at__isnull=False)),
        )
        .order_by()
    }
    since = now - datetime.timedelta(days=STUCK_DAYS)
    stopped = dict(
        with_last_active(found.filter(completed_at__isnull=True, withdrawn_at__isnull=True))
        .filter(last_active__lt=since)  # type: ignore[misc]  # annotated
        .values("last_lesson")
        .annotate(people=_PEOPLE)
        .order_by()
        .values_list("last_lesson", "people")
    )
    quiet = sum(stopped.values())
    most = max((began for began, _finished in progress.values()), default=0)
    telling = quiet >= FEWEST
    rows = [
        LessonFigures(
            title=title,
            is_current=version == course.latest_version_id,
            began=progress.get(lesson, (0, 0))[0],
            finished=progress.get(lesson, (0, 0))[1],
            stopped=stopped.get(lesson, 0) if telling else None,
            began_percent=_share(progress.get(lesson, (0, 0))[0], most),
            finished_percent=_share(progress.get(lesson, (0, 0))[1], most),
        )
        for lesson, title, version in _once(steps)
    ]
    return rows, quiet if telling or not quiet else None


def _once(steps: Iterable[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """Keep each lesson where it stands in the latest version that has it."""
    kept: dict[int, tuple[int, str, int]] = {}
    for step in steps:
        kept.setdefault(step[0], step)
    return list(kept.values())


def _share(count: int, of: int) -> int:
    return round(100 * count / of) if of else 0


def hardest_questions(course: Course, *, most: int = 5) -> list[QuestionFigures]:
    """List the current questions of `course` that are answered wrongly most, the hardest first.

    Five queries. Questions too few people answered to be told are left out.
    """
    figures = question_statistics(course)
    told = [
        question
        for question in (*figures.assessment, *figures.checks)
        if question.is_current and question.right_percent is not None
    ]
    hard = [question for question in told if (question.right_percent or 0) < 80]
    return sorted(hard, key=lambda question: question.right_percent or 0)[:most]
