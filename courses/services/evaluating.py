"""Filling in the evaluation of a course: kept page by page, sent once, apart from the person."""

import datetime
import hashlib
import json
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import EvaluationKind, EvaluationStage
from courses.models import (
    Completion,
    Enrolment,
    EvaluationAnswer,
    EvaluationDraft,
    EvaluationForm,
    EvaluationQuestion,
    EvaluationReply,
    EvaluationWording,
)
from courses.queries.evaluating import (
    BEFORE,
    NOW,
    WITHHELD,
    EvaluationStep,
    Given,
    before_evaluation,
    evaluation_of,
    is_offered,
)
from courses.services.completion import complete_locked
from courses.services.crediting import record_evaluation
from courses.services.standing import locked
from lms.core.errors import DomainError

MAX_COMMENT = 2_000


class EvaluationNotOpen(DomainError):
    code = "evaluation_not_open"
    message = gettext_lazy("The evaluation opens when you have done the rest of the course.")


class EvaluationSent(DomainError):
    code = "evaluation_sent"
    message = gettext_lazy("You have sent this evaluation already. It cannot be changed any more.")


class EvaluationRefused(DomainError):
    """What was filled in cannot be kept. Nothing was written."""

    code = "evaluation_refused"
    status = 422
    message = gettext_lazy("This cannot be an answer to the question.")


class EvaluationQuestionGone(DomainError):
    code = "evaluation_question_gone"
    status = 404
    message = gettext_lazy("This question is not asked any more.")


class EvaluationIncomplete(DomainError):
    """Questions that must be answered are open."""

    code = "evaluation_incomplete"
    status = 422
    message = gettext_lazy(
        "Some questions still need an answer. ‘I would rather not say’ is one too."
    )


@transaction.atomic
def keep_evaluation_answer(
    *, enrolment: Enrolment, question: uuid.UUID, given: dict[str, Any], now: datetime.datetime
) -> EvaluationDraft:
    """Keep what is filled in to one question, with gaps; the last one kept counts.

    It is the person's own until they send the whole form, and found again on any device.

    Raises: EvaluationNotOpen; EvaluationSent; EvaluationQuestionGone; EvaluationRefused when it is
    too long or was never offered.
    """
    enrolment = _open(enrolment)
    evaluation = evaluation_of(enrolment)
    step = evaluation.step(question)
    if step is None:
        raise EvaluationQuestionGone
    clean = _clean(step, given)
    draft, _created = EvaluationDraft.objects.get_or_create(
        enrolment=enrolment, defaults={"saved_at": now}
    )
    draft.answers = {**draft.answers, str(question): clean}
    draft.saved_at = now
    draft.save(update_fields=["answers", "saved_at"])
    return draft


@transaction.atomic
def hand_in_evaluation(*, enrolment: Enrolment, now: datetime.datetime) -> Completion | None:
    """Send the evaluation, once for an enrolment: a second time changes nothing.

    The answers become a reply that leads to nobody, and the draft goes. The rule of the route is
    met in the same transaction; the completion is returned where that was the last thing left, or
    there is one. An editor's test leaves no reply.

    Raises: EvaluationNotOpen; EvaluationIncomplete while a question is open that must be answered.
    """
    enrolment = locked(enrolment)
    if enrolment.evaluated_at is not None:
        return complete_locked(enrolment=enrolment, now=now)
    _check_open(enrolment)
    evaluation = evaluation_of(enrolment)
    if evaluation.missing:
        raise EvaluationIncomplete
    if not enrolment.is_test:
        reply = EvaluationReply.objects.create(
            course=enrolment.course,
            stage=EvaluationStage.END,
            month=timezone.localdate(now).replace(day=1),
        )
        answers = [
            EvaluationAnswer(reply=reply, wording=_kept(wording), **values)
            for step in evaluation.steps
            for wording, values in _answers(step, evaluation.of(step))
        ]
        EvaluationAnswer.objects.bulk_create(answers)
    EvaluationDraft.objects.filter(enrolment=enrolment).delete()
    return record_evaluation(enrolment=enrolment, now=now)


def _open(enrolment: Enrolment) -> Enrolment:
    enrolment = locked(enrolment)
    if enrolment.evaluated_at is not None:
        raise EvaluationSent
    _check_open(enrolment)
    return enrolment


def _check_open(enrolment: Enrolment) -> None:
    is_gone = enrolment.withdrawn_at is not None
    if is_gone or not is_offered(enrolment) or before_evaluation(enrolment):
        raise EvaluationNotOpen


