"""Imports of people, as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import PREPARING_IMPORT, ImportField, ImportState, RowOutcome, RowVerdict
from accounts.models import Invitation, PeopleImport, PeopleImportRow, User
from accounts.queries.import_cells import Said, read_cells

# What a list of rows can be narrowed to, besides verdicts and outcomes.
NAMES = "names"

_VERDICT_TAGS = {
    RowVerdict.NEW: "green",
    RowVerdict.CHANGES: "purple",
    RowVerdict.SAME: "grey",
    RowVerdict.LIKENESS: "yellow",
    RowVerdict.WRONG: "red",
}
_OUTCOME_TAGS: dict[str, str] = {
    RowOutcome.ADDED: "green",
    RowOutcome.CHANGED: "purple",
    RowOutcome.LEFT: "grey",
    RowOutcome.FAILED: "red",
    RowOutcome.UNDONE: "grey",
    RowOutcome.KEPT: "yellow",
}


_STATE_TAGS: dict[str, str] = {
    ImportState.REFUSED: "red",
    ImportState.DONE: "green",
    ImportState.UNDONE: "grey",
    ImportState.ABANDONED: "grey",
    **dict.fromkeys(PREPARING_IMPORT, "yellow"),
}


def listed_imports(people_imports: Iterable[PeopleImport]) -> list[PeopleImport]:
    """Give each import of a list the colour of its state: amber waits for its sender."""
    listed = list(people_imports)
    for people_import in listed:
        people_import.tag_kind = _STATE_TAGS.get(people_import.state, "")  # type: ignore[attr-defined]  # what only this list shows
    return listed


def imports_of(user: User) -> QuerySet[PeopleImport]:
    """List the imports that `user` began, the latest first."""
    return PeopleImport.objects.visible_to(user).order_by("-created_at", "-pk")


def read_rows(
    people_import: PeopleImport, rows: Iterable[PeopleImportRow] | None = None
) -> list[Said]:
    """Read rows of an import, all of them unless some are given, by its matched columns."""
    cells = (
        people_import.rows.order_by("number").values_list("number", "values")
        if rows is None
        else [(row.number, row.values) for row in rows]
    )
    return [
        read_cells(
            number,
            values,
            width=len(people_import.header),
            mapping=people_import.mapping,
            constants=people_import.constants,
        )
        for number, values in cells
    ]


def samples_of(people_import: PeopleImport) -> list[tuple[str, str]]:
    """List each column with its first few values, to tell what it holds."""
    first = list(people_import.rows.order_by("number").values_list("values", flat=True)[:20])
    listed = []
    for index, name in enumerate(people_import.header):
        values = [row[index].strip() for row in first if index < len(row) and row[index].strip()]
        listed.append((name, ", ".join(dict.fromkeys(value[:40] for value in values[:3]))))
    return listed


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as pages list it: ready words, and what may be chosen."""

    number: int
    name: str
    address: str
    place: str
    tag: str
    tag_kind: str
    problems: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    note: str = ""
    likeness: str = ""
    choice: str = ""
    has_other_name: bool = False
    takes_name: bool = False


def row_filter(people_import: PeopleImport, wanted: str) -> QuerySet[PeopleImportRow]:
    """Select the rows with a verdict or an outcome, or those whose name differs; else all."""
    rows = people_import.rows.order_by("number")
    if wanted in RowVerdict.values:
        return rows.filter(verdict=wanted)
    if wanted in RowOutcome.values:
        return rows.filter(outcome=wanted)
    return rows.filter(has_other_name=True) if wanted == NAMES else rows


def shown_rows(
    people_import: PeopleImport, rows: Iterable[PeopleImportRow], *, outcomes: bool = False
) -> list[ShownRow]:
    """Put rows into words, with what would become of them or, with `outcomes`, what has.

    `rows` come with `likeness` selected.
    """
    listed = list(rows)
    shown = []
    for row, said in zip(listed, read_rows(people_import, listed), strict=True):
        verdict, outcome = RowVerdict(row.verdict or RowVerdict.WRONG), row.outcome
        by_outcome = outcomes and bool(outcome)
        shown.append(
            ShownRow(
                number=row.number,
                name=_short(said.full_name) or _("No name"),
                address=_short(said.address),
                place=", ".join(filter(None, [_short(said.job_role), _short(said.organisation)])),
                tag=str(RowOutcome(outcome).label if by_outcome else verdict.label),
                tag_kind=_OUTCOME_TAGS[RowOutcome(outcome)]
                if by_outcome
                else _VERDICT_TAGS[verdict],
                problems=[f"{p['column']}: {p['sentence']}" for p in row.problems],
                changes=[_change_in_words(change) for change in row.changes],
                note=row.note,
                likeness=_likeness(row),
                choice=row.choice,
                has_other_name=row.has_other_name,
                takes_name=row.takes_name,
            )
        )
    return shown


def _short(text: str) -> str:
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _change_in_words(change: dict[str, str]) -> str:
    if change["field"] == ImportField.ORGANISATION:
        return _("Joins %(name)s") % {"name": change["new"]}
    said = {
        "field": ImportField(change["field"]).label,
        "old": change["old"] or _("nothing"),
        "new": change["new"],
    }
    if change.get("is_kept"):
        return _("%(field)s: stays “%(old)s” (the file says “%(new)s”)") % said
    return _("%(field)s: from “%(old)s” to “%(new)s”") % said


def _likeness(row: PeopleImportRow) -> str:
    if row.likeness is not None:
        return f"{row.likeness.full_name}, {row.likeness.email}"
    if row.likeness_row:
        return _("row %(number)d of this file") % {"number": row.likeness_row}
    return ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a worker has come: `done` of `total`, of whatever it is doing."""

    done: int
    total: int


def progress_of(people_import: PeopleImport) -> Progress:
    """Count the rows that are done. One query at most."""
    if people_import.state == ImportState.JUDGING:
        return Progress(people_import.counts.get("judged", 0), people_import.rows_total)
    rows = people_import.rows.order_by()
    waiting = rows.filter(awaits_invitation=True).count()
    if people_import.state == ImportState.INVITING:
        invited = rows.filter(invitation__isnull=False, awaits_invitation=False).count()
        return Progress(invited, invited + waiting)
    done = rows.exclude(outcome="").count()
    return Progress(done, people_import.rows_total)


def outcome_counts(people_import: PeopleImport) -> dict[str, int]:
    """Count the rows by what became of them, in the order of the enum, without the empty ones."""
    counts = dict(people_import.rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    return {str(outcome): counts[outcome] for outcome in RowOutcome if counts.get(outcome)}


def held_invitations(people_import: PeopleImport) -> int:
    """Count the invitations of an import that nobody has been told of."""
    return Invitation.objects.filter(
        pk__in=people_import.rows.filter(invitation__isnull=False).values("invitation"),
        is_held=True,
        withdrawn_at=None,
        used=0,
    ).count()
