"""Which certificates to put into a zip file."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from certificates.queries.bundles import BundleChoice
from courses.models import Course

_DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]
_NOT_LISTED = _("Choose one from the list.")


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        input_formats=_DAY_FORMATS,
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input--width-10"}
        ),
        error_messages={"invalid": _("Enter a day, such as 3 May 2027.")},
    )


class _OrganisationField(forms.ModelChoiceField):
    def to_python(self, value: Any) -> Organisation | None:
        """Say of what is no id at all that it is not in the list, as of an unknown one."""
        try:
            found: Organisation | None = super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(_NOT_LISTED, code="invalid_choice") from error
        return found


class BundleForm(forms.Form):
    organisation = _OrganisationField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose one"),
        help_text=_("Where people belonged when they completed the course."),
        error_messages={
            "required": _("Choose an organisation."),
        },
    )
    course = forms.ModelChoiceField(
        label=_("Course"),
        queryset=Course.objects.none(),
        required=False,
        empty_label=_("All courses"),
        error_messages={"invalid_choice": _NOT_LISTED},
    )
    completed_from = _day(_("Completed from"), _("Leave it empty for all."))
    completed_until = _day(_("Completed until"), _("That day counts."))

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation],
        courses: QuerySet[Course],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("completed_from"), cleaned.get("completed_until")
        if since and until and until < since:
            self.add_error("completed_until", _("The last day must not come before the first one."))
        return cleaned

    def choice(self) -> BundleChoice:
        """Give what was chosen, once the form is valid."""
        data = self.cleaned_data
        return BundleChoice(
            organisation=data["organisation"],
            course=data["course"],
            completed_from=data["completed_from"],
            completed_until=data["completed_until"],
        )
