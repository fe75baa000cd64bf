"""Which two versions of a course to compare."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_NOT_LISTED = {
    "invalid_choice": _("Choose a version from the list."),
    "required": _("Choose a version from the list."),
}


class CompareForm(forms.Form):
    older = forms.ChoiceField(label=_("From version"), error_messages=_NOT_LISTED)
    newer = forms.ChoiceField(label=_("To version"), error_messages=_NOT_LISTED)

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(number), str(number)) for number in numbers]
        for name in ("older", "newer"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and int(data["older"]) == int(data["newer"]):
            self.add_error("newer", _("Choose two different versions."))
        return data

    @property
    def earlier(self) -> int:
        """The earlier of the two, whichever was put first."""
        return min(int(self.cleaned_data["older"]), int(self.cleaned_data["newer"]))

    @property
    def later(self) -> int:
        """The later of the two."""
        return max(int(self.cleaned_data["older"]), int(self.cleaned_data["newer"]))
