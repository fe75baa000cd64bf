"""A branching scenario as far as somebody has walked it. Steps not reached are not in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wagtail.rich_text import expand_db_html

from courses.enums import Verdict
from courses.models import Answer, DraftAnswer, Question
from courses.queries.questions import ChoiceView, QuestionView


@dataclass(frozen=True)
class Way:
    """The steps of a way with the choice made at each, and the step it has come to, if any."""

    taken: list[tuple[dict[str, Any], dict[str, Any]]]
    next_step: dict[str, Any] | None


@dataclass
class StepView:
    """A step of the way: before choosing it has choices, afterwards the one chosen."""

    number: int
    situation: str
    question: str
    choices: list[ChoiceView] = field(default_factory=list)
    chosen: ChoiceView | None = None


def way_along(content: dict[str, Any], path: list[str]) -> Way:
    """Follow `path` (choice ids) through the steps of `content`, as far as it leads."""
    steps = {step["key"]: step for step in content["steps"]}
    step: dict[str, Any] | None = content["steps"][0]
    taken = []
    for choice_id in path:
        choices = {choice["id"]: choice for choice in step["choices"]} if step else {}
        if step is None or choice_id not in choices:
            break
        taken.append((step, choices[choice_id]))
        step = steps.get(choices[choice_id]["leads_to"])
    return Way(taken, step)


def walking(question: Question, draft: DraftAnswer | None, attempt: int) -> QuestionView:
    """Show the way walked so far and the step it has come to, in the wording it was begun in."""
    assert question.latest_revision is not None  # noqa: S101 - the caller looked
    if draft is None or draft.revision is None or draft.attempt != attempt:
        return _view(question, question.latest_revision.content, [], attempt)
    return _view(question, draft.revision.content, draft.response.get("path", []), attempt)


def walked_to_the_end(question: Question, answer: Answer) -> QuestionView:
    """Show the whole way of an answer, in the wording it was walked in."""
    view = _view(question, answer.revision.content, answer.response.get("path", []), answer.attempt)
    view.is_answered, view.step = True, None
    return view


def fill_first_step(view: QuestionView, value: Any) -> None:
    """Show a scenario that is being written as a learner first meets it."""
    view.title = value["title"]
    first = value["steps"][0] if len(value["steps"]) else None
    if first is not None:
        choices = [ChoiceView(c.id, c.value["text"]) for c in first["choices"].bound_blocks]
        view.step = StepView(1, str(first["situation"]), first["question"], choices)


def _view(
    question: Question, content: dict[str, Any], path: list[str], attempt: int
) -> QuestionView:
    way = way_along(content, path)
    view = QuestionView(
        public_id=str(question.public_id),
        anchor=f"check-{question.public_id}",
        kind=question.kind,
        stem=expand_db_html(content["stem"]),
        title=content["title"],
        attempt=attempt,
    )
    view.walked = [
        StepView(
            number,
            expand_db_html(step["situation"]),
            step["question"],
            chosen=ChoiceView(
                choice["id"],
                choice["text"],
                is_chosen=True,
                explanation=expand_db_html(choice["explanation"]),
                verdict=choice["verdict"],
                verdict_label=str(Verdict(choice["verdict"]).label),
            ),
        )
        for number, (step, choice) in enumerate(way.taken, start=1)
    ]
    if (step := way.next_step) is not None:
        choices = [ChoiceView(choice["id"], choice["text"]) for choice in step["choices"]]
        situation = expand_db_html(step["situation"])
        view.step = StepView(len(way.taken) + 1, situation, step["question"], choices)
    return view
