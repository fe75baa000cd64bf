"""The evaluation of a course as somebody fills it in: its questions, one on each page."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.enums import EvaluationKind, EvaluationStage
from courses.models import Course, Enrolment, EvaluationDraft, EvaluationForm
from courses.queries.completion import ASSESSMENT, LESSONS, Remaining, rules_of

WITHHELD = "-"  # somebody would rather not say
SCALE = ("1", "2", "3", "4", "5")
NOW, BEFORE = "now", "then"

Given = dict[str, str]  # what was answered to one question, by the name of the field


@dataclass(frozen=True)
class EvaluationStep:
    """One question of an evaluation, for one course: what it asks, and what may be answered."""

    key: uuid.UUID
    kind: EvaluationKind
    text: str
    hint: str
    options: list[str]  # what 1 and 5 mean, or what can be chosen
    is_required: bool
    outcomes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, tuple[str, ...] | None]:
        """The fields of the question and what each may hold; None is text of their own."""
        if self.kind == EvaluationKind.TEXT:
            return {"text": None}
        if self.kind == EvaluationKind.CHOICE:
            return {"value": (*self.options, WITHHELD)}
        if self.kind == EvaluationKind.RATING:
            return {"value": (*SCALE, WITHHELD)}
        names = [f"{which}-{key}" for key, _text in self.outcomes for which in (NOW, BEFORE)]
        return dict.fromkeys(names, (*SCALE, WITHHELD))

    def cleaned(self, given: dict[str, Any]) -> Given:
        """Keep of what was given what can stand as an answer today."""
        kept = {}
        for name, allowed in self.fields.items():
            value = str(given.get(name) or "")
            if value and (allowed is None or value in allowed):
                kept[name] = value
        return kept

    def is_answered(self, given: Given) -> bool:
        """Say whether every field has an answer; ‘I would rather not say’ is one."""
        return all(given.get(name) for name in self.fields)


@dataclass(frozen=True)
class Evaluation:
    """The form of a course, with what this person has filled in so far."""

    introduction: str
    steps: list[EvaluationStep]
    given: dict[str, Given]
    is_begun: bool

    def step(self, key: uuid.UUID) -> EvaluationStep | None:
        return next((step for step in self.steps if step.key == key), None)

    def of(self, step: EvaluationStep) -> Given:
        return self.given.get(str(step.key), {})

    @property
    def answered(self) -> int:
        return sum(step.is_answered(self.of(step)) for step in self.steps)

    @property
    def missing(self) -> list[EvaluationStep]:
        """The questions that must be answered and are not."""
        return [x for x in self.steps if x.is_required and not x.is_answered(self.of(x))]


def form_for(course: Course, stage: EvaluationStage) -> EvaluationForm | None:
    """Find the form of `course` at a stage: its own, or else the one of every course."""
    forms = EvaluationForm.objects.filter(stage=stage)
    own = forms.filter(course=course).first()
    return own or forms.filter(course__isnull=True).first()


def evaluation_of(enrolment: Enrolment) -> Evaluation:
    """Lay out the evaluation of the course of `enrolment`, with what is filled in. Four queries."""
    course = enrolment.course
    form = form_for(course, EvaluationStage.END)
    steps = []
    for question in form.questions.order_by("sort_order", "pk") if form else ():
        kind = EvaluationKind(question.kind)
        outcomes = [(x["key"], x["text"]) for x in course.outcomes]
        if kind == EvaluationKind.CONFIDENCE and not outcomes:
            continue
        options = [question.low or _("Not at all"), question.high or _("Very much")]
        steps.append(
            EvaluationStep(
                key=question.key,
                kind=kind,
                text=question.text,
                hint=question.hint,
                options={EvaluationKind.CHOICE: question.choice_list, EvaluationKind.TEXT: []}.get(
                    kind, options
                ),
                is_required=question.is_required,
                outcomes=outcomes if kind == EvaluationKind.CONFIDENCE else [],
            )
        )
    draft = EvaluationDraft.objects.filter(enrolment=enrolment).first()
    kept: dict[str, Given] = draft.answers if draft else {}
    given = {str(x.key): x.cleaned(kept.get(str(x.key), {})) for x in steps}
    return Evaluation(form.introduction if form else "", steps, given, bool(kept))


def before_evaluation(enrolment: Enrolment) -> list[Remaining]:
    """List what must be done before the evaluation opens; empty when it is open.

    It is about the whole course, so lessons and assessment come first. A session does not: its
    register may be closed after people filled the evaluation in.
    """
    if enrolment.completed_at is not None:
        return []
    rules = rules_of(enrolment)
    return [x for rule in rules if rule.kind in (LESSONS, ASSESSMENT) for x in rule.left]


def is_offered(enrolment: Enrolment) -> bool:
    """Say whether this enrolment has an evaluation: its route asks for it, or it is completed."""
    return enrolment.route.requires_evaluation or enrolment.completed_at is not None


def step_url(course: Course, step: EvaluationStep) -> str:
    return reverse("courses:evaluation-question", args=[course.slug, step.key])


def evaluation_tasks(course: Course, evaluation: Evaluation) -> list[dict[str, str]]:
    """Say of each question whether it is answered, for the page before sending."""
    return [_task(course, step, evaluation.of(step)) for step in evaluation.steps]


def _task(course: Course, step: EvaluationStep, given: Given) -> dict[str, str]:
    if step.is_answered(given):
        state, kind = _("Answered"), ""
    elif step.is_required:
        state, kind = (_("Begun") if given else _("To answer")), "teal"
    else:
        state, kind = (_("Begun") if given else _("If you like")), "grey"
    hint = "; ".join(_said(step, given))
    hint = f"{hint[:117]}…" if len(hint) > 118 else hint
    return {
        "title": step.text,
        "url": step_url(course, step),
        "hint": hint,
        "status": state,
        "kind": kind,
    }


def _said(step: EvaluationStep, given: Given) -> Iterable[str]:
    if step.kind == EvaluationKind.CONFIDENCE:
        return ()
    return (_("I would rather not say") if x == WITHHELD else x for x in given.values())
