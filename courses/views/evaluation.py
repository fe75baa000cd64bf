"""A learner fills in the evaluation of a course: one question on each page, sent once."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from courses.forms.evaluation import EvaluationStepForm
from courses.queries.evaluating import (
    Evaluation,
    EvaluationStep,
    before_evaluation,
    evaluation_of,
    evaluation_tasks,
    is_offered,
)
from courses.services.evaluating import (
    EvaluationIncomplete,
    EvaluationNotOpen,
    EvaluationQuestionGone,
    EvaluationRefused,
    EvaluationSent,
    hand_in_evaluation,
    keep_evaluation_answer,
)
from courses.views.catalogue import AddressMixin
from courses.views.learning import LearnerMixin


class EvaluationView(AddressMixin, LearnerMixin, View):
    """What it is, who sees it, how far it is filled in; and sending it."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show()

    def show(self, *, error: str = "", status: int = 200) -> HttpResponse:
        enrolment = self.enrolment
        context: dict[str, Any] = {"course": self.course, "enrolment": enrolment}
        if enrolment.evaluated_at is not None:
            return render(self.request, "courses/evaluation_sent.html", context)
        if not is_offered(enrolment):
            messages.info(
                self.request, _("You can tell us what you think once you have completed it.")
            )
            return redirect(self.course.get_absolute_url())
        if left := before_evaluation(enrolment):
            return render(self.request, "courses/evaluation_later.html", {**context, "left": left})
        evaluation = evaluation_of(enrolment)
        tasks = evaluation_tasks(self.course, evaluation)
        open_ones = [
            task
            for task, step in zip(tasks, evaluation.steps, strict=True)
            if not step.is_answered(evaluation.of(step))
        ]
        context |= {
            "evaluation": evaluation,
            "tasks": tasks,
            "next_url": open_ones[0]["url"] if open_ones else "",
            "error": error,
        }
        return render(self.request, "courses/evaluation.html", context, status=status)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        was_complete = self.enrolment.completed_at is not None
        try:
            completion = hand_in_evaluation(enrolment=self.enrolment, now=timezone.now())
        except EvaluationIncomplete as refusal:
            return self.show(error=str(refusal.message), status=refusal.status)
        except EvaluationNotOpen as refusal:
            messages.info(request, str(refusal.message))
            return redirect("courses:evaluation", slug)
        if completion and not was_complete:
            messages.success(request, _("Thank you: your evaluation is sent."))
            return redirect("courses:completed", slug)
        return redirect("courses:evaluation", slug)


class EvaluationQuestionView(AddressMixin, LearnerMixin, View):
    """One question. What is filled in is kept whichever way somebody leaves it."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, slug: str, question: uuid.UUID) -> HttpResponse:
        evaluation, step = self.asked(question)
        if step is None:
            return redirect("courses:evaluation", slug)
        return self.show(
            evaluation, EvaluationStepForm(step=step, initial=evaluation.of(step)), step
        )

    def asked(self, question: uuid.UUID) -> tuple[Evaluation, EvaluationStep | None]:
        """Find the question; none where it is not to be answered, or not any more."""
        evaluation = evaluation_of(self.enrolment)
        is_open = (
            self.enrolment.evaluated_at is None
            and is_offered(self.enrolment)
            and not before_evaluation(self.enrolment)
        )
        return evaluation, evaluation.step(question) if is_open else None

    def show(
        self,
        evaluation: Evaluation,
        form: EvaluationStepForm,
        step: EvaluationStep,
        *,
        status: int = 200,
    ) -> HttpResponse:
        position = evaluation.steps.index(step)
        context = {
            "course": self.course,
            "evaluation": evaluation,
            "form": form,
            "step": step,
            "kind": str(step.kind),
            "position": position + 1,
            "total": len(evaluation.steps),
            "is_last": position + 1 == len(evaluation.steps),
        }
        return render(self.request, "courses/evaluation_question.html", context, status=status)

    def post(self, request: HttpRequest, slug: str, question: uuid.UUID) -> HttpResponse:
        evaluation, step = self.asked(question)
        if step is None:
            return redirect("courses:evaluation", slug)
        form = EvaluationStepForm(request.POST, step=step)
        if not form.is_valid():
            return self.show(evaluation, form, step, status=422)
        try:
            keep_evaluation_answer(
                enrolment=self.enrolment,
                question=question,
                given=form.cleaned_data,
                now=timezone.now(),
            )
        except EvaluationRefused as refusal:
            form.add_error(next(iter(form.fields)), str(refusal.message))
            return self.show(evaluation, form, step, status=refusal.status)
        except (EvaluationNotOpen, EvaluationQuestionGone, EvaluationSent) as refusal:
            messages.info(request, str(refusal.message))
            return redirect("courses:evaluation", slug)
        return self.go_on(evaluation, form, step, request.POST.get("go", ""))

    def go_on(
        self, evaluation: Evaluation, form: EvaluationStepForm, step: EvaluationStep, go: str
    ) -> HttpResponse:
        slug = self.course.slug
        if go == "stop":
            messages.success(
                self.request,
                _("What you filled in is kept. You will find it under ‘Evaluation’ on any device."),
            )
            return redirect(self.course.get_absolute_url())
        if go == "on" and step.is_required and not step.is_answered(form.cleaned_data):
            form.ask_for_the_rest()
            return self.show(evaluation, form, step, status=422)
        position = evaluation.steps.index(step) + (-1 if go == "back" else 1)
        if go == "list" or not 0 <= position < len(evaluation.steps):
            return redirect("courses:evaluation", slug)
        return redirect("courses:evaluation-question", slug, evaluation.steps[position].key)
