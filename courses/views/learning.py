import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.enums import Permission
from accounts.models import User
from courses.models import Completion, Course, Enrolment, Lesson
from courses.queries import (
    FailedAnswer,
    UnkeptReflection,
    content_note_of,
    courses_left,
    latest_enrolment,
    lesson_as_previewed,
    lesson_for,
    my_learning,
    outline_of,
)
from courses.services import (
    AnswerRefused,
    ChecksUnanswered,
    LessonNotYours,
    QuestionGone,
    answer_question,
    finish_lesson,
    keep_place,
    lesson_of,
    open_lesson,
)
from courses.views.catalogue import AddressMixin, note_test
from courses.views.responses import response_in
from lms.core.access import SignedInMixin


class LearnerMixin(SignedInMixin):
    """A view of a course somebody takes: `self.enrolment` is theirs, or they are sent to enrol."""

    request: HttpRequest
    course: Course
    enrolment: Enrolment

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if isinstance(request.user, User):
            enrolment = latest_enrolment(request.user, kwargs["slug"])
            if enrolment is None:
                return self.not_enrolled(request, **kwargs)
            self.course, self.enrolment = enrolment.course, enrolment
            note_test(request, enrolment)
        return super().dispatch(request, *args, **kwargs)

    def not_enrolled(self, request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        course = get_object_or_404(Course.objects.open(), slug=slug)
        messages.info(request, _("Start the course to open its lessons."))
        return redirect("courses:course", course.slug)

    def lesson(self, lesson_id: uuid.UUID) -> Lesson:
        try:
            return lesson_of(self.enrolment, lesson_id)
        except LessonNotYours as refusal:
            raise Http404(str(refusal.message)) from refusal


class ContinueView(AddressMixin, LearnerMixin, View):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        outline = outline_of(self.course, self.enrolment)
        return redirect(outline.resume_url or self.course.get_absolute_url())


class LessonView(AddressMixin, LearnerMixin, View):
    def get(self, request: HttpRequest, slug: str, lesson_id: uuid.UUID) -> HttpResponse:
        lesson = self.lesson(lesson_id)
        open_lesson(enrolment=self.enrolment, lesson=lesson, now=timezone.now())
        return self.show(lesson)

    def not_enrolled(self, request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        """An editor reads the published lesson without taking the course."""
        if request.method != "GET" or not request.user.has_perm(Permission.EDIT_COURSES):
            return super().not_enrolled(request, slug, **kwargs)
        lesson = get_object_or_404(Lesson, course__slug=slug, public_id=kwargs["lesson_id"])
        reading = lesson_as_previewed(lesson.body, content_note_of(lesson))
        context = {"page": lesson, "reading": reading}
        return render(request, "courses/lesson_preview.html", context)

    def show(
        self,
        lesson: Lesson,
        *,
        failed: FailedAnswer | None = None,
        unkept: UnkeptReflection | None = None,
        error: str = "",
        status: int = 200,
    ) -> HttpResponse:
        reading = lesson_for(
            self.enrolment,
            lesson,
            retry=self.request.GET.get("retry", ""),
            failed=failed,
            unkept=unkept,
        )
        context = {
            "course": self.course,
            "enrolment": self.enrolment,
            "lesson": lesson,
            "reading": reading,
            "error": error,
        }
        return render(self.request, "courses/lesson.html", context, status=status)


class AnswerView(LessonView):
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("courses:lesson", kwargs["slug"], kwargs["lesson_id"])

    def post(
        self, request: HttpRequest, slug: str, lesson_id: uuid.UUID, question_id: uuid.UUID
    ) -> HttpResponse:
        lesson = self.lesson(lesson_id)
        response = response_in(request.POST)
        try:
            answer_question(
                enrolment=self.enrolment,
                lesson=lesson,
                question_id=question_id,
                attempt=whole_number(request.POST.get("attempt", "")),
                response=response,
                now=timezone.now(),
            )
        except AnswerRefused as refusal:
            failed = FailedAnswer(question_id, response, str(refusal.message))
            return self.show(lesson, failed=failed, status=refusal.status)
        except QuestionGone as refusal:
            raise Http404(str(refusal.message)) from refusal
        return redirect(f"{lesson_url(self.course, lesson)}#check-{question_id}")


def whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def lesson_url(course: Course, lesson: Lesson) -> str:
    return reverse("courses:lesson", args=[course.slug, lesson.public_id])


class FinishLessonView(LessonView):
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("courses:lesson", kwargs["slug"], kwargs["lesson_id"])

    def post(self, request: HttpRequest, slug: str, lesson_id: uuid.UUID) -> HttpResponse:
        lesson = self.lesson(lesson_id)
        was_complete = self.enrolment.completed_at is not None
        try:
            completion = finish_lesson(enrolment=self.enrolment, lesson=lesson, now=timezone.now())
        except ChecksUnanswered as refusal:
            return self.show(lesson, error=str(refusal.message), status=refusal.status)
        if completion and not was_complete:
            return redirect("courses:completed", slug)
        next_url = lesson_for(self.enrolment, lesson).next_url
        return redirect(next_url or self.course.get_absolute_url())


class KeepPlaceView(AddressMixin, LearnerMixin, View):
    """Where a script notes the block that was read last; without one, answers note it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, slug: str, lesson_id: uuid.UUID) -> HttpResponse:
        keep_place(
            enrolment=self.enrolment,
            lesson=self.lesson(lesson_id),
            block_id=request.POST.get("block", "")[:40],
        )
        return HttpResponse(status=204)


class CompletedView(AddressMixin, LearnerMixin, View):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        completion = Completion.objects.standing().filter(enrolment=self.enrolment).first()
        if completion is None:
            return redirect(self.course.get_absolute_url())
        return render(
            request,
            "courses/completed.html",
            {"course": self.course, "enrolment": self.enrolment, "completion": completion},
        )


class MyLearningView(SignedInMixin, TemplateView):
    template_name = "courses/my_learning.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert isinstance(self.request.user, User)  # noqa: S101 - SignedInMixin saw to it
        user = self.request.user
        return super().get_context_data(rows=my_learning(user), left=courses_left(user), **kwargs)
