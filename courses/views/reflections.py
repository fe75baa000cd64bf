"""What a learner writes for themselves: in the lesson, all together, and to take away."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.models import User
from courses.exports.reflections import reflections_as_text
from courses.models import Reflection
from courses.queries import UnkeptReflection, reflections_of
from courses.services import ReflectionGone, ReflectionRefused, erase_reflection, keep_reflection
from courses.services.cpd import choose_reflection
from courses.views.drafts import KeepingView, is_by_script, told
from courses.views.learning import lesson_url
from lms.core.access import SignedInMixin
from lms.core.words import time_in_words


class ReflectionView(KeepingView):
    def post(
        self, request: HttpRequest, slug: str, lesson_id: uuid.UUID, block_id: str
    ) -> HttpResponse:
        lesson, text, now = self.lesson(lesson_id), request.POST.get("text", ""), timezone.now()
        try:
            kept = keep_reflection(
                enrolment=self.enrolment, lesson=lesson, block_id=block_id, text=text, now=now
            )
        except (ReflectionGone, ReflectionRefused) as refusal:
            if is_by_script(request):
                return told(_("Not saved. ") + str(refusal.message), refusal.status)
            if isinstance(refusal, ReflectionGone):
                context = {"course": self.course, "lesson": lesson, "text": text}
                context["error"] = refusal.message
                return render(request, "courses/reflection_gone.html", context, status=404)
            unkept = UnkeptReflection(block_id, text, str(refusal.message))
            return self.show(lesson, unkept=unkept, status=refusal.status)
        saved = (
            _("Saved at %(time)s") % {"time": time_in_words(now)} if kept else _("Nothing is kept")
        )
        if is_by_script(request):
            return told(saved, 200)
        messages.success(request, saved)
        return redirect(f"{lesson_url(self.course, lesson)}#block-{block_id}")


class MyReflectionsView(SignedInMixin, TemplateView):
    template_name = "courses/reflections.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert isinstance(self.request.user, User)  # noqa: S101 - SignedInMixin saw to it
        return super().get_context_data(courses=reflections_of(self.request.user), **kwargs)


class EraseReflectionView(SignedInMixin, View):
    """Ask first: what is erased is gone."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        reflection = get_object_or_404(Reflection, enrolment__user=request.user, pk=pk)
        return render(request, "courses/reflection_erase.html", {"reflection": reflection})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
        try:
            erase_reflection(user=request.user, pk=pk)
        except ReflectionGone as refusal:
            messages.info(request, str(refusal.message))
        else:
            messages.success(request, _("What you wrote is erased."))
        return redirect("courses:reflections")


class DownloadReflectionsView(SignedInMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
        text = reflections_as_text(reflections_of(request.user), on=timezone.localdate())
        return HttpResponse(
            text,
            content_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="my-reflections.txt"'},
        )


class ChooseReflectionView(SignedInMixin, View):
    """The writer of a reflection includes it in their CPD record, or takes it out."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        reflection = get_object_or_404(Reflection, pk=pk, enrolment__user=request.user)
        is_in_cpd = request.POST.get("include") == "yes"
        choose_reflection(reflection=reflection, is_in_cpd=is_in_cpd)
        if is_in_cpd:
            told = _("“%(title)s” is in your CPD record now, its PDF and CSV included.")
        else:
            told = _("“%(title)s” is no longer in your CPD record. It is still kept for you.")
        messages.success(request, told % {"title": reflection.title})
        if request.POST.get("from") == "cpd":
            year = request.POST.get("year", "")
            query = f"?year={year}" if year.isalnum() else ""
            return redirect(f"{reverse('courses:cpd')}{query}#reflections")
        return redirect(f"{reverse('courses:reflections')}#reflection-{pk}")
