"""What people think of courses, for those who write and teach them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from accounts.enums import Permission
from courses.exports.evaluation import evaluation_csv
from courses.models import Course
from courses.queries.evaluation_results import courses_evaluated, evaluation_results
from courses.views.catalogue import AddressMixin
from lms.core.access import PermissionMixin


class EvaluationListView(PermissionMixin, View):
    permission = Permission.VIEW_EVALUATIONS

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "courses/evaluation_list.html", {"rows": courses_evaluated()})


class EvaluationResultsView(AddressMixin, PermissionMixin, View):
    permission = Permission.VIEW_EVALUATIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course, slug=slug)
        context = {"course": course, "results": evaluation_results(course)}
        return render(request, "courses/evaluation_results.html", context)


class EvaluationResultsFileView(AddressMixin, PermissionMixin, View):
    permission = Permission.VIEW_EVALUATIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course, slug=slug)
        return HttpResponse(
            evaluation_csv(evaluation_results(course)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{course.slug}-evaluation.csv"'},
        )
