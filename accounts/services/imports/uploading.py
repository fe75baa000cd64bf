"""A file that somebody sends: read at once, or by a worker if it is long; its rows are kept."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import ImportState
from accounts.models import PeopleImport, PeopleImportFile, PeopleImportRow, User
from accounts.services.audit import record_audit
from accounts.services.imports.claims import hold
from accounts.services.imports.columns import guess_columns, heading_key
from accounts.services.imports.directory import reach_of
from accounts.services.imports.judging import ROWS_AT_ONCE, SHORT_IMPORT
from accounts.services.imports.steps import hurry
from lms.core.errors import DomainError
from lms.core.tables import Table, TableRefused, is_slow_to_read, read_table, refuse_at_sight

# How many of somebody's earlier imports are asked what a heading or a word meant.
_REMEMBERED = 10


class MayNotImport(DomainError):
    code = "may_not_import"
    status = 403
    message = gettext_lazy("You may not import people.")


@transaction.atomic
def start_import(
    *, user: User, content: bytes, file_name: str, now: datetime.datetime
) -> PeopleImport:
    """Read a file of people and keep its rows, not the file.

    A long file waits for a worker, who reads it; it goes with the reading, or with its refusal.

    Raises: MayNotImport; TableRefused, whose sentence says what is wrong with the file.
    """
    if not reach_of(user, on=timezone.localdate(now)).importing:
        raise MayNotImport
    people_import = PeopleImport(started_by=user, file_name=_tidy_name(file_name))
    table = _read_at_once(content)
    if table is None:
        people_import.state = ImportState.READING
        people_import.save()
        PeopleImportFile.objects.create(people_import=people_import, content=content)
        hurry(people_import)
    else:
        _keep(people_import, table)
    record_audit(actor=user, action="import.started", target=people_import, now=now)
    return people_import


def _read_at_once(content: bytes) -> Table | None:
    """Read a short file; of a long one say what can be said at once against it."""
    if is_slow_to_read(content):
        refuse_at_sight(content)
        return None
    table = read_table(content)
    return table if len(table.rows) <= SHORT_IMPORT else None


@transaction.atomic
def read_file(*, people_import: PeopleImport, now: datetime.datetime) -> None:
    """Read the file that waits, as a worker; whether it is read or refused, it goes."""
    held = hold(people_import, now)
    try:
        _keep(held, read_table(bytes(held.file.content)))
    except TableRefused as refusal:
        refuse_file(held, str(refusal.message), now)
    held.file.delete()


def refuse_file(people_import: PeopleImport, reason: str, now: datetime.datetime) -> None:
    """End an import whose file could not be read; nothing of it is kept but the reason."""
    people_import.state = ImportState.REFUSED
    people_import.refusal = reason
    people_import.rows_purged_at = now
    people_import.save(update_fields=["state", "refusal", "rows_purged_at", "updated_at"])


def _keep(people_import: PeopleImport, table: Table) -> None:
    """Keep the rows of a table, with a first guess at what its columns hold."""
    remembered = [
        {heading_key(earlier.header[i]): name for name, i in earlier.mapping.items()}
        for earlier in earlier_of(people_import.started_by)
    ]
    people_import.remarks = list(table.remarks)
    people_import.header = list(table.header)
    people_import.mapping = guess_columns(table.header, remembered)
    people_import.rows_total = len(table.rows)
    people_import.state = ImportState.READ
    people_import.save()
    PeopleImportRow.objects.bulk_create(
        (
            PeopleImportRow(people_import=people_import, number=row.number, values=list(row.values))
            for row in table.rows
        ),
        batch_size=ROWS_AT_ONCE,
    )


def _tidy_name(file_name: str) -> str:
    name = "".join(c for c in file_name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return name[-120:] or _("List of people")


def earlier_of(user: User) -> list[PeopleImport]:
    """List the last imports that somebody finished, the latest first."""
    finished = PeopleImport.objects.filter(started_by=user, state=ImportState.DONE)
    return list(finished.order_by("-finished_at", "-pk")[:_REMEMBERED])
