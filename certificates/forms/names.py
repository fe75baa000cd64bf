"""What a holder says about a wrong name, and what staff answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

REISSUE, DECLINE = "reissue", "decline"
_TOO_LONG = _("Keep it to %(limit_value)d characters; these are %(show_value)d.")


class AskForNameForm(forms.Form):
    wanted_name = forms.CharField(
        label=_("What should the name be?"),
        max_length=150,
        help_text=_("As it should be printed, in full."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter the name as it should be printed."),
            "max_length": _TOO_LONG,
        },
    )
    why = forms.CharField(
        label=_("What is wrong?"),
        max_length=300,
        help_text=_("In a few words, such as ‘a letter is missing’ or ‘I have married’."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Say in a few words what is wrong."),
            "max_length": _TOO_LONG,
        },
    )
    is_for_account = forms.BooleanField(
        label=_("Change the name of my account too"),
        required=False,
        help_text=_("So that later certificates have the right name."),
    )


class DecideNameForm(forms.Form):
    """One answer of two; only what belongs to the one that was chosen is asked for."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[
            (REISSUE, _("Give them a new certificate with the right name")),
            (DECLINE, _("Leave the name as it is")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you decide."),
            "invalid_choice": _("Choose one of the two."),
        },
    )
    holder_name = forms.CharField(
        label=_("Name on the new certificate"),
        max_length=150,
        required=False,
        help_text=_("As they ask for it. Change it where they made a slip."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": _TOO_LONG},
    )
    reason = forms.CharField(
        label=_("Why does it stay as it is?"),
        max_length=300,
        required=False,
        help_text=_("The holder reads this in an e-mail."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _TOO_LONG},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == REISSUE and cleaned.get("holder_name") == "":
            self.add_error("holder_name", _("Enter the name as it should be printed."))
        if cleaned.get("decision") == DECLINE and cleaned.get("reason") == "":
            self.add_error("reason", _("Say why the name stays as it is. The holder reads it."))
        return cleaned

    @property
    def decision_options(self) -> list[tuple[Any, forms.BoundField]]:
        """Each answer with what it asks for."""
        more = {REISSUE: self["holder_name"], DECLINE: self["reason"]}
        return [(option, more[option.data["value"]]) for option in self["decision"]]
