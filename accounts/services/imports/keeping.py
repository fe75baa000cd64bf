"""How long the rows of an import are kept: they are somebody's names and addresses."""

import datetime

from django.db import transaction
from django.db.models import Q

from accounts.enums import UNWRITTEN_IMPORT, ImportState
from accounts.models import PeopleImport, PeopleImportFile
from accounts.models.imports import ROWS_KEPT_FOR, UNDO_WINDOW


def purge_rows(*, now: datetime.datetime) -> int:
    """Remove the rows of imports whose time to undo and a week have passed; say of how many.

    Imports that nobody has carried on for as long are given up. Counts, and what words meant, stay.
    """
    limit = now - UNDO_WINDOW - ROWS_KEPT_FOR
    old = PeopleImport.objects.filter(
        Q(finished_at__lt=limit, state__in=[ImportState.DONE, ImportState.UNDONE])
        | Q(updated_at__lt=limit, state__in=UNWRITTEN_IMPORT),
        rows_purged_at=None,
    )
    pks = list(old.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        _purge(pk, now)
    return len(pks)


@transaction.atomic
def _purge(pk: int, now: datetime.datetime) -> None:
    people_import = PeopleImport.objects.select_for_update().get(pk=pk)
    people_import.rows.all().delete()
    PeopleImportFile.objects.filter(people_import=people_import).delete()
    if people_import.state in UNWRITTEN_IMPORT:
        people_import.state = ImportState.ABANDONED
    people_import.rows_purged_at = now
    people_import.save(update_fields=["state", "rows_purged_at", "updated_at"])
