"""Looking for learners, and saying why something is put right."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from courses.models import Course
from courses.queries.records import LearningAsked

_NOT_LISTED = {"invalid_choice": _("Choose one from the list.")}


class LearningForm(forms.Form):
    """What to look for in the list of learners. Nothing is required."""

    q = forms.CharField(label=_("Name or e-mail address"), max_length=100, required=False)
    course = forms.ModelChoiceField(
        label=_("Course"),
        queryset=Course.objects.order_by("title", "pk"),
        required=False,
        empty_label=_("All"),
        error_messages=_NOT_LISTED,
    )
    state = forms.ChoiceField(
        label=_("How they stand"),
        choices=[
            ("", _("All")),
            ("under_way", _("Under way")),
            ("stuck", _("Stuck for 30 days")),
            ("finished", _("Finished")),
            ("withdrawn", _("Withdrawn")),
        ],
        required=False,
        error_messages=_NOT_LISTED,
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("All"),
        error_messages=_NOT_LISTED,
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]  # a ModelChoiceField

    def asked(self) -> LearningAsked:
        data = self.cleaned_data
        return LearningAsked(
            words=data["q"],
            course=data["course"],
            state=data["state"],
            organisation=data["organisation"],
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words. It is kept for good, and the learner can read it."),
        error_messages={"required": _("Say in a few words why this is put right.")},
    )
