"""Tables people send us (CSV, XLSX) and tables we hand out: bytes, rows of text, no meaning."""

from lms.core.tables.reading import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Table,
    TableRow,
    column_letter,
    is_slow_to_read,
    read_table,
    refuse_at_sight,
)
from lms.core.tables.refusals import TableRefused, TableTooBig
from lms.core.tables.writing import write_csv, write_workbook

__all__ = [
    "MAX_BYTES",
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "Table",
    "TableRefused",
    "TableRow",
    "TableTooBig",
    "column_letter",
    "is_slow_to_read",
    "read_table",
    "refuse_at_sight",
    "write_csv",
    "write_workbook",
]
