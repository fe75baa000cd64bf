"""How the questions of a course do, for its editors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from accounts.enums import Permission
from courses.exports.question_statistics import question_statistics_csv
from courses.models import Course
from courses.queries.question_statistics import question_statistics
from courses.views.catalogue import AddressMixin
from lms.core.access import PermissionMixin


class QuestionStatisticsView(AddressMixin, PermissionMixin, View):
    permission = Permission.EDIT_COURSES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course, slug=slug)
        context = {"course": course, "figures": question_statistics(course)}
        return render(request, "courses/question_statistics.html", context)


class QuestionStatisticsFileView(AddressMixin, PermissionMixin, View):
    permission = Permission.EDIT_COURSES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course, slug=slug)
        content = question_statistics_csv(question_statistics(course))
        name = f"{course.slug}-questions.csv"
        return HttpResponse(
            content,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
