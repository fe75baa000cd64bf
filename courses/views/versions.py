"""Versions: a learner moves up to the newest one; editors see what changed and who is on which."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import Permission
from courses.forms.versions import CompareForm
from courses.models import Course
from courses.queries import moving_up, version_change, versions_of
from courses.services import move_up
from courses.views.catalogue import AddressMixin
from courses.views.learning import LearnerMixin
from lms.core.access import PermissionMixin
from lms.core.errors import DomainError


class MoveUpView(AddressMixin, LearnerMixin, View):
    """What the newest version would change for the learner, and the way to it."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        moving = moving_up(self.enrolment)
        if moving is None:
            messages.info(request, _("There is no newer version for you to move up to."))
            return redirect(self.course.get_absolute_url())
        context = {"course": self.course, "enrolment": self.enrolment, "moving": moving}
        return render(request, "courses/move_up.html", context)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        try:
            completion = move_up(enrolment=self.enrolment, now=timezone.now())
        except DomainError as refusal:
            messages.warning(request, str(refusal.message))
            return redirect(self.course.get_absolute_url())
        if completion:
            return redirect("courses:completed", slug)
        messages.success(
            request, _("You are on the newest version now. Everything you have done is kept.")
        )
        return redirect(self.course.get_absolute_url())


class VersionsView(AddressMixin, PermissionMixin, View):
    permission = Permission.EDIT_COURSES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course, slug=slug)
        versions = {version.number: version for version in course.versions.order_by("number")}
        numbers = list(versions)
        asked = request.GET if "older" in request.GET or "newer" in request.GET else None
        initial = {"older": numbers[-2], "newer": numbers[-1]} if len(numbers) > 1 else {}
        form = CompareForm(asked if asked is not None else initial, numbers=numbers)
        context: dict[str, Any] = {
            "course": course,
            "rows": versions_of(course),
            "form": form,
            "is_comparable": len(numbers) > 1,
        }
        if len(numbers) > 1 and form.is_valid():
            older, newer = versions[form.earlier], versions[form.later]
            older.course = newer.course = course
            context |= {"older": older, "newer": newer, "change": version_change(older, newer)}
        status = 422 if len(numbers) > 1 and form.errors else 200
        return render(request, "courses/versions.html", context, status=status)
