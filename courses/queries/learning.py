"""Where a learner stands."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Enrolment, LessonProgress, VersionLesson
from courses.queries.assessment import assessments_in_words


@dataclass(frozen=True)
class Remaining:
    """One thing a learner has still to do, in a sentence, and where to do it."""

    sentence: str
    url: str


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


def whats_left(enrolment: Enrolment) -> list[Remaining]:
    """List what the route of `enrolment` still asks for, one sentence each; empty when it is met.

    The online route asks for every lesson of the enrolment's own version to be finished. Lessons
    that were added or taken out since do not count.
    """
    if not enrolment.route.requires_lessons:
        return []
    finished = LessonProgress.objects.filter(enrolment=enrolment, finished_at__isnull=False).values(
        "lesson"
    )
    missing = (
        VersionLesson.objects.filter(version_id=enrolment.version_id)
        .exclude(lesson__in=finished)
        .order_by("position", "pk")
        .values_list("lesson__title", "lesson__public_id")
    )
    return [
        Remaining(
            sentence=f"Finish the lesson “{title}”.",
            url=reverse("courses:lesson", args=[enrolment.course.slug, public_id]),
        )
        for title, public_id in missing
    ]


def latest_enrolment(user: User, slug: str) -> Enrolment | None:
    """Find the enrolment on the course at `slug`: the one under way, or else completed last."""
    return (
        Enrolment.objects.filter(user=user, course__slug=slug, withdrawn_at__isnull=True)
        .select_related("course", "version", "route", "last_lesson")
        .defer("last_lesson__body")
        .order_by("-started_at", "-pk")
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


def my_learning(user: User) -> list[LearningRow]:
    """List the courses `user` takes or took, those under way first, the latest first.

    Two queries, however many there are; four where a route asks for an assessment.
    """
    enrolments = list(
        Enrolment.objects.filter(user=user, withdrawn_at__isnull=True)
        .select_related("course", "route")
        .annotate(
            finished=Count("lesson_progress", filter=Q(lesson_progress__finished_at__isnull=False))
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
