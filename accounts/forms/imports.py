"""The forms of importing people, one for each step."""

import hashlib
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.enums import ImportField, InvitationChoice, OrganisationKind
from accounts.models import PeopleImport
from accounts.queries.imports import samples_of
from accounts.services.imports.words import (
    NEW,
    NONE,
    REFUSE,
    Meanings,
    WordAsked,
    word_key,
)
from lms.core.tables import MAX_BYTES, column_letter


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("A list of people"),
        help_text=_("A CSV or XLSX file. The first row names the columns."),
        max_length=None,
        error_messages={
            "required": _("Choose a file."),
            "missing": _("Choose a file."),
            "empty": _("There is nothing in this file. Choose another."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("This file has %(size)s. Send at most %(limit)s at once."),
                params={
                    "size": filesizeformat(file.size),
                    "limit": filesizeformat(MAX_BYTES),
                },
            )
        return file


_LABELS: dict[ImportField, tuple[Any, Any]] = {
    ImportField.FULL_NAME: (_("Full name"), _("Or choose first and last name below.")),
    ImportField.FIRST_NAME: (_("First name"), ""),
    ImportField.LAST_NAME: (_("Last name"), ""),
    ImportField.EMAIL: (_("E-mail address"), _("Each person’s own.")),
    ImportField.JOB_ROLE: (_("Job role"), ""),
    ImportField.ORGANISATION: (_("Organisation"), ""),
    ImportField.KIND: (
        _("Kind of organisation"),
        _("Needed only for organisations that are not here yet."),
    ),
    ImportField.AREA: (_("Area"), ""),
    ImportField.POSTCODE: (_("Postcode of the organisation"), ""),
}
_SAME = "same_"
_MAY_BE_THE_SAME = {
    ImportField.ORGANISATION: _("Everybody belongs to"),
    ImportField.KIND: _("Every new organisation is a"),
    ImportField.AREA: _("Every organisation is in"),
}


class ColumnsForm(forms.Form):
    """Which column holds what. A field without a column may have one answer for all rows."""

    def __init__(self, *args: Any, people_import: PeopleImport, areas: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        columns = [("", _("No column"))] + [
            (str(index), _column_label(index, name, sample))
            for index, (name, sample) in enumerate(samples_of(people_import))
        ]
        for name in ImportField:
            label, hint = _LABELS[name]
            self.fields[name] = forms.ChoiceField(
                label=label,
                help_text=hint,
                choices=columns,
                required=name == ImportField.EMAIL,
                initial=str(people_import.mapping.get(name, "")),
                error_messages={
                    "required": _("Choose the column with the e-mail addresses."),
                    "invalid_choice": _("Choose one of the columns of the file."),
                },
            )
        said = people_import.constants
        self.fields[f"{_SAME}organisation"] = forms.CharField(
            label=_MAY_BE_THE_SAME[ImportField.ORGANISATION],
            max_length=200,
            required=False,
            initial=said.get(ImportField.ORGANISATION, ""),
        )
        for name, options in (
            (ImportField.KIND, [str(label) for label in OrganisationKind.labels]),
            (ImportField.AREA, areas),
        ):
            self.fields[_SAME + name] = forms.ChoiceField(
                label=_MAY_BE_THE_SAME[name],
                choices=[("", _("No answer for all")), *((option, option) for option in options)],
                required=False,
                initial=said.get(name, ""),
            )

    def column_fields(self) -> list[forms.BoundField]:
        """List the fields so that those beside each other at a desk belong together."""
        first = [ImportField.FULL_NAME, ImportField.EMAIL]
        return [self[name] for name in [*first, *(n for n in ImportField if n not in first)]]

    def same_fields(self) -> list[forms.BoundField]:
        return [self[_SAME + name] for name in _MAY_BE_THE_SAME]

    @property
    def says_the_same(self) -> bool:
        return any(field.value() for field in self.same_fields())

    def mapping(self) -> dict[str, int]:
        chosen = {str(name): self.cleaned_data.get(name, "") for name in ImportField}
        return {name: int(index) for name, index in chosen.items() if index != ""}

    def constants(self) -> dict[str, str]:
        said = {str(name): self.cleaned_data.get(_SAME + name, "") for name in _MAY_BE_THE_SAME}
        return {name: " ".join(text.split()) for name, text in said.items() if text}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = self.mapping()
        for name, index in chosen.items():
            if list(chosen.values()).index(index) != list(chosen).index(name):
                self.add_error(name, _("Another field has this column. Each holds one thing."))
        if ImportField.FULL_NAME not in chosen and not (
            {ImportField.FIRST_NAME, ImportField.LAST_NAME} <= set(chosen)
        ):
            self.add_error(ImportField.FULL_NAME, _("Choose the column with the names."))
        if ImportField.ORGANISATION not in {*chosen, *self.constants()}:
            self.add_error(
                ImportField.ORGANISATION,
                _("Choose the column with the organisations, or name one for everybody."),
            )
        return data


def _column_label(index: int, name: str, sample: str) -> str:
    shown = f"{column_letter(index)}: {name}"
    shown = f"{shown} ({sample})" if sample else shown
    return shown if len(shown) <= 100 else f"{shown[:99]}…"


def _word_name(asked: WordAsked) -> str:
    """Name a word's field by what it is, so that an answer never slips to another word."""
    digest = hashlib.sha256(word_key(asked.word).encode()).hexdigest()[:16]
    return f"{asked.field}-{digest}"


class WordsForm(forms.Form):
    """What the words of a file mean: asked once for each word, whatever the number of rows."""

    def __init__(
        self,
        *args: Any,
        words: list[WordAsked],
        meanings: Meanings,
        may_add_areas: bool,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.words = words
        self.may_add_areas = may_add_areas
        for asked in words:
            self.fields[_word_name(asked)] = forms.ChoiceField(
                label=f"“{asked.word[:80]}”",
                help_text=_hint(asked, meanings),
                choices=self._choices(asked, meanings),
                initial=asked.answer or asked.sure or "",
                error_messages={
                    "required": _("Say what “%(word)s” means.") % {"word": asked.word[:80]},
                    "invalid_choice": _("Choose one of the answers in the list."),
                },
            )

    def _choices(self, asked: WordAsked, meanings: Meanings) -> list[Any]:
        labels = meanings.labels[asked.field]
        first: list[tuple[str, Any]] = [("", _("Choose"))]
        if asked.closest:
            first.append((asked.closest, labels[asked.closest]))
        if asked.field == ImportField.AREA and self.may_add_areas and not asked.sure:
            first.append((NEW, _("Add this area")))
        if asked.field == ImportField.JOB_ROLE:
            first.append((NONE, _("Import them without a job role")))
        first.append((REFUSE, _("None of these: count the rows as wrong")))
        rest = [(value, label) for value, label in labels.items() if value != asked.closest]
        return [*first, (_("All"), rest)] if rest else first

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The words to be answered, by what they are about."""
        return [
            (_GROUP_TITLES[name], fields)
            for name in _GROUP_TITLES
            if (fields := self._of(name, sure=False))
        ]

    def understood(self) -> list[forms.BoundField]:
        return [field for name in _GROUP_TITLES for field in self._of(name, sure=True)]

    def _of(self, name: str, *, sure: bool) -> list[forms.BoundField]:
        return [
            self[_word_name(asked)]
            for asked in self.words
            if asked.field == name and bool(asked.sure) == sure
        ]

    def answers(self) -> dict[tuple[str, str], str]:
        return {
            (asked.field, word_key(asked.word)): self.cleaned_data[_word_name(asked)]
            for asked in self.words
        }


_GROUP_TITLES = {
    ImportField.JOB_ROLE: _("Job roles"),
    ImportField.KIND: _("Kinds of organisation"),
    ImportField.AREA: _("Areas"),
}


def _hint(asked: WordAsked, meanings: Meanings) -> str:
    rows = ngettext("In %(n)d row.", "In %(n)d rows.", asked.rows) % {"n": asked.rows}
    if asked.closest:
        label = meanings.labels[asked.field][asked.closest]
        return f"{rows} {_('Closest: %(label)s.') % {'label': label}}"
    return rows


class HowToImportForm(forms.Form):
    is_all_or_nothing = forms.TypedChoiceField(
        label=_("What should be imported?"),
        coerce=lambda value: value == "all",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose all of it, or the good rows.")},
    )
    invitations = forms.ChoiceField(
        label=_("Invitations to those who are new"),
        help_text=_(
            "Each person gets a link by e-mail, to come in and look after their own account."
        ),
        choices=InvitationChoice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether to send the invitations now.")},
    )

    def __init__(self, *args: Any, good: int, in_the_way: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ngettext("the %(n)d good row", "the %(n)d good rows", good) % {"n": good}
        whole = self.fields["is_all_or_nothing"]
        assert isinstance(whole, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        everything = (
            _("Everything or nothing (not possible while rows are wrong or undecided)")
            if in_the_way
            else _("Everything or nothing: if one row fails, no row is imported")
        )
        whole.choices = [
            ("all", everything),
            ("good", _("Only %(rows)s; I put the others right later") % {"rows": rows}),
        ]
