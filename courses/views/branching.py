import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from courses.queries import FailedAnswer
from courses.services import AnswerRefused, QuestionGone, take_step
from courses.views.drafts import KeepingView
from courses.views.learning import lesson_url, whole_number


class StepView(KeepingView):
    """The next step of a branching scenario."""

    def post(
        self, request: HttpRequest, slug: str, lesson_id: uuid.UUID, question_id: uuid.UUID
    ) -> HttpResponse:
        lesson = self.lesson(lesson_id)
        try:
            taken = take_step(
                enrolment=self.enrolment,
                lesson=lesson,
                question_id=question_id,
                attempt=whole_number(request.POST.get("attempt", "")),
                walked=whole_number(request.POST.get("walked", "")),
                choice=request.POST.get("choice", ""),
                now=timezone.now(),
            )
        except AnswerRefused as refusal:
            failed = FailedAnswer(question_id, {}, str(refusal.message))
            return self.show(lesson, failed=failed, status=refusal.status)
        except QuestionGone as refusal:
            raise Http404(str(refusal.message)) from refusal
        return redirect(f"{lesson_url(self.course, lesson)}#check-{question_id}-{taken}")
