"""A course's outline as one person sees it."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.enums import RouteKind
from courses.models import Course, Enrolment, FormerAddress, Route, VersionLesson
from courses.queries.beside import lesson_states, state_in_words
from courses.queries.completion import asks_for
from courses.queries.learning import continue_url
from lms.core.templatetags.ui import minutes as in_words


@dataclass(frozen=True)
class RouteOffer:
    kind: str
    label: str
    cpd_minutes: int
    asks: list[str] = field(default_factory=list)
    requires_assessment: bool = False


@dataclass(frozen=True)
class OutlineLesson:
    title: str
    minutes: int
    url: str
    status: str  # in words; empty for somebody who is not enrolled
    status_kind: str


@dataclass
class OutlineModule:
    title: str
    introduction: str
    content_note: str
    lessons: list[OutlineLesson] = field(default_factory=list)

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """The lessons as lines of a task list."""
        return [
            {
                "title": lesson.title,
                "url": lesson.url,
                "hint": in_words(lesson.minutes),
                "status": lesson.status,
                "kind": lesson.status_kind,
            }
            for lesson in self.lessons
        ]


@dataclass
class CourseOutline:
    """A course's modules and lessons, and how far the learner is."""

    modules: list[OutlineModule]
    minutes: int
    total: int
    finished: int
    routes: list[RouteOffer]
    resume_url: str = ""
    resume_title: str = ""
    new: list[OutlineLesson] = field(default_factory=list)  # since they began; optional

    @property
    def new_tasks(self) -> list[dict[str, Any]]:
        """The new lessons as lines of a task list."""
        return OutlineModule("", "", "", self.new).tasks


def _offers(routes: list[Route]) -> list[RouteOffer]:
    return [
        RouteOffer(
            r.kind, str(RouteKind(r.kind).label), r.cpd_minutes, asks_for(r), r.requires_assessment
        )
        for r in routes
    ]


def address_now(slug: str) -> str | None:
    """Find the address of the course that was at `slug` before it was renamed."""
    return FormerAddress.objects.filter(slug=slug).values_list("course__slug", flat=True).first()


def outline_of(course: Course, enrolment: Enrolment | None) -> CourseOutline:
    """Lay out the version the learner takes, or for everybody else the latest one.

    What the latest version has besides stands apart, and counts for nothing.
    """
    version_id = enrolment.version_id if enrolment else course.latest_version_id
    states = lesson_states(enrolment) if enrolment else {}
    modules: dict[int, OutlineModule] = {}
    resume: tuple[str, str] | None = None
    minutes = total = finished = 0
    own: set[int] = set()
    others: list[VersionLesson] = []
    for row in (
        VersionLesson.objects.filter(version__in=(version_id, course.latest_version_id))
        .select_related("module", "lesson")
        .defer("lesson__body")
        .order_by("version__number", "position", "pk")
    ):
        if row.version_id != version_id:
            others.append(row)
            continue
        own.add(row.lesson_id)
        state = states.get(row.lesson_id, "")
        lesson_url = reverse("courses:lesson", args=[course.slug, row.lesson.public_id])
        url = lesson_url if enrolment else ""
        module = modules.setdefault(
            row.module_id,
            OutlineModule(row.module.title, row.module.introduction, row.module.content_note),
        )
        status, kind = state_in_words(state) if enrolment else ("", "")
        module.lessons.append(
            OutlineLesson(row.lesson.title, row.lesson.minutes, url, status, kind)
        )
        minutes += row.lesson.minutes
        total += 1
        finished += state == "finished"
        if resume is None and state != "finished":
            resume = (lesson_url, row.lesson.title)
    outline = CourseOutline(list(modules.values()), minutes, total, finished, [])
    if enrolment is None or enrolment.completed_at:  # to begin, or to begin again
        offered = Route.objects.filter(version_id=course.latest_version_id).order_by("kind")
        outline.routes = _offers(list(offered))
    if enrolment is not None:
        _resume(outline, enrolment, states, resume)
        new = [row for row in others if row.lesson_id not in own]
        outline.new = [_new_lesson(course, row, states.get(row.lesson_id, "")) for row in new]
    return outline


def _new_lesson(course: Course, row: VersionLesson, state: str) -> OutlineLesson:
    url = reverse("courses:lesson", args=[course.slug, row.lesson.public_id])
    status, kind = (_("New, optional"), "purple") if state == "" else state_in_words(state)
    return OutlineLesson(row.lesson.title, row.lesson.minutes, url, status, kind)


def _resume(
    outline: CourseOutline,
    enrolment: Enrolment,
    states: dict[int, str],
    first_unfinished: tuple[str, str] | None,
) -> None:
    """Point to the lesson left off, unless it is finished: then to the first that is not."""
    last = enrolment.last_lesson
    if last is not None and states.get(last.pk) != "finished":
        outline.resume_url, outline.resume_title = continue_url(enrolment), last.title
    elif first_unfinished is not None:
        outline.resume_url, outline.resume_title = first_unfinished
