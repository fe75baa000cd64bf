"""What is half filled in, kept by a script while it is typed or by a button."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.queries import FailedAnswer
from courses.services import AnswerRefused, QuestionGone, keep_draft
from courses.views.learning import LessonView, whole_number
from courses.views.responses import response_in


def is_by_script(request: HttpRequest) -> bool:
    """Say whether a script keeps what is typed: it is answered without a page."""
    return request.headers.get("X-Requested-With") == "fetch"


def told(sentence: Any, status: int) -> HttpResponse:
    return HttpResponse(str(sentence), status=status, content_type="text/plain; charset=utf-8")


class KeepingView(LessonView):
    """A view that keeps what was typed. Opened as a page it leads to the lesson."""

    http_method_names = ["get", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if is_by_script(request) and not request.user.is_authenticated:
            return told(_("Not saved: you are signed out. Sign in again, then save."), 401)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("courses:lesson", kwargs["slug"], kwargs["lesson_id"])


class DraftView(KeepingView):
    def post(
        self, request: HttpRequest, slug: str, lesson_id: uuid.UUID, question_id: uuid.UUID
    ) -> HttpResponse:
        lesson, response = self.lesson(lesson_id), response_in(request.POST)
        try:
            keep_draft(
                enrolment=self.enrolment,
                lesson=lesson,
                question_id=question_id,
                attempt=whole_number(request.POST.get("attempt", "")),
                response=response,
                now=timezone.now(),
            )
        except AnswerRefused as refusal:
            if is_by_script(request):
                return told(refusal.message, refusal.status)
            failed = FailedAnswer(question_id, response, str(refusal.message))
            return self.show(lesson, failed=failed, status=refusal.status)
        except QuestionGone as refusal:
            raise Http404(str(refusal.message)) from refusal
        if is_by_script(request):
            return HttpResponse(status=204)
        messages.success(
            request,
            _("What you had filled in is kept. You will find it here on any device: ")
            + lesson.title,
        )
        return redirect(self.course.get_absolute_url())
