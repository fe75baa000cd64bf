"""The steps of an import before it runs: reading the file, matching, looking, choosing."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import (
    PREPARING_IMPORT,
    ImportField,
    ImportState,
    InvitationChoice,
    LikenessChoice,
    OrganisationKind,
    RowVerdict,
)
from accounts.models import PeopleImport, PeopleImportRow, User
from accounts.queries.imports import read_rows
from accounts.services.audit import record_audit
from accounts.services.imports.columns import guess_columns, heading_key
from accounts.services.imports.directory import look_up, reach_of
from accounts.services.imports.planning import Planner, plan_rows
from accounts.services.imports.plans import Chosen, RowPlan
from accounts.services.imports.words import (
    NEW,
    WORD_FIELDS,
    WordAsked,
    is_answer,
    meanings_today,
    word_key,
    words_asked,
)
from accounts.tasks import carry_on_import
from lms.core.errors import DomainError
from lms.core.tables import read_table

# How many of somebody's earlier imports are asked what a heading or a word meant.
_REMEMBERED = 10
_ROWS_AT_ONCE = 500
MAX_UNKNOWN_WORDS = 60


class MayNotImport(DomainError):
    code = "may_not_import"
    status = 403
    message = gettext_lazy("You may not import people.")


class WrongStep(DomainError):
    code = "wrong_step"
    message = gettext_lazy("This import is at another step by now. Carry on from where it is.")


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


class NothingToImport(DomainError):
    code = "nothing_to_import"
    message = gettext_lazy("No row of this file would add or change anything.")


class RowsStandInTheWay(DomainError):
    code = "rows_stand_in_the_way"


@transaction.atomic
def start_import(
    *, user: User, content: bytes, file_name: str, now: datetime.datetime
) -> PeopleImport:
    """Read a file of people and keep its rows, not the file.

    Raises: MayNotImport; TableRefused, whose sentence says what is wrong with the file.
    """
    if not reach_of(user, on=timezone.localdate(now)).importing:
        raise MayNotImport
    table = read_table(content)
    remembered = [
        {heading_key(earlier.header[i]): name for name, i in earlier.mapping.items()}
        for earlier in _earlier(user)
    ]
    people_import = PeopleImport.objects.create(
        started_by=user,
        file_name=_tidy_name(file_name),
        remarks=list(table.remarks),
        header=list(table.header),
        mapping=guess_columns(table.header, remembered),
        rows_total=len(table.rows),
    )
    PeopleImportRow.objects.bulk_create(
        (
            PeopleImportRow(people_import=people_import, number=row.number, values=list(row.values))
            for row in table.rows
        ),
        batch_size=_ROWS_AT_ONCE,
    )
    record_audit(actor=user, action="import.started", target=people_import, now=now)
    return people_import


def _tidy_name(file_name: str) -> str:
    name = "".join(c for c in file_name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return name[-120:] or _("List of people")


def _earlier(user: User) -> list[PeopleImport]:
    finished = PeopleImport.objects.filter(started_by=user, state=ImportState.DONE)
    return list(finished.order_by("-finished_at", "-pk")[:_REMEMBERED])


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
    people_import = _locked(people_import, PREPARING_IMPORT)
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
    people_import.save(update_fields=["mapping", "constants", "state", "updated_at"])
    words = asked_words(people_import)
    _refuse_too_many(people_import, words)
    if all(asked.sure for asked in words):
        _judge(people_import, now)
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
    remembered = [earlier.words for earlier in _earlier(people_import.started_by)]
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
    people_import = _locked(people_import, {ImportState.MAPPED, ImportState.PREVIEWED})
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
    _judge(people_import, now)
    return people_import


@transaction.atomic
def choose_rows(
    *,
    people_import: PeopleImport,
    choices: Mapping[int, str],
    names: Mapping[int, bool],
    now: datetime.datetime,
    is_tidying: bool | None = None,
) -> PeopleImport:
    """Choose for rows, by their numbers: the same person or not; the file's name or ours.

    `is_tidying` puts right the addresses that have spaces around them, or no longer does.

    Raises: WrongStep.
    """
    people_import = _locked(people_import, {ImportState.PREVIEWED})
    numbers = [*choices, *names]
    changed = []
    for row in people_import.rows.filter(number__in=numbers[:_ROWS_AT_ONCE]).order_by("number"):
        choice = choices.get(row.number, row.choice)
        if choice in LikenessChoice.values and (row.likeness_id or row.likeness_row):
            row.choice = choice
        row.takes_name = row.has_other_name and names.get(row.number, row.takes_name)
        changed.append(row)
    PeopleImportRow.objects.bulk_update(changed, ["choice", "takes_name"])
    if is_tidying is not None:
        people_import.is_tidying = is_tidying
    _judge(people_import, now)
    return people_import


@transaction.atomic
def look_again(*, people_import: PeopleImport, now: datetime.datetime) -> PeopleImport:
    """Judge the rows once more against what is here now. Raises: WrongStep."""
    people_import = _locked(people_import, {ImportState.PREVIEWED})
    _judge(people_import, now)
    return people_import


@transaction.atomic
def begin_import(
    *,
    people_import: PeopleImport,
    is_all_or_nothing: bool,
    invitations: InvitationChoice,
    now: datetime.datetime,
) -> PeopleImport:
    """Hand an import to a worker. Asking twice begins it once.

    Raises: WrongStep; NothingToImport; RowsStandInTheWay when it is to be all or nothing and rows
    are wrong or undecided.
    """
    people_import = PeopleImport.objects.select_for_update().get(pk=people_import.pk)
    if people_import.state in (ImportState.RUNNING, ImportState.INVITING, ImportState.DONE):
        return people_import
    _refuse_other_step(people_import, {ImportState.PREVIEWED})
    counts = people_import.counts
    if not counts.get(RowVerdict.NEW) and not counts.get(RowVerdict.CHANGES):
        raise NothingToImport
    wrong = counts.get(RowVerdict.WRONG, 0)
    undecided = counts.get(RowVerdict.LIKENESS, 0)
    if is_all_or_nothing and (wrong or undecided):
        raise RowsStandInTheWay(
            _(
                "%(wrong)d rows are wrong and %(undecided)d wait for your choice, so not all can "
                "be imported. Put them right, or import the good rows only."
            )
            % {"wrong": wrong, "undecided": undecided}
        )
    people_import.is_all_or_nothing = is_all_or_nothing
    people_import.invitations = invitations
    people_import.state = ImportState.RUNNING
    people_import.refusal = ""
    people_import.save(
        update_fields=["is_all_or_nothing", "invitations", "state", "refusal", "updated_at"]
    )
    record_audit(
        actor=people_import.started_by, action="import.begun", target=people_import, now=now
    )
    hurry(people_import)
    return people_import


@transaction.atomic
def abandon_import(*, people_import: PeopleImport, now: datetime.datetime) -> PeopleImport:
    """Give an import up before it runs; its rows go at once. Twice is once. Raises: WrongStep."""
    people_import = _locked(people_import, {*PREPARING_IMPORT, ImportState.ABANDONED})
    if people_import.state != ImportState.ABANDONED:
        people_import.rows.all().delete()
        people_import.state = ImportState.ABANDONED
        people_import.rows_purged_at = now
        people_import.save(update_fields=["state", "rows_purged_at", "updated_at"])
        record_audit(
            actor=people_import.started_by, action="import.abandoned", target=people_import, now=now
        )
    return people_import


def hurry(people_import: PeopleImport) -> None:
    """Tell a worker after the commit. The row is the queue: a sweep finds it too."""
    pk = people_import.pk

    def tell() -> None:
        carry_on_import.delay(pk=pk)

    transaction.on_commit(tell, robust=True)


def _locked(people_import: PeopleImport, states: Iterable[str]) -> PeopleImport:
    rows = PeopleImport.objects.select_for_update(of=("self",)).select_related("started_by")
    people_import = rows.get(pk=people_import.pk)
    _refuse_other_step(people_import, states)
    return people_import


def _refuse_other_step(people_import: PeopleImport, states: Iterable[str]) -> None:
    if people_import.state not in states:
        raise WrongStep


# --- Judging --------------------------------------------------------------------------------------


def plan_import(
    people_import: PeopleImport,
    rows: Sequence[PeopleImportRow],
    *,
    now: datetime.datetime,
    with_likeness: bool = True,
) -> list[RowPlan]:
    """Judge `rows` against what is here now, by the rights that the importer has now."""
    said = read_rows(people_import, rows)
    directory = look_up(
        said,
        user=people_import.started_by,
        on=timezone.localdate(now),
        also_people={row.likeness_id for row in rows if row.likeness_id},
        with_members=with_likeness,
    )
    planner = Planner(
        directory,
        labels={name: people_import.header[i] for name, i in people_import.mapping.items()},
        words=people_import.words,
        is_tidying=people_import.is_tidying,
        with_likeness=with_likeness,
    )
    chosen = {
        row.number: Chosen(row.choice, row.takes_name, row.likeness_id)
        for row in rows
        if row.choice or row.takes_name
    }
    return plan_rows(planner, said, chosen)


def _judge(people_import: PeopleImport, now: datetime.datetime) -> None:
    """Write the judgement on every row; the import is then ready to look at."""
    rows = list(people_import.rows.order_by("number"))
    plans = plan_import(people_import, rows, now=now)
    changed = []
    for row, plan in zip(rows, plans, strict=True):
        before = _judgement_of(row)
        row.verdict = plan.verdict
        row.problems = plan.problems
        row.changes = plan.changes
        row.has_other_name = plan.has_other_name
        row.has_untidy_address = plan.has_untidy_address
        row.likeness_id = plan.likeness_id
        row.likeness_row = plan.likeness_row
        row.person_id = plan.person.pk if plan.person else None
        if _judgement_of(row) != before:
            changed.append(row)
    write_rows(changed, [name.removesuffix("_id") for name in _JUDGEMENT])
    people_import.counts = _counts(people_import)
    people_import.new_places = _new_places(plans)
    people_import.state = ImportState.PREVIEWED
    people_import.save(update_fields=["counts", "new_places", "state", "is_tidying", "updated_at"])


_JUDGEMENT = [
    "verdict",
    "problems",
    "changes",
    "has_other_name",
    "has_untidy_address",
    "likeness_id",
    "likeness_row",
    "person_id",
]


def _judgement_of(row: PeopleImportRow) -> list[object]:
    return [getattr(row, name) for name in _JUDGEMENT]


def write_rows(rows: list[PeopleImportRow], fields: list[str]) -> None:
    """Write fields of many rows at once: an insert that meets the row changes it."""
    PeopleImportRow.objects.bulk_create(
        rows,
        batch_size=_ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["people_import", "number"],
        update_fields=fields,
    )


def _new_places(plans: list[RowPlan]) -> list[dict[str, object]]:
    """List the organisations that the good rows would make, by area and name."""
    made: dict[tuple[str, str], dict[str, object]] = {}
    for plan in plans:
        place = plan.place
        if place and place.organisation_id is None and plan.verdict != RowVerdict.WRONG:
            made.setdefault(
                (place.key[1], place.key[0]),
                {
                    "name": place.name,
                    "kind": str(OrganisationKind(place.kind).label),
                    "area": place.area_name,
                    "is_new_area": place.area_id is None,
                },
            )
    return [made[key] for key in sorted(made)]


def _counts(people_import: PeopleImport) -> dict[str, int]:
    rows = people_import.rows.order_by()
    counts = dict(rows.values_list("verdict").annotate(n=Count("pk")))
    counts["names"] = rows.filter(has_other_name=True).count()
    counts["untidy"] = rows.filter(has_untidy_address=True).count()
    return counts
