"""An editor tests a course: begin, begin afresh, end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import Permission
from accounts.models import User
from courses.forms.trying import TestForm
from courses.models import Course
from courses.queries.trying import test_of
from courses.services.trying import end_test, start_test
from courses.views.catalogue import AddressMixin
from lms.core.access import PermissionMixin
from lms.core.errors import DomainError


class TestView(AddressMixin, PermissionMixin, View):
    """What a test is, where the editor's own stands, and the way into one."""

    __test__ = False
    permission = Permission.EDIT_COURSES
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = _course(slug)
        return self.show(request, course, _form(course))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = _course(slug)
        form = _form(course, request)
        if course.latest_version_id is not None and not form.is_valid():
            return self.show(request, course, form, status=422)
        try:
            start_test(
                user=_editor(request),
                course=course,
                route_kind=form.data.get("route", ""),
                now=timezone.now(),
            )
        except DomainError as refusal:
            messages.warning(request, str(refusal.message))
            return redirect("courses:test", course.slug)
        return redirect("courses:course", course.slug)

    def show(
        self, request: HttpRequest, course: Course, form: TestForm, *, status: int = 200
    ) -> HttpResponse:
        request.test_enrolment = test_of(_editor(request), course)  # type: ignore[attr-defined]  # the frame's banner
        context = {"course": course, "form": form}
        return render(request, "courses/test.html", context, status=status)


class EndTestView(AddressMixin, PermissionMixin, View):
    permission = Permission.EDIT_COURSES
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return redirect("courses:test", slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = _course(slug)
        if end_test(user=_editor(request), course=course):
            messages.success(request, _("The test is over. Nothing of it was kept."))
        return redirect("courses:course", course.slug)


def _course(slug: str) -> Course:
    return get_object_or_404(Course.objects.select_related("latest_version"), slug=slug)


def _editor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
    return request.user


def _form(course: Course, request: HttpRequest | None = None) -> TestForm:
    routes = course.latest_version.routes.order_by("kind") if course.latest_version else []
    choices = [(route.kind, str(route.get_kind_display())) for route in routes]
    initial = {"route": choices[0][0]} if choices else {}
    return TestForm(request.POST if request else None, routes=choices, initial=initial)
