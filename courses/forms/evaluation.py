"""One question of an evaluation, as it is filled in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from courses.enums import EvaluationKind
from courses.queries.evaluating import BEFORE, NOW, SCALE, WITHHELD, EvaluationStep


class EvaluationStepForm(forms.Form):
    """The fields of one question. Nothing is required of it: half-filled is kept as well."""

    def __init__(self, *args: Any, step: EvaluationStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        if step.kind == EvaluationKind.TEXT:
            self.fields["text"] = forms.CharField(
                label=step.text,
                help_text=step.hint,
                required=False,
                widget=forms.Textarea(attrs={"rows": 5}),
            )
        elif step.kind == EvaluationKind.CONFIDENCE:
            for key, outcome in step.outcomes:
                self._add_scale(f"{NOW}-{key}", outcome)
                self._add_scale(f"{BEFORE}-{key}", outcome)
        elif step.kind == EvaluationKind.RATING:
            self._add_scale("value", step.text)
        else:
            choices = [(x, x) for x in step.options]
            self._add("value", step.text, [*choices, (WITHHELD, _("I would rather not say"))])

    def _add_scale(self, name: str, label: str) -> None:
        numbers = [(x, x) for x in SCALE]
        self._add(name, label, [*numbers, (WITHHELD, _("I would rather not say"))])

    def _add(self, name: str, label: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=choices,
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("Choose one of the answers that are offered.")},
        )

    def ask_for_the_rest(self) -> None:
        """Mark what has no answer yet, where the question must be answered."""
        for name in self.fields:
            if not self.cleaned_data.get(name):
                self.add_error(name, self._lacking(name))

    def _lacking(self, name: str) -> str:
        if self.step.kind != EvaluationKind.CONFIDENCE:
            return _("Choose an answer, or that you would rather not say.")
        outcome = {"outcome": self.fields[name].label}
        if name.startswith(f"{NOW}-"):
            return _("%(outcome)s: choose how confident you are now.") % outcome
        return _("%(outcome)s: choose how confident you were before.") % outcome

    @property
    def pairs(self) -> list[tuple[str, Any, Any]]:
        """Each outcome with its two scales: now, and thinking back."""
        return [
            (text, self[f"{NOW}-{key}"], self[f"{BEFORE}-{key}"])
            for key, text in self.step.outcomes
        ]
