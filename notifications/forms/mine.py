"""What people choose about their messages."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from notifications.enums import MessageChoice
from notifications.services import choices_for
from notifications.services.preferences import GroupRows

PREFIX = "kind-"


class PreferencesForm(forms.Form):
    """A choice for each kind that is optional. Fields of other kinds are not passed over."""

    def __init__(self, groups: list[GroupRows], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        for group in groups:
            for row in group.optional:
                self.fields[f"{PREFIX}{row.kind.code}"] = forms.ChoiceField(
                    label=str(row.kind.label),
                    choices=[(choice.value, choice.label) for choice in choices_for(row.kind)],
                    initial=row.choice,
                    widget=forms.RadioSelect,
                )

    def clean(self) -> dict[str, Any]:
        if any(name.startswith(PREFIX) and name not in self.fields for name in self.data):
            raise forms.ValidationError(
                _("This page has changed since you opened it. Load it again, then choose.")
            )
        return super().clean() or self.cleaned_data

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The groups with their fields, and what always comes, for the template."""
        return [
            {
                "title": group.group.label,
                "fields": self._fields_of(group),
                "always": [
                    {"label": row.kind.label, "reason": row.kind.necessary_because}
                    for row in group.necessary
                ],
            }
            for group in self.groups
        ]

    @property
    def has_choices(self) -> bool:
        return bool(self.fields)

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, by the code of the kind."""
        return {
            name.removeprefix(PREFIX): MessageChoice(value).value
            for name, value in self.cleaned_data.items()
        }

    def _fields_of(self, group: GroupRows) -> list[BoundField]:
        return [self[f"{PREFIX}{row.kind.code}"] for row in group.optional]