def _clean(step: EvaluationStep, given: dict[str, Any]) -> Given:
    given = {name: str(given.get(name) or "").strip() for name in step.fields}
    text = given.get("text", "").replace("\r\n", "\n")
    if len(text) > MAX_COMMENT:
        raise EvaluationRefused(
            _("Keep it under %(n)s characters. You have written %(written)s.")
            % {"n": f"{MAX_COMMENT:,}", "written": f"{len(text):,}"}
        )
    if "\x00" in text:
        raise EvaluationRefused(_("There is a sign in it that cannot be kept. Take it out."))
    if text:
        given["text"] = text
    clean = step.cleaned(given)
    if any(value and name not in clean for name, value in given.items()):
        raise EvaluationRefused
    return clean


def _answers(
    step: EvaluationStep, given: Given
) -> Iterator[tuple[EvaluationWording, dict[str, Any]]]:
    """Turn what was filled in into answers to wordings. What is withheld leaves no trace."""
    if step.kind == EvaluationKind.CONFIDENCE:
        for key, outcome in step.outcomes:
            values = {
                "value": _number(given.get(f"{NOW}-{key}", "")),
                "before": _number(given.get(f"{BEFORE}-{key}", "")),
            }
            if any(values.values()):
                yield _wording(step, outcome), values
    elif step.kind == EvaluationKind.TEXT:
        if given.get("text"):
            yield _wording(step), {"text": given["text"]}
    elif step.kind == EvaluationKind.CHOICE:
        if (chosen := given.get("value", WITHHELD)) != WITHHELD:
            yield _wording(step), {"value": step.options.index(chosen)}
    elif value := _number(given.get("value", "")):
        yield _wording(step), {"value": value}


def _number(value: str) -> int | None:
    return int(value) if value.isdecimal() else None


def _wording(step: EvaluationStep, outcome: str = "") -> EvaluationWording:
    words = [step.kind, step.text, outcome, step.options]
    digest = hashlib.sha256(json.dumps(words).encode()).hexdigest()
    return EvaluationWording(
        question=step.key,
        digest=digest,
        kind=step.kind,
        text=step.text,
        outcome=outcome,
        options=step.options,
    )


def _kept(wording: EvaluationWording) -> EvaluationWording:
    found, _created = EvaluationWording.objects.get_or_create(
        question=wording.question,
        digest=wording.digest,
        defaults={
            "kind": wording.kind,
            "text": wording.text,
            "outcome": wording.outcome,
            "options": wording.options,
        },
    )
    return found


@transaction.atomic
def set_up_evaluation() -> EvaluationForm:
    """Give the site its form for every course, with questions to begin with; one there is left.

    Reaction and confidence of domain-rules, section 9: usefulness, pace, safety, one change.
    """
    form = EvaluationForm.objects.filter(course__isnull=True, stage=EvaluationStage.END).first()
    if form is not None:
        return form
    form = EvaluationForm.objects.create(
        introduction=_(
            "Tell us how the course was for you. We read every reply, and it helps us to change "
            "what does not work."
        )
    )
    for position, question in enumerate(_first_questions()):
        EvaluationQuestion.objects.create(form=form, sort_order=position, **question)
    return form


def _first_questions() -> list[dict[str, Any]]:
    rating, choice, text = EvaluationKind.RATING, EvaluationKind.CHOICE, EvaluationKind.TEXT
    return [
        {
            "kind": rating,
            "text": _("How useful is the course for your work?"),
            "is_required": True,
        },
        {
            "kind": EvaluationKind.CONFIDENCE,
            "text": _("How confident are you in each of these?"),
            "hint": _("First as you are now, then thinking back to before the course."),
            "low": _("Not confident"),
            "high": _("Very confident"),
            "is_required": True,
        },
        {
            "kind": choice,
            "text": _("How was the pace?"),
            "choices": "\n".join([_("Too slow"), _("About right"), _("Too fast")]),
        },
        {
            "kind": rating,
            "text": _("How safe did you feel with what the course is about?"),
            "hint": _("Some of it is hard to read, and may be close to home."),
            "low": _("Not safe"),
            "high": _("Safe throughout"),
        },
        {
            "kind": rating,
            "text": _("Would you recommend the course to a colleague?"),
            "low": _("Certainly not"),
            "high": _("Certainly"),
            "is_required": True,
        },
        {
            "kind": text,
            "text": _("What will you do differently in your work?"),
            "hint": _("One thing is enough. Name nobody, please."),
        },
        {
            "kind": text,
            "text": _("What should we change in the course?"),
            "hint": _("Please do not name anybody."),
        },
    ]
