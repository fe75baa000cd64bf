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
from courses.queries.matching import match_token

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
class PairView:
    """One to be matched. After answering: what it was given, and what belongs to it."""

    id: str
    prompt: str
    given: str = ""  # before: the token chosen; after: the words
    right: str = ""


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
    pairs: list[PairView] = field(default_factory=list)
    partners: list[ChoiceView] = field(default_factory=list)  # to choose from, shuffled
    given: str = ""
    is_answered: bool = False
    is_skipped: bool = False
    is_held_back: bool = False  # the right answer is not shown yet
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
    if kind == QuestionKind.MATCH:
        pairs = [{"id": str(p.id), **p.value} for p in value["pairs"].bound_blocks]
        view.pairs = [PairView(pair["id"], pair["prompt"]) for pair in pairs]
        view.partners = _partners(pairs, view.public_id)


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
    seed = f"{enrolment.public_id}{question.public_id}"
    typed = refused.response if refused else kept or {}
    view = to_answer(question, question.latest_revision.content, typed=typed, seed=seed)
    view.error = refused.message if refused else ""
    view.is_kept = bool(kept) and refused is None
    return view


def to_answer(
    question: Question, content: dict[str, Any], *, typed: dict[str, Any], seed: str
) -> QuestionView:
    """Show a question to be answered, filled in as `typed`; what is shuffled follows `seed`."""
    view = _view(question, content)
    chosen = typed.get("choices", [])
    view.choices = [
        ChoiceView(choice["id"], choice["text"], is_chosen=choice["id"] in chosen)
        for choice in content.get("choices", [])
    ]
    items = shuffled(content.get("items", []), seed)
    places = typed.get("positions", {})
    view.items = [ItemView(i["id"], i["text"], str(places.get(i["id"], ""))) for i in items]
    view.positions = [str(number + 1) for number in range(len(items))]
    pairs, given = content.get("pairs", []), typed.get("matches", {})
    view.pairs = [PairView(p["id"], p["prompt"], str(given.get(p["id"], ""))) for p in pairs]
    view.partners = _partners(pairs, seed)
    view.given = str(typed.get("text", ""))
    return view


def _partners(pairs: list[dict[str, str]], seed: str) -> list[ChoiceView]:
    return [ChoiceView(match_token(p["id"]), p["match"]) for p in shuffled(pairs, seed)]


def as_typed(clean: dict[str, Any]) -> dict[str, Any]:
    """Turn a response that was kept back into what its form had sent, to fill the form in."""
    order = clean.get("order", [])
    return {
        "choices": clean.get("choices", []),
        "positions": {item: str(place) for place, item in enumerate(order, start=1)},
        "matches": {key: match_token(partner) for key, partner in clean.get("pairs", {}).items()},
        "text": clean.get("text", ""),
    }


def answered(question: Question, answer: Answer) -> QuestionView:
    """Show an answer beside the wording it was marked against, with every explanation."""
    view = marked(question, answer.revision.content, answer.response, answer.is_correct)
    view.attempt = answer.attempt
    return view


def marked(
    question: Question, content: dict[str, Any], response: dict[str, Any], is_correct: bool | None
) -> QuestionView:
    """Show a response that was marked against `content`, with every explanation."""
    view = _view(question, content)
    view.is_answered = True
    view.is_correct = is_correct
    chosen = response.get("choices", [])
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
        for number, item in enumerate(response.get("order", []), start=1)
    ]
    view.right_order = list(texts.values())
    partners = {pair["id"]: pair["match"] for pair in content.get("pairs", [])}
    given = response.get("pairs", {})
    view.pairs = [
        PairView(p["id"], p["prompt"], partners.get(given.get(p["id"]), ""), p["match"])
        for p in content.get("pairs", [])
    ]
    view.given = response.get("text", "")
    view.explanation = expand_db_html(content.get("explanation", ""))
    view.model_answer = content.get("model_answer", "")
    return view


def shuffled(items: list[dict[str, str]], seed: str) -> list[dict[str, str]]:
    """Shuffle `items` the same way for the same `seed`, and never into the right order."""

    def mixed(item: dict[str, str]) -> str:
        return hashlib.sha256(f"{seed}{item['id']}".encode()).hexdigest()

    result = sorted(items, key=mixed)
    return result[1:] + result[:1] if result == items and len(items) > 1 else result
