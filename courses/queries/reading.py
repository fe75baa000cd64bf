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
from courses.models import (
    Answer,
    DraftAnswer,
    Enrolment,
    Lesson,
    Question,
    VersionLesson,
)
from courses.queries.beside import (
    ModulePlace,
    NeighbourLesson,
    Support,
    lesson_states,
    state_in_words,
    support_beside,
)
from courses.queries.branching import fill_first_step, walked_to_the_end, walking
from courses.queries.questions import FailedAnswer, QuestionView, answered, fill_preview, unanswered
from courses.queries.reflecting import ReflectionView, UnkeptReflection, reflections_in


@dataclass(frozen=True)
class BlockView:
    id: str
    template: str
    value: Any
    question: QuestionView | None
    reflection: ReflectionView | None = None


@dataclass
class LessonReading:
    blocks: list[BlockView]
    unanswered: int = 0
    title: str = ""
    minutes: int = 0
    module_title: str = ""
    content_note: str = ""
    is_note_open: bool = False  # it stands there in full, not folded away
    support: Support | None = None  # where there is a note
    module: ModulePlace | None = None
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
    unkept: UnkeptReflection | None = None,
) -> LessonReading:
    """Lay out `lesson` with this learner's answers, and its neighbours in their version.

    `retry` is the public id of an answered question to be asked again. Four queries, however many
    questions and lessons there are; one more for half-filled answers where it asks anything, one
    for reflections where it has some, and one for support where it has a content note.
    """
    url = reverse("courses:lesson", args=[enrolment.course.slug, lesson.public_id])
    views = _question_views(enrolment, lesson, url, retry, failed)
    reflections = reflections_in(enrolment, lesson, url, unkept)
    reading = LessonReading(blocks=_blocks(lesson.body, views, reflections))
    reading.title = lesson.title
    reading.minutes = lesson.minutes
    reading.open_questions = [
        {"text": _("Answer: %(stem)s") % {"stem": _shortened(view.stem)}, "target": view.anchor}
        for view in (block.question for block in reading.blocks)
        if view and not view.is_answered and view.attempt == 1 and view.kind in KNOWLEDGE_CHECKS
    ]
    reading.unanswered = len(reading.open_questions)
    reading.has_error = failed is not None or unkept is not None
    reading.errors = [
        {"text": view.error, "target": view.anchor}
        for view in (block.question for block in reading.blocks)
        if view and view.error
    ] + [
        {"text": view.error, "target": view.field}
        for view in (block.reflection for block in reading.blocks)
        if view and view.error
    ]
    states = lesson_states(enrolment)
    reading.is_finished = states.get(lesson.pk) == "finished"
    _place_in_version(reading, enrolment, lesson, states)
    reading.support = support_beside(reading.content_note, lesson.body)
    return reading


def _shortened(stem: str) -> str:
    return Truncator(unescape(strip_tags(stem))).words(12)


def lesson_as_previewed(body: StreamValue, content_note: str = "") -> LessonReading:
    """Lay out a lesson that is being written, as a learner would first see it."""
    views = {}
    for block in body:
        if block.block_type in QuestionKind.values:
            kind = QuestionKind(block.block_type)
            view = QuestionView(str(block.id), f"check-{block.id}", kind, str(block.value["stem"]))
            fill_preview(view, kind, block.value)
            if kind == QuestionKind.BRANCHING:
                fill_first_step(view, block.value)
            views[block.id] = view
    return LessonReading(
        blocks=_blocks(body, views, {}),
        content_note=content_note,
        is_note_open=bool(content_note),
        support=support_beside(content_note, body),
    )


def _blocks(
    body: StreamValue, views: dict[str, QuestionView], reflections: dict[str, ReflectionView]
) -> list[BlockView]:
    return [
        BlockView(
            block.id,
            block.block.meta.template,
            block.value,
            views.get(block.id),
            reflections.get(block.id),
        )
        for block in body
        if block.block_type not in QuestionKind.values or block.id in views
    ]


def _place_in_version(
    reading: LessonReading, enrolment: Enrolment, lesson: Lesson, states: dict[int, str]
) -> None:
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
            "lesson__minutes",
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
    opens_module = here == 0 or rows[here - 1][5] != rows[here][5]
    reading.module_title = rows[here][3]
    # A note of the lesson's own comes before each reading of it; the module's opens the module.
    reading.content_note = lesson.content_note or rows[here][4]
    reading.is_note_open = bool(lesson.content_note) or opens_module
    lessons = [
        NeighbourLesson(
            row[2], row[7], url(row), *state_in_words(states.get(row[0], "")), row[0] == lesson.pk
        )
        for row in rows
        if row[5] == rows[here][5]
    ]
    reading.module = ModulePlace(
        title=rows[here][3],
        lessons=lessons,
        finished=sum(states.get(row[0]) == "finished" for row in rows),
        minutes_left=sum(row[7] for row in rows if states.get(row[0]) != "finished"),
    )
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
    questions = list(
        Question.objects.filter(lesson=lesson, is_live=True).select_related("latest_revision")
    )
    drafts = _drafts(enrolment, lesson) if questions else {}
    views = {}
    for question in questions:
        if question.latest_revision is None:
            continue
        latest = answers.get(question.pk)
        attempt = counts.get(question.pk, 0) + 1
        draft = drafts.get((question.pk, attempt))
        refused = failed if failed and failed.question_id == question.public_id else None
        is_branching = question.kind == QuestionKind.BRANCHING
        if latest and retry != str(question.public_id) and refused is None and draft is None:
            show = walked_to_the_end if is_branching else answered
            view = show(question, latest)
            view.retry_url = f"{lesson_url}?retry={question.public_id}#{view.anchor}"
        elif is_branching:
            view = walking(question, draft, attempt)
            view.error = refused.message if refused else ""
        else:
            view = unanswered(question, enrolment, refused, draft.response if draft else None)
            view.attempt = attempt
        view.post_url = f"{lesson_url}questions/{question.public_id}/"
        view.draft_url = f"{view.post_url}draft/"
        if is_branching:
            view.post_url, view.draft_url = f"{view.post_url}step/", ""
        views[question.block_id] = view
    return views


def _drafts(enrolment: Enrolment, lesson: Lesson) -> dict[tuple[int, int], DraftAnswer]:
    """Find what is half filled in, by question and attempt."""
    drafts = DraftAnswer.objects.filter(enrolment=enrolment, question__lesson=lesson)
    return {(d.question_id, d.attempt): d for d in drafts.select_related("revision")}
