"""One door for a table that somebody sends: what it is, whether we read it, its rows as text."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.core.tables.delimited import decode, open_quote, read_delimited
from lms.core.tables.refusals import (
    NotATable,
    TableEmpty,
    TableHasNoHeader,
    TableHasNoRows,
    TableTooBig,
)
from lms.core.tables.workbooks import (
    is_old_or_locked,
    read_workbook,
    refuse_bad_archive,
    refuse_old_or_locked,
    unpacked_size,
)

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 1000
# Blank rows cost time too: a sheet with one cell at its very end has a million of them.
_MAX_NUMBER = 100_000
_HEADER_WITHIN = 20
# A workbook that unpacks to more takes longer to read than anybody should wait for a page.
_SLOW = 256 * 1024
_WORKBOOK = b"PK\x03\x04"

_OTHER_FILES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"\x1f\x8b")


@dataclass(frozen=True, slots=True)
class TableRow:
    """`number` is the one a spreadsheet shows beside it."""

    number: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`header` has a name for every column; `rows` may be shorter or longer. `remarks` are for who
    sent it: sentences about how the file was read."""

    header: tuple[str, ...]
    rows: list[TableRow]
    remarks: tuple[str, ...] = ()


def column_letter(index: int) -> str:
    """Write a column's place as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_table(content: bytes) -> Table:
    """Read a CSV or XLSX file into a header and rows of text, whatever its name says it is.

    Raises: a TableRefused, whose sentence says what is wrong with the file and what to do.
    """
    _refuse_other_files(content)
    if content.startswith(_WORKBOOK):
        rows, remarks = read_workbook(content)
    else:
        text, encoding = decode(content)
        rows, remarks = read_delimited(text), _remarks_on(encoding)
    return _table(rows, remarks)


def is_slow_to_read(content: bytes) -> bool:
    """Say whether reading this table is work for a worker: a big workbook is, text never."""
    return content.startswith(_WORKBOOK) and unpacked_size(content) > _SLOW


def refuse_at_sight(content: bytes) -> None:
    """Refuse what can be told without reading the rows: other files, bombs, damaged archives.

    Raises: a TableRefused, as `read_table` would.
    """
    _refuse_other_files(content)
    if content.startswith(_WORKBOOK):
        refuse_bad_archive(content)


def _refuse_other_files(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise TableTooBig(
            _("This file has more than %(limit)d MB. Send it in parts, each with the first row.")
            % {"limit": MAX_BYTES // 1024 // 1024}
        )
    if not content.strip():
        raise TableEmpty
    if is_old_or_locked(content):
        refuse_old_or_locked(content)
    if content.startswith(_OTHER_FILES) or content.lstrip()[:9].lower().startswith(
        (b"<!doctype", b"<html", b"<?xml")
    ):
        raise NotATable


def _remarks_on(encoding: str) -> list[str]:
    if encoding.startswith("utf"):
        return []
    return [
        _("We took the letters of this file for %(encoding)s. Look at names with accents below.")
        % {"encoding": encoding.replace("_", " ").replace("cp", "Windows-")}
    ]


def _table(rows: Iterator[list[str]], remarks: list[str]) -> Table:
    numbered = enumerate(([_tidy(cell) for cell in row] for row in rows), start=1)
    first = list(itertools.islice(numbered, _HEADER_WITHIN))
    head_at = _header_at([row for _number, row in first])
    header = _header(first[head_at][1])
    kept: list[TableRow] = []
    for number, row in itertools.chain(first[head_at + 1 :], numbered):
        _refuse_too_much(number, row, len(kept))
        if any(row):
            kept.append(TableRow(number, _trimmed(row, len(header))))
    if not kept:
        raise TableHasNoRows
    return Table(header, kept, tuple(remarks))


def _tidy(cell: str) -> str:
    """Leave out what is not seen: byte order marks and the like. Spaces at the ends stay."""
    return cell.replace("\ufeff", "").replace("\u200b", "").replace("\xa0", " ") if cell else ""


def _header_at(first: list[list[str]]) -> int:
    """Find the row that names the columns: titles above it have one cell, it has several.

    Raises: TableEmpty, TableHasNoHeader, TableTooBig.
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in first]
    if not any(filled):
        raise TableEmpty
    at = next(i for i, cells in enumerate(filled) if cells >= min(2, max(filled)))
    if any("@" in cell and "." in cell.rpartition("@")[2] for cell in first[at]):
        raise TableHasNoHeader
    if filled[at] > MAX_COLUMNS:
        raise TableTooBig(
            _("This file has more than %(limit)d columns. Leave out those that are not needed.")
            % {"limit": MAX_COLUMNS}
        )
    return at


def _header(row: list[str]) -> tuple[str, ...]:
    """Name every column: one without a name by its letter, one that shares its name by both."""
    width = max(i for i, cell in enumerate(row, start=1) if cell.strip())
    names = [" ".join(cell.split())[:100] for cell in row[:width]]
    named = []
    for index, name in enumerate(names):
        letter = column_letter(index)
        if not name:
            named.append(_("Column %(letter)s") % {"letter": letter})
        elif names.index(name) != index:
            named.append(_("%(name)s (column %(letter)s)") % {"name": name, "letter": letter})
        else:
            named.append(name)
    return tuple(named)


def _trimmed(row: list[str], width: int) -> tuple[str, ...]:
    """Leave out empty cells to the right of the header."""
    end = len(row)
    while end > width and not row[end - 1].strip():
        end -= 1
    return tuple(row[:end])


def _refuse_too_much(number: int, row: list[str], kept: int) -> None:
    if number > _MAX_NUMBER or (kept >= MAX_ROWS and any(row)):
        raise TableTooBig(
            _("This file has more than %(limit)s rows. Send it in parts, each with the first row.")
            % {"limit": f"{MAX_ROWS:,}"}
        )
    if any(len(cell) > MAX_CELL for cell in row):
        raise TableTooBig(open_quote(number))
