"""Rows of an import that were refused, to be put right in a spreadsheet and sent again."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import RowOutcome, RowVerdict
from accounts.models import PeopleImport


def refused_rows(people_import: PeopleImport) -> tuple[list[str], Iterator[list[str]]]:
    """Give the header and the rows that were refused, each with what to put right.

    The columns are those of the file, so that the list can be sent again as it is.
    """
    width = len(people_import.header)
    header = [*people_import.header, _("Row in the file"), _("What to put right")]
    refused = Q(verdict=RowVerdict.WRONG) | Q(outcome=RowOutcome.FAILED)
    rows = people_import.rows.filter(refused).order_by("number")

    def listed() -> Iterator[list[str]]:
        for row in rows.iterator(chunk_size=500):
            cells = [*row.values, *[""] * width][:width]
            reasons = [f"{p['column']}: {p['sentence']}" for p in row.problems]
            reasons += [row.note] if row.note else []
            yield [*cells, str(row.number), " ".join(reasons)]

    return header, listed()
