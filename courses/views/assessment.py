"""Taking the assessment of a course: where it begins, its questions, handing in, results."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import View

from courses.models import Attempt, AttemptQuestion
from courses.queries import (
    FailedAnswer,
    assessment_state,
    attempt_tasks,
    first_unanswered,
    pass_mark_in_words,
    results_of,
    sitting,
    whats_left,
)
from courses.services import (
    AnswerRefused,
    AttemptHandedIn,
    AttemptRefused,
    QuestionsUnanswered,
    hand_in,
    save_response,
    start_attempt,
)
from courses.views.catalogue import AddressMixin
from courses.views.learning import LearnerMixin
from courses.views.responses import response_in


class AssessmentView(AddressMixin, LearnerMixin, View):
    """What the assessment is, where somebody stands, and what they can do now."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show()

    def show(self, *, error: str = "", status: int = 200) -> HttpResponse:
        state = assessment_state(self.enrolment)
        now = timezone.now()
        context: dict[str, Any] = {"course": self.course, "enrolment": self.enrolment}
        context |= {"state": state, "assessment": state.assessment}
        if state.assessment is not None:
            assessment = state.assessment
            context["needed"] = pass_mark_in_words(assessment.draw_count, assessment.pass_mark)
        context["waits"] = state.next_at is not None and now < state.next_at
        context["is_over"] = self.enrolment.completed_at is not None
        context["errors"] = [{"text": error, "target": ""}] if error else []
        return render(self.request, "courses/assessment.html", context, status=status)


class StartAttemptView(AssessmentView):
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return redirect("courses:assessment", slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        try:
            attempt = start_attempt(enrolment=self.enrolment, now=timezone.now())
        except AttemptRefused as refusal:
            return self.show(error=str(refusal.message), status=refusal.status)
        position = first_unanswered(attempt)
        if position is None:
            return redirect("courses:attempt-hand-in", slug, attempt.public_id)
        return redirect("courses:attempt-question", slug, attempt.public_id, position)


class AttemptMixin(AddressMixin, LearnerMixin):
    """A view of one of somebody's own attempts; another's is not there."""

    def attempt(self, attempt_id: uuid.UUID) -> Attempt:
        return get_object_or_404(
            Attempt.objects.select_related(
                "assessment", "enrolment__course", "enrolment__route", "enrolment__version"
            ),
            public_id=attempt_id,
            enrolment__user=self.enrolment.user_id,
            enrolment__is_test=self.enrolment.is_test,
            enrolment__course=self.course,
        )


class AttemptQuestionView(AttemptMixin, View):
    """One question of an open attempt: what is sent is kept, and marked only at the end."""

    http_method_names = ["get", "post"]

    def get(
        self, request: HttpRequest, slug: str, attempt_id: uuid.UUID, position: int
    ) -> HttpResponse:
        attempt = self.attempt(attempt_id)
        if attempt.submitted_at is not None:
            return redirect("courses:attempt", slug, attempt_id)
        return self.show(attempt, position)

    def show(
        self,
        attempt: Attempt,
        position: int,
        *,
        failed: FailedAnswer | None = None,
        status: int = 200,
    ) -> HttpResponse:
        try:
            now_at = sitting(attempt, position, failed=failed)
        except AttemptQuestion.DoesNotExist as missing:
            raise Http404 from missing
        context = {"course": self.course, "attempt": attempt, "sitting": now_at}
        return render(self.request, "courses/attempt_question.html", context, status=status)

    def post(
        self, request: HttpRequest, slug: str, attempt_id: uuid.UUID, position: int
    ) -> HttpResponse:
        attempt = self.attempt(attempt_id)
        response = response_in(request.POST)
        try:
            save_response(attempt=attempt, position=position, response=response, now=timezone.now())
        except AttemptQuestion.DoesNotExist as missing:
            raise Http404 from missing
        except AttemptHandedIn as refusal:
            messages.info(request, str(refusal.message))
            return redirect("courses:attempt", slug, attempt_id)
        except AnswerRefused as refusal:
            failed = FailedAnswer(attempt_id, response, str(refusal.message))
            return self.show(attempt, position, failed=failed, status=refusal.status)
        return self.go_on(attempt, position, request.POST.get("go", ""))

    def go_on(self, attempt: Attempt, position: int, go: str) -> HttpResponse:
        slug = self.course.slug
        if go == "stop":
            return redirect("courses:assessment", slug)
        position += -1 if go == "back" else 1
        if go == "list" or not 1 <= position <= attempt.out_of:
            return redirect("courses:attempt-hand-in", slug, attempt.public_id)
        return redirect("courses:attempt-question", slug, attempt.public_id, position)


class HandInView(AttemptMixin, View):
    """The list of questions before handing in, and the handing in."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, slug: str, attempt_id: uuid.UUID) -> HttpResponse:
        attempt = self.attempt(attempt_id)
        if attempt.submitted_at is not None:
            return redirect("courses:attempt", slug, attempt_id)
        return self.show(attempt)

    def show(self, attempt: Attempt, *, error: str = "", status: int = 200) -> HttpResponse:
        tasks = attempt_tasks(attempt, self.course)
        context = {
            "course": self.course,
            "attempt": attempt,
            "tasks": tasks,
            "first": next((task["url"] for task in tasks if task["kind"]), ""),
            "answered": sum(not task["kind"] for task in tasks),
            "error": error,
        }
        return render(self.request, "courses/attempt_hand_in.html", context, status=status)

    def post(self, request: HttpRequest, slug: str, attempt_id: uuid.UUID) -> HttpResponse:
        attempt = self.attempt(attempt_id)
        try:
            hand_in(
                enrolment=attempt.enrolment,
                attempt_id=attempt_id,
                now=timezone.now(),
                leave_unanswered=request.POST.get("unanswered") == "leave",
            )
        except QuestionsUnanswered as refusal:
            return self.show(attempt, error=str(refusal.message), status=refusal.status)
        return redirect("courses:attempt", slug, attempt_id)


class AttemptView(AttemptMixin, View):
    """The results of an attempt that was handed in."""

    def get(self, request: HttpRequest, slug: str, attempt_id: uuid.UUID) -> HttpResponse:
        attempt = self.attempt(attempt_id)
        if attempt.submitted_at is None:
            return redirect("courses:attempt-hand-in", slug, attempt_id)
        enrolment = attempt.enrolment
        state = assessment_state(enrolment)
        is_final = state.is_final or enrolment.completed_at is not None
        context = {
            "course": self.course,
            "attempt": attempt,
            "state": state,
            "results": results_of(attempt, enrolment, is_final=is_final),
            "needed": pass_mark_in_words(attempt.out_of, attempt.pass_mark),
            "waits": state.next_at is not None and timezone.now() < state.next_at,
            "is_completed": enrolment.completed_at is not None,
            "left": [] if enrolment.completed_at else whats_left(enrolment)[:5],
        }
        return render(request, "courses/attempt.html", context)
