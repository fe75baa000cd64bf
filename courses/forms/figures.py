"""Whose enrolments the figures of a course sum up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Audience
from courses.enums import RouteKind
from courses.models import Course, CourseVersion
from courses.queries.figures import FiguresAsked

_DAY_INPUT = {"type": "date"}
_NO_DAY = {"invalid": _("Write the day as 2027-05-03, or leave it empty.")}
_NOT_LISTED = {"invalid_choice": _("Choose one from the list.")}


class VersionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.number)


class FiguresForm(forms.Form):
    since = forms.DateField(
        label=_("Begun from"),
        required=False,
        widget=forms.DateInput(attrs=_DAY_INPUT, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages=_NO_DAY,
    )
    until = forms.DateField(
        label=_("Begun until"),
        required=False,
        widget=forms.DateInput(attrs=_DAY_INPUT, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages=_NO_DAY,
    )
    route = forms.ChoiceField(
        label=_("Way of taking it"),
        required=False,
        choices=[("", _("Every way")), *RouteKind.choices],
        error_messages=_NOT_LISTED,
    )
    version = VersionField(
        label=_("Version"),
        required=False,
        queryset=CourseVersion.objects.none(),
        to_field_name="number",
        empty_label=_("Every version"),
        error_messages=_NOT_LISTED,
    )
    audience = forms.ModelChoiceField(
        label=_("Audience"),
        required=False,
        queryset=Audience.objects.order_by("name", "pk"),
        empty_label=_("Every audience"),
        error_messages=_NOT_LISTED,
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.fields["version"]
        assert isinstance(version, VersionField)  # noqa: S101 - declared above
        version.queryset = course.versions.order_by("-number")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("This day is before the one it begins from."))
        return data

    def asked(self) -> FiguresAsked:
        return FiguresAsked(**self.cleaned_data)
