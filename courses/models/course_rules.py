"""What a course cannot ask for, said to its editors before learners meet it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm

from courses.enums import RouteKind
from courses.models.catalogue import Course, RouteRules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from courses.models.pages import CoursePage


def problem_of_route(route: RouteRules) -> str:
    """Say what is wrong with what a route asks for; nothing when it can be right."""
    asked = (
        route.requires_lessons,
        route.requires_assessment,
        route.requires_attendance,
        route.requires_evaluation,
    )
    if not any(asked):
        return _("This way asks for nothing: everybody would complete it at once. Tick something.")
    if route.kind == RouteKind.ONLINE and route.requires_attendance:
        return _(
            "Nobody attends a training session online. Ask for it in the blended or the in-person "
            "way."
        )
    return ""


def circle_in(course: Course | None, needed: Iterable[Course]) -> str:
    """Say which of `needed` asks for `course` itself first; nothing when none does."""
    if course is None or course.pk is None:
        return ""
    for other in needed:
        if leads_round(course, other):
            words = {"course": course.title, "other": other.title}
            if course == other:
                return _("A course cannot come before itself.")
            return (
                _(
                    "“%(other)s” already asks for “%(course)s” first, so nobody could begin "
                    "either. Take one of the two out."
                )
                % words
            )
    return ""


def leads_round(start: Course, needs: Course) -> bool:
    """Say whether `needs` is `start`, or asks for it first, itself or by way of others."""
    seen: set[int] = set()
    waiting = {needs.pk}
    while waiting:
        if start.pk in waiting:
            return True
        seen |= waiting
        found = Course.objects.filter(leads_to__in=waiting).values_list("pk", flat=True)
        waiting = set(found) - seen
    return False


def lacks_assessment(page: CoursePage) -> bool:
    """Say whether a route of `page` asks for an assessment, and none below it is published."""
    from courses.models.pages import AssessmentPage

    asked = any(route.requires_assessment for route in page.course_routes.all())
    return asked and not AssessmentPage.objects.child_of(page).live().exists()


NO_ASSESSMENT = gettext_lazy(
    "A route asks for an assessment, and the course has none that is published. Publish the "
    "assessment first, or do not ask for it."
)


def problems_of(page: CoursePage, *, has_assessment: bool = False) -> list[str]:
    """List what keeps `page` from being published: routes, courses that come first, assessment."""
    problems = [problem_of_route(route) for route in page.course_routes.all()]
    needed = [need.needs for need in page.course_prerequisites.all()]
    problems.append(circle_in(page.course, needed))
    if page.pk and not has_assessment and lacks_assessment(page):
        problems.append(str(NO_ASSESSMENT))
    return [problem for problem in problems if problem]


# What a course names once each, and by which field.
_NAMED_ONCE = (("course_routes", "kind"), ("course_prerequisites", "needs"))
_TWICE = {
    "course_routes": gettext_lazy("Each way of taking the course is listed once. Remove one."),
    "course_prerequisites": gettext_lazy("Each course is listed once. Remove one."),
}


class CoursePageForm(WagtailAdminPageForm):
    """Refuse courses that wait for each other, in drafts too: no draft of that can be right."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None:
            data = self._without_rows_that_are_gone(data, kwargs.get("instance"))
        super().__init__(data, *args, **kwargs)
        for name, words in _TWICE.items():
            if name in self.formsets:
                self.formsets[name].get_unique_error_message = lambda check, words=words: words

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for name, field in _NAMED_ONCE:
            self._replace_what_was_added_meanwhile(name, field)
        formset = self.formsets.get("course_prerequisites")
        if formset is None or not formset.is_valid():
            return cleaned
        kept = [
            form.cleaned_data["needs"]
            for form in formset.forms
            if form.cleaned_data.get("needs") and not form.cleaned_data.get("DELETE")
        ]
        if problem := circle_in(self.instance.course, kept):
            self.add_error(None, ValidationError(problem))
        return cleaned

    @staticmethod
    def _without_rows_that_are_gone(data: Any, page: CoursePage | None) -> Any:
        """Take a row of an earlier version, which is there no longer, for a new one.

        A version from the history that is published again names rows that were deleted since.
        """
        data = data.copy()
        for name, _field in _NAMED_ONCE:
            rows = getattr(page, name).all() if page is not None else []
            known = {str(row.pk) for row in rows}
            for key in [key for key in data if re.fullmatch(rf"{name}-\d+-id", key)]:
                if data[key] not in known:
                    data[key] = ""
        return data

    def _replace_what_was_added_meanwhile(self, name: str, field: str) -> None:
        """Put what is sent now in the place of the same row sent from another tab before.

        Only there can it be: a form lists every row that was there when it was opened, and the
        editor was told that saving would overwrite what came since.
        """
        formset = self.formsets.get(name)
        if formset is None or not formset.is_valid():
            return
        sent = [form for form in formset.forms if not form.cleaned_data.get("DELETE")]
        known = {form.instance.pk for form in formset.forms}
        values = {form.cleaned_data.get(field) for form in sent if form.instance.pk is None}
        rows = getattr(self.instance, name)
        for row in list(rows.all()):
            if row.pk not in known and getattr(row, field) in values:
                rows.remove(row)
