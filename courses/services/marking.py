"""Marking a response, on the server only: each kind of question by its own rule."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.blocks import normalise
from courses.enums import QuestionKind
from courses.queries.matching import match_token
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

    Raises: NothingAnswered, NotAChoice, AnswerRefused.
    """
    clean = clean_response(kind, content, response)
    return clean, is_right(kind, content, clean)


def clean_response(
    kind: QuestionKind, content: dict[str, Any], response: dict[str, Any]
) -> dict[str, Any]:
    """Keep of what a form sent what is an answer, by the ids of the wording; mark nothing.

    Raises: NothingAnswered, NotAChoice, AnswerRefused, each saying how to put it right.
    """
    if kind == QuestionKind.BRANCHING:
        raise AnswerRefused  # it is walked step by step (courses/services/branching.py)
    if kind == QuestionKind.SHORT:
        return _clean_short(response)
    if kind == QuestionKind.ORDER:
        return _clean_order(content, response)
    if kind == QuestionKind.MATCH:
        return _clean_match(content, response)
    return _clean_choices(kind, content, response)


def is_right(kind: QuestionKind, content: dict[str, Any], clean: dict[str, Any]) -> bool | None:
    """Say whether a cleaned response is right; None where nothing is right or wrong.

    Single, true or false: the one right choice. Several: exactly the right ones. Order: every step
    in its place. Match: every one with its own partner. Short: an accepted form stands in the
    answer as whole words, whatever the capitals, accents and punctuation.
    """
    if kind == QuestionKind.SCENARIO:
        return None
    if kind == QuestionKind.SHORT:
        words = f" {normalise(clean['text'])} "
        return any(f" {normalise(form)} " in words for form in content["accepted"])
    if kind == QuestionKind.ORDER:
        return bool(clean["order"] == [item["id"] for item in content["items"]])
    if kind == QuestionKind.MATCH:
        return all(prompt == partner for prompt, partner in clean["pairs"].items())
    right = {choice["id"] for choice in content["choices"] if choice["correct"]}
    return set(clean["choices"]) == right


def _clean_choices(
    kind: QuestionKind, content: dict[str, Any], response: dict[str, Any]
) -> dict[str, Any]:
    chosen = set(response.get("choices", []))
    offered = [choice["id"] for choice in content["choices"]]
    if not chosen.issubset(offered):
        raise NotAChoice
    if not chosen:
        raise NothingAnswered(
            _("Choose at least one answer.")
            if kind == QuestionKind.SEVERAL
            else _("Choose an answer.")
        )
    if kind != QuestionKind.SEVERAL and len(chosen) > 1:
        raise NotAChoice(_("Choose one answer only."))
    # In the order of the wording: whoever chose the same gave the same answer, however shuffled.
    return {"choices": [choice for choice in offered if choice in chosen]}


def _clean_order(content: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
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
    return {"order": sorted(items, key=lambda item: int(positions[item]))}


def _clean_match(content: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    prompts = [pair["id"] for pair in content["pairs"]]
    partners = {match_token(prompt): prompt for prompt in prompts}
    matches = response.get("matches", {})
    if any(key not in prompts for key in matches):
        raise NotAChoice
    if any(not matches.get(prompt) for prompt in prompts):
        raise NothingAnswered(_("Give every one a partner."))
    given = [matches[prompt] for prompt in prompts]
    if any(token not in partners for token in given):
        raise NotAChoice(_("Choose each partner from the list."))
    if len(set(given)) != len(given):
        raise NotAChoice(_("Two have the same partner. Give each one a partner of its own."))
    return {"pairs": {prompt: partners[matches[prompt]] for prompt in prompts}}


def _clean_short(response: dict[str, Any]) -> dict[str, Any]:
    text = " ".join(str(response.get("text", "")).split())
    if not text:
        raise NothingAnswered(_("Write an answer."))
    if len(text) > MAX_SHORT_ANSWER:
        raise AnswerRefused(_("Keep your answer under %(n)d characters.") % {"n": MAX_SHORT_ANSWER})
    if "\x00" in text:
        raise AnswerRefused
    return {"text": text}
