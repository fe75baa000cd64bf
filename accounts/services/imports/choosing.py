"""Choosing: what becomes of rows, how the import runs, or that it does not."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import (
    UNWRITTEN_IMPORT,
    ImportState,
    InvitationChoice,
    LikenessChoice,
    RowVerdict,
)
from accounts.models import PeopleImport, PeopleImportFile, PeopleImportRow
from accounts.services.audit import record_audit
from accounts.services.imports.judging import ROWS_AT_ONCE, SHORT_AGAIN, judge
from accounts.services.imports.steps import at_step, hurry, refuse_other_step
from lms.core.errors import DomainError


class NothingToImport(DomainError):
    code = "nothing_to_import"
    message = gettext_lazy("No row of this file would add or change anything.")


class RowsStandInTheWay(DomainError):
    code = "rows_stand_in_the_way"


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
    people_import = at_step(people_import, {ImportState.PREVIEWED})
    numbers = [*choices, *names]
    changed = []
    for row in people_import.rows.filter(number__in=numbers[:ROWS_AT_ONCE]).order_by("number"):
        choice = choices.get(row.number, row.choice)
        if choice in LikenessChoice.values and (row.likeness_id or row.likeness_row):
            row.choice = choice
        row.takes_name = row.has_other_name and names.get(row.number, row.takes_name)
        changed.append(row)
    PeopleImportRow.objects.bulk_update(changed, ["choice", "takes_name"])
    if is_tidying is not None:
        people_import.is_tidying = is_tidying
    judge(people_import, now, at_once=SHORT_AGAIN)
    return people_import


@transaction.atomic
def look_again(*, people_import: PeopleImport, now: datetime.datetime) -> PeopleImport:
    """Judge the rows once more against what is here now. Raises: WrongStep."""
    people_import = at_step(people_import, {ImportState.PREVIEWED})
    judge(people_import, now, at_once=SHORT_AGAIN)
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
    refuse_other_step(people_import, {ImportState.PREVIEWED})
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
    people_import = at_step(people_import, {*UNWRITTEN_IMPORT, ImportState.ABANDONED})
    if people_import.state != ImportState.ABANDONED:
        people_import.rows.all().delete()
        PeopleImportFile.objects.filter(people_import=people_import).delete()
        people_import.state = ImportState.ABANDONED
        people_import.rows_purged_at = now
        people_import.save(update_fields=["state", "rows_purged_at", "updated_at"])
        record_audit(
            actor=people_import.started_by, action="import.abandoned", target=people_import, now=now
        )
    return people_import
