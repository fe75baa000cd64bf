"""Where a learner stands."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Enrolment, VersionLesson
from courses.queries.assessment import assessments_in_words


@dataclass(frozen=True)
class LearningRow:
    """A course somebody takes or took, as a line of 'my learning'."""

    title: str
    summary: str
    finished: int
    total: int
    facts: list[str]
    completed_at: datetime.datetime | None
    url: str
    continue_url: str


def latest_enrolment(user: User, slug: str) -> Enrolment | None:
    """Find the enrolment on the course at `slug`: the one under way, or else completed last.

    While an editor tests the course, it is the test: they see what they do, and nothing else.
    """
    return (
        Enrolment.objects.filter(user=user, course__slug=slug, withdrawn_at__isnull=True)
        .select_related("course__latest_version", "version", "route", "last_lesson", "enrolled_by")
        .defer("last_lesson__body")
        .order_by("-is_test", "-started_at", "-pk")
        .first()
    )


def continue_url(enrolment: Enrolment) -> str:
    """Build the address where the learner left off, to the block."""
    course = enrolment.course
    if enrolment.last_lesson is None:
        return reverse("courses:continue", args=[course.slug])
    url = reverse("courses:lesson", args=[course.slug, enrolment.last_lesson.public_id])
    return f"{url}#block-{enrolment.last_block}" if enrolment.last_block else url


def _dates(enrolment: Enrolment) -> list[str]:
    route = str(enrolment.route.get_kind_display())
    moment = enrolment.completed_at or enrolment.started_at
    day = date_format(timezone.localtime(moment), "DATE_FORMAT")
    words = _("Completed on %(day)s") if enrolment.completed_at else _("Started on %(day)s")
    return [route, words % {"day": day}]


def courses_left(user: User) -> list[tuple[str, str, datetime.datetime]]:
    """List the courses `user` is no longer enrolled on: title, address and since when."""
    left = Enrolment.objects.counted().filter(user=user, withdrawn_at__isnull=False)
    still = Enrolment.objects.counted().filter(
        user=user, course=OuterRef("course"), withdrawn_at__isnull=True
    )
    rows = left.exclude(Exists(still)).select_related("course").order_by("-withdrawn_at", "-pk")
    found: dict[int, tuple[str, str, datetime.datetime]] = {}
    for row in rows:
        assert row.withdrawn_at is not None  # noqa: S101 - asked for above
        course = row.course
        url = course.get_absolute_url() if course.is_published else ""
        found.setdefault(course.pk, (course.title, url, row.withdrawn_at))
    return list(found.values())


def my_learning(user: User) -> list[LearningRow]:
    """List the courses `user` takes or took, those under way first, the latest first.

    Two queries, however many there are; four where a route asks for an assessment.
    """
    enrolments = list(
        Enrolment.objects.counted()
        .filter(user=user, withdrawn_at__isnull=True)
        .select_related("course", "route")
        .annotate(
            # Of the lessons of their own version: optional ones are no part of the sum.
            finished=Count(
                "lesson_progress",
                filter=Q(
                    lesson_progress__finished_at__isnull=False,
                    lesson_progress__lesson__version_lessons__version=F("version"),
                ),
                distinct=True,
            )
        )
        .order_by("-started_at", "-pk")
    )
    totals = dict(
        VersionLesson.objects.filter(version__in={e.version_id for e in enrolments})
        .values_list("version")
        .annotate(Count("pk"))
    )
    assessments = assessments_in_words(enrolments)
    rows = [
        LearningRow(
            title=enrolment.course.title,
            summary=enrolment.course.summary,
            finished=enrolment.finished,
            total=totals.get(enrolment.version_id, 0),
            facts=[*_dates(enrolment), *filter(None, [assessments.get(enrolment.pk)])],
            completed_at=enrolment.completed_at,
            url=enrolment.course.get_absolute_url(),
            continue_url=reverse("courses:continue", args=[enrolment.course.slug]),
        )
        for enrolment in enrolments
    ]
    return sorted(rows, key=lambda row: row.completed_at is not None)
