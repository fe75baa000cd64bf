"""What people fill in for their CPD record."""

from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from courses.enums import CpdKind
from courses.models import CpdEntry

_WHOLE = {"invalid": _("Enter a whole number.")}


class _DayField(forms.DateField):
    """A day as people write it: 3/5/2026 or 3 May 2026. What cannot be read is kept as typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["error_messages"] = {
            "invalid": _("Enter a day, for example 3/5/2026."),
            **kwargs.get("error_messages", {}),
        }
        super().__init__(
            widget=forms.DateInput(attrs={"class": "govuk-input--width-10"}, format="%d/%m/%Y"),
            input_formats=["%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y"],
            **kwargs,
        )


class CpdEntryForm(forms.Form):
    """Something somebody did elsewhere."""

    title = forms.CharField(
        label=_("What did you do?"),
        max_length=200,
        help_text=_("For example: Safeguarding refresher, or Read the Farmer review."),
        error_messages={"required": _("Say in a few words what you did.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind of activity"),
        choices=[("", _("Choose")), *CpdKind.choices],
        error_messages={"required": _("Choose what kind of activity it was.")},
    )
    provider = forms.CharField(label=_("Who ran it, if anybody"), max_length=200, required=False)
    starts_on = _DayField(
        label=_("On which day, or from which day?"),
        help_text=_("For example 3/5/2026."),
        error_messages={"required": _("Enter the day, for example 3/5/2026.")},
    )
    ends_on = _DayField(
        label=_("Last day, if it took several"),
        required=False,
        help_text=_("It counts in the year in which it ended."),
    )
    hours = forms.IntegerField(
        label=_("Hours"),
        required=False,
        min_value=0,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
        error_messages={
            **_WHOLE,
            "min_value": _("Enter 0 hours or more."),
            "max_value": _("These are more hours than a year has. Look at the number."),
        },
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=0,
        max_value=59,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
        error_messages={
            **_WHOLE,
            "min_value": _("Enter 0 minutes or more."),
            "max_value": _("Enter 0 to 59 minutes, and whole hours beside them."),
        },
    )
    learned = forms.CharField(
        label=_("What did you learn?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Professional bodies ask for this. Name nobody you work with."),
    )
    applied = forms.CharField(
        label=_("How do you use it in your work?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    url = forms.URLField(
        label=_("Web address, if there is one"),
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": _("Enter a web address, for example https://example.org.")},
    )

    @classmethod
    def initial_of(cls, entry: CpdEntry) -> dict[str, Any]:
        hours, minutes = divmod(entry.minutes, 60)
        one_day = entry.starts_on == entry.ends_on
        return {
            "title": entry.title,
            "kind": entry.kind,
            "provider": entry.provider,
            "starts_on": entry.starts_on,
            "ends_on": None if one_day else entry.ends_on,
            "hours": hours or "",
            "minutes": minutes or "",
            "learned": entry.learned,
            "applied": entry.applied,
            "url": entry.url,
        }

    def said(self) -> dict[str, Any]:
        """What was filled in, as the service takes it."""
        data = dict(self.cleaned_data)
        data["minutes"] = (data.pop("hours") or 0) * 60 + (data["minutes"] or 0)
        return data

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url and not url.startswith(("http://", "https://")):
            raise forms.ValidationError(self.fields["url"].error_messages["invalid"])
        return url


class CpdYearForm(forms.Form):
    """The day on which somebody's CPD year begins."""

    day = forms.TypedChoiceField(
        label=_("Day"), coerce=int, choices=[(n, str(n)) for n in range(1, 32)]
    )
    month = forms.TypedChoiceField(label=_("Month"), coerce=int, choices=list(MONTHS.items()))
