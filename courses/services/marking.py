"""Marking a response, on the server only: each kind of question by its own rule."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.blocks import normalise
from courses.enums import QuestionKind
from lms.core.errors import DomainError

MAX_SHORT_ANSWER = 500


class AnswerRefused(DomainError):
    """The submission cannot be an answer to this question. Nothing was written."""

    code = "answer_refused"
    status = 422
    message = _("That answer cannot be read. Please answer again.")


class NothingAnswered(AnswerRefused):
    code = "nothing_answered"


class NotAChoice(AnswerRefused):
    code = "not_a_choice"
    message = _("Choose from the answers listed.")


def mark(
    kind: QuestionKind, content: dict[str, Any], response: dict[str, Any]
) -> tuple[dict[str, Any], bool | None]:
    """Clean `response` and say whether it is right; None where nothing is right or wrong.

    Single, true or false: the one right choice. Several: exactly the right ones. Order: every step
    in its place. Short: an accepted form stands in the answer as whole words, whatever the
    capitals, accents and punctuation.

    Raises: NothingAnswered, NotAChoice.
    """
    if kind == QuestionKind.BRANCHING:
        raise AnswerRefused  # it is walked step by step (courses/services/branching.py)
    if kind == QuestionKind.SHORT:
        return _mark_short(content, response)
    if kind == QuestionKind.ORDER:
        return _mark_order(content, response)
    return _mark_choices(kind, content, response)


def _mark_choices(
    kind: QuestionKind, content: dict[str, Any], response: dict[str, Any]
) -> tuple[dict[str, Any], bool | None]:
    chosen = list(dict.fromkeys(response.get("choices", [])))
    offered = {choice["id"]: choice for choice in content["choices"]}
    if any(choice not in offered for choice in chosen):
        raise NotAChoice
    if not chosen:
        raise NothingAnswered(
            _("Choose at least one answer.")
            if kind == QuestionKind.SEVERAL
            else _("Choose an answer.")
        )
    if kind != QuestionKind.SEVERAL and len(chosen) > 1:
        raise NotAChoice(_("Choose one answer only."))
    clean = {"choices": chosen}
    if kind == QuestionKind.SCENARIO:
        return clean, None
    right = {key for key, choice in offered.items() if choice["correct"]}
    return clean, set(chosen) == right


def _mark_order(
    content: dict[str, Any], response: dict[str, Any]
) -> tuple[dict[str, Any], bool | None]:
    items = [item["id"] for item in content["items"]]
    positions = response.get("positions", {})
    if any(not positions.get(item) for item in items):
        raise NothingAnswered(_("Give every step a place."))
    if any(key not in items for key in positions):
        raise NotAChoice
    wanted = {str(number) for number in range(1, len(items) + 1)}
    given = [positions[item] for item in items]
    if any(place not in wanted for place in given):
        raise NotAChoice(_("Give each step one of the places listed."))
    if len(set(given)) != len(given):
        raise NotAChoice(_("Two steps have the same place. Give each step a place of its own."))
    order = sorted(items, key=lambda item: int(positions[item]))
    return {"order": order}, order == items


def _mark_short(
    content: dict[str, Any], response: dict[str, Any]
) -> tuple[dict[str, Any], bool | None]:
    text = " ".join(str(response.get("text", "")).split())
    if not text:
        raise NothingAnswered(_("Write an answer."))
    if len(text) > MAX_SHORT_ANSWER:
        raise AnswerRefused(_("Keep your answer under %(n)d characters.") % {"n": MAX_SHORT_ANSWER})
    if "\x00" in text:
        raise AnswerRefused
    words = f" {normalise(text)} "
    right = any(f" {normalise(form)} " in words for form in content["accepted"])
    return {"text": text}, right
