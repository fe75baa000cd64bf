"""Tables we hand out. A cell is text for whoever opens it: no program may take it for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import IllegalCharacterError

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection").
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NO_SHEET_CHARACTERS = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


def _disarmed(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_BEGINS) else cell


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a CSV file that Excel opens with its accents: UTF-8 with a byte order mark.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_disarmed(cell) for cell in header])
    writer.writerows([_disarmed(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_workbook(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, sheet: str = "Sheet 1"
) -> bytes:
    """Write an XLSX file of text cells: what looks like a formula stays the text that it is."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet[:31])
    page.freeze_panes = "A2"

    def cell(value: str, *, is_head: bool = False) -> Cell:
        try:
            made = WriteOnlyCell(page, value)
        except IllegalCharacterError:
            made = WriteOnlyCell(page, value.translate(_NO_SHEET_CHARACTERS))
        made.data_type = "s"
        if is_head:
            made.font = Font(bold=True)
        return made

    page.append([cell(name, is_head=True) for name in header])
    for row in rows:
        page.append([cell(value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
