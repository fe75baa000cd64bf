"""Half-filled answers: kept as the learner types, found again on any device."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.enums import QuestionKind
from courses.models import Answer, DraftAnswer, Enrolment, Lesson
from courses.services.answers import question_of
from courses.services.marking import MAX_SHORT_ANSWER, AnswerRefused, NotAChoice


@transaction.atomic
def keep_draft(
    *,
    enrolment: Enrolment,
    lesson: Lesson,
    question_id: uuid.UUID,
    attempt: int,
    response: dict[str, Any],
    now: datetime.datetime,
) -> DraftAnswer | None:
    """Keep what stands in a form that was not sent: the last one written counts.

    `response` has the shape that `answer_question` takes, with gaps. Nothing is marked, and a form
    emptied again is forgotten. An attempt that was answered meanwhile ignores it, and None is
    returned.

    Raises: QuestionGone when the lesson does not ask it; NotAChoice or AnswerRefused when it could
    never become an answer to this question. Nothing is written then.
    """
    question = question_of(lesson, question_id)
    revision = question.latest_revision
    assert revision is not None  # noqa: S101 - question_of saw to it
    clean = _clean(QuestionKind(question.kind), revision.content, response)
    if attempt != Answer.objects.filter(enrolment=enrolment, question=question).count() + 1:
        return None
    if not any(clean.values()):
        DraftAnswer.objects.filter(enrolment=enrolment, question=question).delete()
        return None
    draft, _created = DraftAnswer.objects.update_or_create(
        enrolment=enrolment,
        question=question,
        defaults={
            "revision": revision,
            "attempt": attempt,
            "response": clean,
            "saved_at": now,
        },
    )
    return draft


def _clean(kind: QuestionKind, content: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    """Reduce a half-filled form to what its kind of question asks for, refusing anything else."""
    if kind == QuestionKind.BRANCHING:
        raise AnswerRefused  # each step is kept as it is taken (courses/services/branching.py)
    if kind == QuestionKind.SHORT:
        return {"text": _clean_text(str(response.get("text", "")))}
    if "choices" in content:
        return {"choices": _clean_choices(kind, content, response.get("choices", []))}
    # Places of steps, and partners of pairs: both are chosen by the id of what they belong to.
    name, longest = ("matches", 64) if kind == QuestionKind.MATCH else ("positions", 40)
    chosen = {key: value for key, value in response.get(name, {}).items() if value}
    offered = {one["id"] for one in content.get("items") or content.get("pairs", [])}
    if not chosen.keys() <= offered or any(len(value) > longest for value in chosen.values()):
        raise NotAChoice
    return {name: chosen}


def _clean_text(text: str) -> str:
    if len(text) > MAX_SHORT_ANSWER:
        raise AnswerRefused(_("Keep your answer under %(n)d characters.") % {"n": MAX_SHORT_ANSWER})
    if "\x00" in text:
        raise AnswerRefused
    return text.strip()


def _clean_choices(kind: QuestionKind, content: dict[str, Any], chosen: list[str]) -> list[str]:
    offered = {choice["id"] for choice in content["choices"]}
    if not offered.issuperset(chosen):
        raise NotAChoice
    chosen = list(dict.fromkeys(chosen))
    if kind != QuestionKind.SEVERAL and len(chosen) > 1:
        raise NotAChoice(_("Choose one answer only."))
    return chosen
