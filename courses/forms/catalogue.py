"""What a visitor looks for in the catalogue, read from the address."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Audience
from courses.enums import RouteKind
from courses.queries import CatalogueAsked
from courses.queries.finding import read_words
from courses.queries.offered import LENGTHS, Choice

MAX_TEXT = 200
Choices = list[tuple[str, str | Promise]]


class CatalogueForm(forms.Form):
    """By GET: every choice stands in the address, to be sent to somebody else."""

    q = forms.CharField(
        label=_("Search courses and lessons"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    audience = forms.ChoiceField(label=_("For"), required=False)
    length = forms.ChoiceField(label=_("Time it takes"), required=False)
    route = forms.ChoiceField(label=_("Way of learning"), required=False)

    FILTERS = ("audience", "length", "route")

    def __init__(self, data: Any, *, audiences: Iterable[Audience]) -> None:
        super().__init__(_cut(data), auto_id="id_%s")
        self._choices: dict[str, Choices] = {
            "audience": [("", _("Everybody")), *((each.slug, each.name) for each in audiences)],
            "length": [("", _("Any time")), *((name, words) for name, words, *_rest in LENGTHS)],
            "route": [("", _("Any way")), *RouteKind.choices],
        }
        for name, choices in self._choices.items():
            self._field(name).choices = choices
            self._field(name).error_messages = {"invalid_choice": _("Choose one from the list.")}

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        return field

    def asked(self) -> CatalogueAsked:
        """Say what is asked for; a choice that there is not asks for nothing."""
        cleaned = self.cleaned_data
        return CatalogueAsked(
            read_words(cleaned.get("q", "")),
            *(cleaned.get(name, "") for name in self.FILTERS),
        )

    def is_asked(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)

    def count(self, choices: Mapping[str, list[Choice]]) -> None:
        """Write beside each choice how many courses it leaves."""
        for name, found in choices.items():
            first = self._choices[name][0]
            self._field(name).choices = [
                first,
                *((each.value, f"{each.label} ({each.count})") for each in found),
            ]

    def removable(self) -> list[dict[str, Any]]:
        """List what the catalogue is narrowed down to, each with the address without it."""
        kept = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return [
            {
                "label": _("Words") if name == "q" else self.fields[name].label,
                "value": kept[name] if name == "q" else dict(self._choices[name])[kept[name]],
                "url": _address({**kept, name: ""}),
            }
            for name in self.fields
            if kept[name]
        ]


def _address(asked: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("courses:catalogue") + (f"?{query}" if query else "")


def _cut(data: Any) -> dict[str, str]:
    """Read the fields of the address, words no longer than anybody types and without NUL."""
    return {
        name: str(data.get(name, "")).replace("\x00", "")[:MAX_TEXT]
        for name in ("q", *CatalogueForm.FILTERS)
    }
