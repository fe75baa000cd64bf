"""A lesson as one learner reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from courses.enums import KNOWLEDGE_CHECKS, QuestionKind
from courses.models import Answer, Enrolment, Lesson, LessonProgress, Question, VersionLesson
from courses.queries.questions import FailedAnswer, QuestionView, answered, fill_preview, unanswered


@dataclass(frozen=True)
class BlockView:
    id: str
    template: str
    value: Any
    question: QuestionView | None


@dataclass
class LessonReading:
    blocks: list[BlockView]
    unanswered: int = 0
    title: str = ""
    minutes: int = 0
    module_title: str = ""
    content_note: str = ""
    opens_module: bool = False
    number: int = 0
    total: int = 0
    previous_url: str = ""
    next_url: str = ""
    next_title: str = ""
    has_error: bool = False
    is_finished: bool = False
    is_new: bool = False  # added since they began: optional
    is_withdrawn: bool = False  # no part of the latest version
    open_questions: list[dict[str, str]] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)


def lesson_for(
    enrolment: Enrolment,
    lesson: Lesson,
    *,
    retry: str = "",
    failed: FailedAnswer | None = None,
) -> LessonReading:
    """Lay out `lesson` with this learner's answers, and its neighbours in their version.

    `retry` is the public id of an answered question to be asked again. Four queries, however many
    questions and lessons there are.
    """
    url = reverse("courses:lesson", args=[enrolment.course.slug, lesson.public_id])
    views = _question_views(enrolment, lesson, url, retry, failed)
    reading = LessonReading(blocks=_blocks(lesson.body, views))
    reading.title = lesson.title
    reading.minutes = lesson.minutes
    reading.open_questions = [
        {"text": _("Answer: %(stem)s") % {"stem": _shortened(view.stem)}, "target": view.anchor}
        for view in (block.question for block in reading.blocks)
        if view and not view.is_answered and view.attempt == 1 and view.kind in KNOWLEDGE_CHECKS
    ]
    reading.unanswered = len(reading.open_questions)
    reading.has_error = failed is not None
    reading.errors = [
        {"text": view.error, "target": view.anchor}
        for view in (block.question for block in reading.blocks)
        if view and view.error
    ]
    reading.is_finished = LessonProgress.objects.filter(
        enrolment=enrolment, lesson=lesson, finished_at__isnull=False
    ).exists()
    _place_in_version(reading, enrolment, lesson)
    return reading


def _shortened(stem: str) -> str:
    return Truncator(unescape(strip_tags(stem))).words(12)


def lesson_as_previewed(body: StreamValue) -> LessonReading:
    """Lay out a lesson that is being written, as a learner would first see it."""
    views = {}
    for block in body:
        if block.block_type in QuestionKind.values:
            kind = QuestionKind(block.block_type)
            view = QuestionView(str(block.id), f"check-{block.id}", kind, str(block.value["stem"]))
            fill_preview(view, kind, block.value)
            views[block.id] = view
    return LessonReading(blocks=_blocks(body, views))


def _blocks(body: StreamValue, views: dict[str, QuestionView]) -> list[BlockView]:
    return [
        BlockView(block.id, block.block.meta.template, block.value, views.get(block.id))
        for block in body
        if block.block_type not in QuestionKind.values or block.id in views
    ]


def _place_in_version(reading: LessonReading, enrolment: Enrolment, lesson: Lesson) -> None:
    own, latest = enrolment.version_id, enrolment.course.latest_version_id
    found = list(
        VersionLesson.objects.filter(version__in=(own, latest))
        .order_by("position", "pk")
        .values_list(
            "lesson_id",
            "lesson__public_id",
            "lesson__title",
            "module__title",
            "module__content_note",
            "module_id",
            "version_id",
        )
    )
    rows = [row for row in found if row[6] == own]
    reading.is_new = all(row[0] != lesson.pk for row in rows)
    reading.is_withdrawn = all(row[0] != lesson.pk for row in found if row[6] == latest)
    if reading.is_new:  # it stands by itself: the lessons they need are not its neighbours
        rows = [row for row in found if row[0] == lesson.pk]
    here = next(n for n, row in enumerate(rows) if row[0] == lesson.pk)

    def url(row: tuple[Any, ...]) -> str:
        return reverse("courses:lesson", args=[enrolment.course.slug, row[1]])

    reading.number, reading.total = here + 1, len(rows)
    reading.module_title, reading.content_note = rows[here][3], rows[here][4]
    reading.opens_module = here == 0 or rows[here - 1][5] != rows[here][5]
    if here > 0:
        reading.previous_url = url(rows[here - 1])
    if here + 1 < len(rows):
        reading.next_url, reading.next_title = url(rows[here + 1]), rows[here + 1][2]


def _question_views(
    enrolment: Enrolment,
    lesson: Lesson,
    lesson_url: str,
    retry: str,
    failed: FailedAnswer | None,
) -> dict[str, QuestionView]:
    answers: dict[int, Answer] = {}
    counts: dict[int, int] = {}
    for answer in (
        Answer.objects.filter(enrolment=enrolment, question__lesson=lesson)
        .select_related("revision")
        .order_by("attempt", "pk")
    ):
        answers[answer.question_id] = answer
        counts[answer.question_id] = answer.attempt
    views = {}
    for question in Question.objects.filter(lesson=lesson, is_live=True).select_related(
        "latest_revision"
    ):
        if question.latest_revision is None:
            continue
        post_url = f"{lesson_url}questions/{question.public_id}/"
        latest = answers.get(question.pk)
        refused = failed if failed and failed.question_id == question.public_id else None
        if latest and retry != str(question.public_id) and refused is None:
            view = answered(question, latest)
            view.retry_url = f"{lesson_url}?retry={question.public_id}#{view.anchor}"
        else:
            view = unanswered(question, enrolment, refused)
            view.attempt = counts.get(question.pk, 0) + 1
        view.post_url = post_url
        views[question.block_id] = view
    return views
