"""Tables people send us (CSV, XLSX) and tables we hand out: bytes, rows of text, no meaning."""

from lms.core.tables.reading import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Table,
    TableRow,
    column_letter,
    read_table,
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
    "read_table",
    "write_csv",
    "write_workbook",
]
