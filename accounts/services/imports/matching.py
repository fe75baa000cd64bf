"""Matching: which column holds what, and what the words of a file mean here."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import PREPARING_IMPORT, ImportField, ImportState
from accounts.models import PeopleImport
from accounts.queries.imports import read_rows
from accounts.services.imports.directory import reach_of
from accounts.services.imports.judging import judge
from accounts.services.imports.steps import at_step
from accounts.services.imports.uploading import earlier_of
from accounts.services.imports.words import (
    NEW,
    WORD_FIELDS,
    WordAsked,
    is_answer,
    meanings_today,
    word_key,
    words_asked,
)
from lms.core.errors import DomainError

MAX_UNKNOWN_WORDS = 60


class ColumnsMissing(DomainError):
    code = "columns_missing"
    status = 422
    message = gettext_lazy("Say which columns hold the names, the addresses and the organisations.")


class WordsUnanswered(DomainError):
    code = "words_unanswered"
    status = 422
    message = gettext_lazy("Say what each of the words means.")


class TooManyWords(DomainError):
    code = "too_many_words"
    status = 422


@transaction.atomic
def match_columns(
    *,
    people_import: PeopleImport,
    mapping: Mapping[str, int],
    constants: Mapping[str, str],
    now: datetime.datetime,
) -> PeopleImport:
    """Say which column holds what, and what is the same for every row.

    If every word of the file is understood, the import is ready to look at.

    Raises: WrongStep; ColumnsMissing for a column that is not there, is named twice, or is needed;
    TooManyWords.
    """
    people_import = at_step(people_import, PREPARING_IMPORT)
    columns = list(mapping.values())
    if len(set(columns)) != len(columns) or not set(columns) <= set(
        range(len(people_import.header))
    ):
        raise ColumnsMissing(_("A column can hold one thing. Choose different columns."))
    has = set(mapping) | {name for name, text in constants.items() if text}
    named = ImportField.FULL_NAME in has or {ImportField.FIRST_NAME, ImportField.LAST_NAME} <= has
    if not named or ImportField.EMAIL not in mapping or ImportField.ORGANISATION not in has:
        raise ColumnsMissing
    people_import.mapping = dict(mapping)
    people_import.constants = {
        name: text for name, text in constants.items() if text and name not in mapping
    }
    people_import.state = ImportState.MAPPED
    people_import.refusal = ""
    people_import.save(update_fields=["mapping", "constants", "state", "refusal", "updated_at"])
    words = asked_words(people_import)
    _refuse_too_many(people_import, words)
    if all(asked.sure for asked in words):
        judge(people_import, now)
    return people_import


def _refuse_too_many(people_import: PeopleImport, words: list[WordAsked]) -> None:
    """Hundreds of different job roles are a column of something else."""
    for name in WORD_FIELDS:
        unknown = [asked for asked in words if asked.field == name and not asked.sure]
        if len(unknown) > MAX_UNKNOWN_WORDS:
            index = people_import.mapping.get(name)
            raise TooManyWords(
                _(
                    "“%(column)s” holds %(number)d different words that we do not know, such as "
                    "“%(word)s”. Is it the right column for “%(field)s”?"
                )
                % {
                    "column": "" if index is None else people_import.header[index],
                    "number": len(unknown),
                    "word": unknown[0].word[:60],
                    "field": name.label,
                }
            )


def asked_words(people_import: PeopleImport) -> list[WordAsked]:
    """List the words of the file that stand for job roles, kinds and areas, and what is known."""
    said = (
        (str(name), getattr(row, name))
        for row in read_rows(people_import)
        for name in WORD_FIELDS
        if getattr(row, name)
    )
    remembered = [earlier.words for earlier in earlier_of(people_import.started_by)]
    return words_asked(said, meanings_today(), people_import.words, remembered)


@transaction.atomic
def answer_words(
    *,
    people_import: PeopleImport,
    answers: Mapping[tuple[str, str], str],
    now: datetime.datetime,
) -> PeopleImport:
    """Say what words mean: {(field, word): value}. Then the import is ready to look at.

    Raises: WrongStep; WordsUnanswered for a word without an answer, or one that is no answer.
    """
    people_import = at_step(people_import, {ImportState.MAPPED, ImportState.PREVIEWED})
    meanings = meanings_today()
    reach = reach_of(people_import.started_by, on=timezone.localdate(now))
    words: dict[str, dict[str, str]] = {}
    for asked in asked_words(people_import):
        answer = answers.get((asked.field, word_key(asked.word)), "") or (asked.sure or "")
        is_allowed = answer != NEW or reach.may_add_areas
        if not is_allowed or not is_answer(asked.field, answer, meanings):
            raise WordsUnanswered
        if answer != asked.sure:
            words.setdefault(asked.field, {})[word_key(asked.word)] = answer
    people_import.words = words
    people_import.save(update_fields=["words", "updated_at"])
    judge(people_import, now)
    return people_import
