"""Choosing a course and the people of an organisation for it."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.enums import RouteKind
from courses.models import Course

MAX_SEARCH = 100


class TeamCourseForm(forms.Form):
    """Which course, and in which way. Of a course with one way that one needs no answer."""

    course = forms.ModelChoiceField(
        label=_("Course"),
        queryset=Course.objects.open().order_by("title", "pk"),
        to_field_name="slug",
        empty_label=_("Choose a course"),
        error_messages={
            "required": _("Choose a course."),
            "invalid_choice": _("Choose a course from the list."),
        },
    )
    route = forms.ChoiceField(
        label=_("How do they take it?"),
        choices=[("", _("In its only way")), *RouteKind.choices],
        required=False,
        help_text=_("Needed where a course can be taken in several ways."),
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        course, kind = cleaned.get("course"), cleaned.get("route")
        if course is None or kind is None:
            return cleaned
        offered = list(course.latest_version.routes.order_by("kind").values_list("kind", flat=True))
        if not kind and len(offered) == 1:
            cleaned["route"] = offered[0]
        elif kind not in offered:
            names = ", ".join(str(RouteKind(each).label) for each in offered)
            self.add_error("route", _("Choose how they take it. This course offers: %s.") % names)
        return cleaned


class TeamCoursesForm(forms.Form):
    """What to look for among the people of an organisation and their courses."""

    q = forms.CharField(label=_("Name or e-mail address"), max_length=MAX_SEARCH, required=False)
    course = forms.ModelChoiceField(
        label=_("Course"),
        queryset=Course.objects.open().order_by("title", "pk"),
        to_field_name="slug",
        required=False,
        empty_label=_("All courses"),
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )
    state = forms.ChoiceField(
        label=_("How they stand"),
        choices=[
            ("", _("All")),
            ("none", _("Not started")),
            ("under_way", _("Under way")),
            ("complete", _("Complete")),
        ],
        required=False,
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )


def chosen_people(values: Sequence[str]) -> list[uuid.UUID]:
    """Read the public ids that were sent; what is none is left out."""
    found: dict[uuid.UUID, None] = {}
    for value in values:
        try:
            found[uuid.UUID(value)] = None
        except ValueError:
            continue
    return list(found)
