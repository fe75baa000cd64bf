"""By which route an editor wants to walk through a course."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TestForm(forms.Form):
    __test__ = False  # pytest need not look into it

    route = forms.ChoiceField(
        label=_("Which way of taking it do you want to test?"),
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": _("Choose one of the ways listed."),
            "required": _("Choose one of the ways listed."),
        },
    )

    def __init__(self, *args: Any, routes: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route"].choices = list(routes)  # type: ignore[attr-defined]  # a ChoiceField
