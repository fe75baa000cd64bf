"""How a course does, for its editors and for whoever looks after learners."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.generic import View

from accounts.enums import Permission
from accounts.models import User
from courses.exports.figures import course_figures_csv
from courses.forms.figures import FiguresForm
from courses.models import Course
from courses.queries.figures import (
    CourseFigures,
    course_figures,
    enrolments_counted_for,
    figures_found,
    hardest_questions,
)
from courses.views.catalogue import AddressMixin
from lms.core.access import SignedInMixin


class FiguresMixin(SignedInMixin):
    """Open to whoever sees learners or edits courses, each with the sums they may see."""

    access = "permission"
    permission = Permission.VIEW_LEARNING

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        user = request.user
        may = (Permission.VIEW_LEARNING, Permission.EDIT_COURSES)
        if user.is_authenticated and not any(user.has_perm(each) for each in may):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def figures(self, request: HttpRequest, course: Course, form: FiguresForm) -> CourseFigures:
        assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
        now = timezone.now()
        found = enrolments_counted_for(request.user, course, on=timezone.localdate(now))
        return course_figures(figures_found(found, form.asked()), course, now=now)


class FiguresView(AddressMixin, FiguresMixin, View):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course, slug=slug)
        form = FiguresForm(request.GET, course=course)
        is_valid = form.is_valid()
        edits = request.user.has_perm(Permission.EDIT_COURSES)
        context = {
            "course": course,
            "form": form,
            "figures": self.figures(request, course, form) if is_valid else None,
            "is_asked": any(request.GET.get(name) for name in form.fields),
            "query": f"?{request.GET.urlencode()}" if request.GET else "",
            "edits": edits,
            "hardest": hardest_questions(course) if edits and is_valid else [],
        }
        return render(request, "courses/figures.html", context, status=200 if is_valid else 422)


class FiguresFileView(AddressMixin, FiguresMixin, View):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course, slug=slug)
        form = FiguresForm(request.GET, course=course)
        if not form.is_valid():
            context = {"course": course, "form": form, "figures": None}
            return render(request, "courses/figures.html", context, status=422)
        return HttpResponse(
            course_figures_csv(self.figures(request, course, form)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{course.slug}-figures.csv"'},
        )
