"""Judging the rows of an import: at once, or by a worker if there are many."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.enums import ImportState, OrganisationKind, RowVerdict
from accounts.models import PeopleImport, PeopleImportRow
from accounts.queries.imports import read_rows
from accounts.services.imports.claims import hold
from accounts.services.imports.directory import look_up
from accounts.services.imports.planning import Planner, plan_rows
from accounts.services.imports.plans import Chosen, RowPlan
from accounts.services.imports.steps import hurry

ROWS_AT_ONCE = 500
# Up to so many rows are read and judged while the person waits; more are a worker's. To judge them
# once more takes a fraction of it, since few judgements change.
SHORT_IMPORT = 300
SHORT_AGAIN = 2000


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


def judge(
    people_import: PeopleImport, now: datetime.datetime, *, at_once: int = SHORT_IMPORT
) -> None:
    """Judge every row, in the caller's transaction; more than `at_once` are left to a worker."""
    if people_import.rows_total > at_once:
        people_import.state = ImportState.JUDGING
        people_import.counts = {}
        people_import.save(update_fields=["counts", "state", "is_tidying", "updated_at"])
        hurry(people_import)
        return
    changed, plans = _judged(people_import, now)
    write_rows(changed, _COLUMNS)
    _ready(people_import, plans)


def judge_all(*, people_import: PeopleImport, now: datetime.datetime) -> None:
    """Judge every row as a worker, and write the judgements in batches that can be counted.

    Nobody sees one before all of them are there. Who is killed on the way begins anew, and writes
    what is not written yet.
    """
    changed, plans = _judged(people_import, now)
    before = people_import.rows_total - len(changed)
    for start in range(0, len(changed), ROWS_AT_ONCE):
        with transaction.atomic():
            held = hold(people_import, now)
            write_rows(changed[start : start + ROWS_AT_ONCE], _COLUMNS)
            done = before + min(start + ROWS_AT_ONCE, len(changed))
            held.counts = {"judged": done}
            held.save(update_fields=["counts", "updated_at"])
    with transaction.atomic():
        _ready(hold(people_import, now), plans)


def _judged(
    people_import: PeopleImport, now: datetime.datetime
) -> tuple[list[PeopleImportRow], list[RowPlan]]:
    """Judge every row against what is here now; say whose judgement is another than before."""
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
    return changed, plans


def _ready(people_import: PeopleImport, plans: list[RowPlan]) -> None:
    """The import is ready to look at."""
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
_COLUMNS = [name.removesuffix("_id") for name in _JUDGEMENT]


def _judgement_of(row: PeopleImportRow) -> list[object]:
    return [getattr(row, name) for name in _JUDGEMENT]


def write_rows(rows: list[PeopleImportRow], fields: list[str]) -> None:
    """Write fields of many rows at once: an insert that meets the row changes it."""
    PeopleImportRow.objects.bulk_create(
        rows,
        batch_size=ROWS_AT_ONCE,
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
