"""A question as one learner meets it, before and after answering.

Nothing about a right answer is put into these objects before the learner has answered: what is not
here cannot reach the browser.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wagtail.rich_text import expand_db_html

from courses.enums import QuestionKind, Verdict
from courses.models import Answer, Enrolment, Question

if TYPE_CHECKING:
    from courses.queries.branching import StepView


@dataclass
class ChoiceView:
    id: str
    text: str
    is_chosen: bool = False
    is_right: bool | None = None
    explanation: str = ""
    verdict: str = ""
    verdict_label: str = ""


@dataclass
class ItemView:
    id: str
    text: str
    position: str = ""


@dataclass
class QuestionView:
    """A question before or after answering; what belongs to 'after' is empty before."""

    public_id: str
    anchor: str
    kind: str
    stem: str
    attempt: int = 1
    title: str = ""
    situation: str = ""
    choices: list[ChoiceView] = field(default_factory=list)
    items: list[ItemView] = field(default_factory=list)
    positions: list[str] = field(default_factory=list)
    given: str = ""
    is_answered: bool = False
    is_correct: bool | None = None
    explanation: str = ""
    model_answer: str = ""
    right_order: list[str] = field(default_factory=list)
    error: str = ""
    post_url: str = ""
    retry_url: str = ""
    draft_url: str = ""  # where what is half filled in is kept
    is_kept: bool = False  # what is filled in comes from there
    walked: list[StepView] = field(default_factory=list)  # of a branching scenario
    step: StepView | None = None


@dataclass(frozen=True)
class FailedAnswer:
    """A submission that was refused: shown again as it was typed, with the reason."""

    question_id: uuid.UUID
    response: dict[str, Any]
    message: str


def fill_preview(view: QuestionView, kind: QuestionKind, value: Any) -> None:
    if kind == QuestionKind.SCENARIO:
        view.title, view.situation = value["title"], str(value["situation"])
    if "choices" in value:
        view.choices = [ChoiceView(c.id, c.value["text"]) for c in value["choices"].bound_blocks]
    if kind == QuestionKind.ORDER:
        items = [{"id": str(i.id), "text": i.value} for i in value["items"].bound_blocks]
        view.items = [ItemView(i["id"], i["text"]) for i in shuffled(items, view.public_id)]
        view.positions = [str(number + 1) for number in range(len(view.items))]


def _view(question: Question, content: dict[str, Any]) -> QuestionView:
    return QuestionView(
        public_id=str(question.public_id),
        anchor=f"check-{question.public_id}",
        kind=question.kind,
        stem=expand_db_html(content["stem"]),
        title=content.get("title", ""),
        situation=expand_db_html(content.get("situation", "")),
    )


def unanswered(
    question: Question,
    enrolment: Enrolment,
    refused: FailedAnswer | None,
    kept: dict[str, Any] | None = None,
) -> QuestionView:
    """Show a question as it is asked, with what was refused or kept half-filled in its fields."""
    assert question.latest_revision is not None  # noqa: S101 - the caller looked
    content = question.latest_revision.content
    typed = refused.response if refused else kept or {}
    view = _view(question, content)
    view.error = refused.message if refused else ""
    view.is_kept = bool(kept) and refused is None
    chosen = typed.get("choices", [])
    view.choices = [
        ChoiceView(choice["id"], choice["text"], is_chosen=choice["id"] in chosen)
        for choice in content.get("choices", [])
    ]
    items = shuffled(content.get("items", []), f"{enrolment.public_id}{question.public_id}")
    places = typed.get("positions", {})
    view.items = [ItemView(i["id"], i["text"], str(places.get(i["id"], ""))) for i in items]
    view.positions = [str(number + 1) for number in range(len(items))]
    view.given = str(typed.get("text", ""))
    return view


def answered(question: Question, answer: Answer) -> QuestionView:
    """Show an answer beside the wording it was marked against, with every explanation."""
    content = answer.revision.content
    view = _view(question, content)
    view.attempt = answer.attempt
    view.is_answered = True
    view.is_correct = answer.is_correct
    chosen = answer.response.get("choices", [])
    view.choices = [
        ChoiceView(
            choice["id"],
            choice["text"],
            is_chosen=choice["id"] in chosen,
            is_right=choice.get("correct"),
            explanation=expand_db_html(choice["explanation"]),
            verdict=choice.get("verdict", ""),
            verdict_label=str(Verdict(choice["verdict"]).label) if "verdict" in choice else "",
        )
        for choice in content.get("choices", [])
    ]
    texts = {item["id"]: item["text"] for item in content.get("items", [])}
    view.items = [
        ItemView(item, texts[item], str(number))
        for number, item in enumerate(answer.response.get("order", []), start=1)
    ]
    view.right_order = list(texts.values())
    view.given = answer.response.get("text", "")
    view.explanation = expand_db_html(content.get("explanation", ""))
    view.model_answer = content.get("model_answer", "")
    return view


def shuffled(items: list[dict[str, str]], seed: str) -> list[dict[str, str]]:
    """Shuffle `items` the same way for the same `seed`, and never into the right order."""

    def mixed(item: dict[str, str]) -> str:
        return hashlib.sha256(f"{seed}{item['id']}".encode()).hexdigest()

    result = sorted(items, key=mixed)
    return result[1:] + result[:1] if result == items and len(items) > 1 else result
