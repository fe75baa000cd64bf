"""Forms about messages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.enums import Shown
from notifications.queries import Asked
from notifications.services import NoticeKind, Wording, problems_of


class MessageTextForm(forms.Form):
    """The text of one kind of message; whether it will do is the service's judgement."""

    subject = forms.CharField(
        label=_("Subject"),
        help_text=_(
            "One line. Others may read it on a screen: it must not tell what the message is about."
        ),
        max_length=1000,
        widget=forms.TextInput(attrs={"spellcheck": "true"}),
        error_messages={"required": _("Write a subject.")},
    )
    body = forms.CharField(
        label=_("Text"),
        help_text=_(
            "Leave an empty line between paragraphs. Begin the lines of a list with “- ”, put **two"
            " stars** around words to make them bold, and write a link as [words](address). A line"
            " that is only a link becomes the button."
        ),
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
        error_messages={"required": _("Write the text of the message.")},
    )
    # The version this was written from; empty where the text had never been changed.
    seen = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: NoticeKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    @property
    def wording(self) -> Wording:
        """What was typed, when it will do."""
        return Wording(self.cleaned_data["subject"], self.cleaned_data["body"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for problem in problems_of(self.wording, self.kind):
                self.add_error(problem.field, problem.text)
        return cleaned


class OutboxForm(forms.Form):
    """What to look for in the outbox. What makes no sense is as if it had not been asked."""

    words = forms.CharField(label=_("Name or address"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Message"), required=False)
    show = forms.ChoiceField(choices=Shown.choices, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, labels: Mapping[str, str | Promise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        named = sorted(labels.items(), key=lambda entry: str(entry[1]).casefold())
        field.choices = [("", _("All messages")), *named]

    @property
    def asked(self) -> Asked:
        """What was asked for and makes sense."""
        self.is_valid()
        cleaned = self.cleaned_data
        return Asked(
            shown=Shown(cleaned.get("show") or Shown.ATTENTION),
            words=cleaned.get("words", ""),
            kind=cleaned.get("kind", ""),
        )
