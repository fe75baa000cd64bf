"""An attempt as its learner meets it: one question to a page, the list before handing in, results.

What is not marked yet has no right answer in these objects, and after a failed attempt what may be
drawn again has none either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from courses.models import Attempt, AttemptQuestion, Course, Enrolment, VersionLesson
from courses.queries.questions import (
    FailedAnswer,
    QuestionView,
    as_typed,
    marked,
    shuffled,
    to_answer,
)


@dataclass(frozen=True)
class Sitting:
    """One question of an open attempt, and where it stands among the others."""

    question: QuestionView
    position: int
    total: int
    answered: int
    is_kept: bool  # an answer to it was saved before

    @property
    def is_last(self) -> bool:
        """Say whether the list of questions comes next."""
        return self.position == self.total


@dataclass(frozen=True)
class ReadAgain:
    """An outcome that was not reached, and where it is taught."""

    outcome: str
    lessons: list[dict[str, str]]


@dataclass
class Results:
    """A marked attempt: each question with its feedback, and what to read again."""

    attempt: Attempt
    questions: list[QuestionView] = field(default_factory=list)
    read_again: list[ReadAgain] = field(default_factory=list)
    is_held_back: bool = False
    percent: int = 0


def sitting(attempt: Attempt, position: int, *, failed: FailedAnswer | None = None) -> Sitting:
    """Show the question at `position` with what was saved, or what was refused. Two queries.

    Raises: AttemptQuestion.DoesNotExist when the attempt has no such question.
    """
    drawn = attempt.drawn.select_related("question", "revision").get(position=position)
    typed = failed.response if failed else as_typed(drawn.response or {})
    seed = f"{attempt.public_id}{drawn.question.public_id}"
    view = to_answer(drawn.question, drawn.revision.content, typed=typed, seed=seed)
    if drawn.question.kind != QuestionKind.TRUE_FALSE:
        places = {c["id"]: n for n, c in enumerate(_mixed(drawn, seed))}
        view.choices.sort(key=lambda choice: places[choice.id])
    view.error = failed.message if failed else ""
    return Sitting(
        question=view,
        position=position,
        total=attempt.out_of,
        answered=attempt.drawn.filter(response__isnull=False).count(),
        is_kept=drawn.response is not None,
    )


def _mixed(drawn: AttemptQuestion, seed: str) -> list[dict[str, str]]:
    return shuffled(drawn.revision.content.get("choices", []), seed)


def attempt_tasks(attempt: Attempt, course: Course) -> list[dict[str, str]]:
    """List the questions of an open attempt as lines of a task list. One query."""
    return [
        {
            "title": _("Question %(n)d") % {"n": drawn.position},
            "hint": shortened(drawn.revision.content["stem"]),
            "url": reverse(
                "courses:attempt-question", args=[course.slug, attempt.public_id, drawn.position]
            ),
            "status": _("Not answered") if drawn.response is None else _("Answered"),
            "kind": "yellow" if drawn.response is None else "",
        }
        for drawn in attempt.drawn.select_related("revision").order_by("position")
    ]


def first_unanswered(attempt: Attempt) -> int | None:
    """Find the position of the first question without an answer; None when all have one."""
    return (
        attempt.drawn.filter(response__isnull=True)
        .order_by("position")
        .values_list("position", flat=True)
        .first()
    )


def shortened(stem: str) -> str:
    """Take the first words of a question, without its markup."""
    return Truncator(unescape(strip_tags(stem))).words(14)


def results_of(attempt: Attempt, enrolment: Enrolment, *, is_final: bool) -> Results:
    """Lay out a marked attempt. Two queries, three when something is to be read again.

    `is_final` says that no attempt follows. Until then a question that was not answered rightly
    keeps its right answer back, since it may be drawn again: it says what is mistaken in what was
    chosen, and which outcome to read again.
    """
    results = Results(attempt, is_held_back=not is_final)
    results.percent = (attempt.right or 0) * 100 // attempt.out_of
    missed: list[str] = []
    for drawn in attempt.drawn.select_related("question", "revision").order_by("position"):
        content = drawn.revision.content
        view = marked(drawn.question, content, drawn.response or {}, drawn.is_correct)
        view.is_skipped = drawn.response is None
        if not drawn.is_correct:
            missed.append(content["outcome"])
            if not is_final:
                hold_back(view)
        results.questions.append(view)
    if not attempt.is_passed:
        results.read_again = _read_again(enrolment, missed)
    return results


def hold_back(view: QuestionView) -> None:
    """Take out of a marked question what would give its right answer away."""
    view.is_held_back = True
    view.explanation = view.model_answer = ""
    view.right_order = []
    view.choices = [choice for choice in view.choices if choice.is_chosen]
    for choice in view.choices:
        if choice.is_right:
            choice.is_right, choice.explanation = None, ""
    for pair in view.pairs:
        pair.right = ""
    if view.is_skipped:
        view.pairs = []


def _read_again(enrolment: Enrolment, missed: list[str]) -> list[ReadAgain]:
    """Name the outcomes that were missed, with the lessons of the learner's version on each."""
    rows = (
        VersionLesson.objects.filter(
            version_id=enrolment.version_id,
            lesson__questions__is_live=True,
            lesson__questions__latest_revision__content__outcome__in=sorted(set(missed)),
        )
        .order_by("position", "pk")
        .values_list(
            "lesson__questions__latest_revision__content__outcome",
            "lesson__title",
            "lesson__public_id",
        )
    )
    lessons: dict[str, dict[str, dict[str, str]]] = {}
    for outcome, title, public_id in rows:
        url = reverse("courses:lesson", args=[enrolment.course.slug, public_id])
        lessons.setdefault(outcome, {})[url] = {"title": title, "url": url}
    return [
        ReadAgain(outcome["text"], list(lessons.get(outcome["key"], {}).values()))
        for outcome in enrolment.course.outcomes
        if outcome["key"] in missed
    ]
