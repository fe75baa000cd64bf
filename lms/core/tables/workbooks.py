"""Reading XLSX: what is inside is looked at before it is parsed, and nothing in it is evaluated."""

import datetime
import io
import logging
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from lms.core.tables.refusals import (
    DamagedWorkbook,
    LockedWorkbook,
    NotATable,
    OldWorkbook,
    OtherWorkbook,
    TableEmpty,
    TableRefused,
    WorkbookDeclaresEntities,
    WorkbookUnpacksTooBig,
    WorkbookWithMacros,
)

logger = logging.getLogger(__name__)

MAX_UNPACKED = 50 * 1024 * 1024
# Sheets of words shrink to a tenth; the runs of one letter that bombs are made of, to a thousandth.
MAX_RATIO = 150
RATIO_COUNTS_FROM = 1024 * 1024
MAX_PARTS = 1000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK = 256 * 1024


def is_old_or_locked(content: bytes) -> bool:
    """Say whether this is a file of the old Office; locked new files are packed in one too."""
    return content.startswith(_OLE)


def refuse_old_or_locked(content: bytes) -> None:
    """Raises: LockedWorkbook, OldWorkbook."""
    raise LockedWorkbook if _ENCRYPTED_STREAM in content else OldWorkbook


def read_workbook(content: bytes) -> tuple[Iterator[list[str]], list[str]]:
    """Yield the rows of the first sheet that is shown, as text; also remarks for whoever sent it.

    Formulas come as their text. Blank rows are yielded too, so that numbers are those of the sheet.

    Raises: a TableRefused that says what is wrong with the file.
    """
    refuse_bad_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on pictures and rules that it leaves out
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except Exception as error:  # whatever a damaged file makes the library raise
        logger.info("A workbook was not opened: %s", type(error).__name__)
        raise DamagedWorkbook from error
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not shown:
        raise TableEmpty
    remarks = []
    if len(shown) > 1:
        remarks.append(
            _("The file has several sheets. We read the first, “%(name)s”.")
            % {"name": shown[0].title}
        )
    return _rows_of(shown[0]), remarks


def _rows_of(sheet: Any) -> Iterator[list[str]]:
    from lms.core.tables.reading import MAX_COLUMNS

    sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True):
                yield [_text(value) for value in row] if row.count(None) < len(row) else []
    except TableRefused:
        raise
    except Exception as error:  # as above, further down the sheet
        logger.info("A sheet was not read: %s", type(error).__name__)
        raise DamagedWorkbook from error


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, ArrayFormula):
        return str(value.text or "")
    if isinstance(value, DataTableFormula):
        return "="
    return str(value)


def unpacked_size(content: bytes) -> int:
    """Say how big a workbook says it is unpacked; 0 for one that cannot be opened at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return 0


def refuse_bad_archive(content: bytes) -> None:
    """Look at what is packed without parsing it. Raises: a TableRefused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DamagedWorkbook from error
    with archive:
        parts = archive.infolist()
        _refuse_bomb(parts, len(content))
        names = {part.filename for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise LockedWorkbook
        if "mimetype" in names or "xl/workbook.bin" in names:
            raise OtherWorkbook
        if not any(name.lower().endswith("workbook.xml") for name in names):
            raise NotATable
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise WorkbookWithMacros
        for part in parts:
            _refuse_declarations(archive, part)


def _refuse_bomb(parts: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        raise WorkbookUnpacksTooBig
    if unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * max(packed, 1):
        raise WorkbookUnpacksTooBig


def _refuse_declarations(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No spreadsheet declares a document type: entities that expand begin with one.

    The parser refuses them too (defusedxml); this is said before anything is parsed.
    """
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return
    tail = b""
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                # Without nul bytes, so that UTF-16 does not hide it.
                if _DECLARATION.search((tail + chunk).replace(b"\0", b"")):
                    raise WorkbookDeclaresEntities
                tail = chunk[-40:]
    except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, NotImplementedError) as error:  # type: ignore[attr-defined]  # zipfile imports it
        raise DamagedWorkbook from error
