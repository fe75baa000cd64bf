"""Reading CSV and its relatives: any usual encoding, any usual separator."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from lms.core.tables.refusals import (
    NotATable,
    TableEncodingUnknown,
    TableHasNulBytes,
    TableTooBig,
)

SEPARATORS = ",;\t|"
# What office programs write when they do not write Unicode, likeliest first. A library for this
# (charset-normalizer) needs more text than the accents of some names: see docs/decisions.
_OFFICE_ENCODINGS = ["cp1252", "cp1250", "mac_roman", "cp850"]
_BOMS = [
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
]
_SNIFFED_LINES = 30
_JUDGED_WORDS = 2000


def decode(content: bytes) -> tuple[str, str]:
    """Turn bytes into text; also name the encoding, for a remark when it was a guess.

    Raises: TableEncodingUnknown, TableHasNulBytes, NotATable.
    """
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "")
    if not encoding and b"\0" in content:
        encoding = _utf16_without_mark(content)
    if not encoding:
        encoding = _eight_bit_encoding(content)
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise TableEncodingUnknown from error
    if "\0" in text:
        raise TableHasNulBytes
    _refuse_what_is_no_text(text)
    return text, encoding


def _utf16_without_mark(content: bytes) -> str:
    """In UTF-16 without a mark, every other byte of Latin text is nul."""
    half = max(1, len(content) // 2)
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if content[start::2].count(0) > half * 0.7 and content[1 - start :: 2].count(0) == 0:
            return name
    raise TableHasNulBytes


def _eight_bit_encoding(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    strange = [word for word in re.split(rb"[\s,;|\"]+", content) if not word.isascii()]
    sample = b" ".join(strange[:_JUDGED_WORDS])
    return max(_OFFICE_ENCODINGS, key=lambda name: _plausibility(sample, name))


def _plausibility(sample: bytes, encoding: str) -> float:
    """Say which share of the words reads like words; what cannot be read at all is below that."""
    try:
        words = sample.decode(encoding).split()
    except UnicodeDecodeError:
        return -1
    return sum(map(_reads_like_a_word, words)) / max(1, len(words))


def _reads_like_a_word(word: str) -> bool:
    """Letters only, no capital behind a small letter but as in MacDonald, and O’Brien's sign."""
    if re.search(r"’(?!s?$)[^A-ZÀ-Þ]|[ƒªº]", word):
        return False
    for piece in re.split(r"[-.'’@()]", word):
        rest = piece.removeprefix("Mc").removeprefix("Mac")
        if rest not in ("", "–") and not (
            rest.isalpha() and (rest.isupper() or rest[1:] == rest[1:].lower())
        ):
            return False
    return True


def _refuse_what_is_no_text(text: str) -> None:
    strange = sum(
        not c.isprintable() and c not in "\t\r\n\u200b\ufeff\xa0\xad" for c in text[:5000]
    )
    if strange > 5 and strange > len(text[:5000]) * 0.02:
        raise NotATable


def read_delimited(text: str) -> Iterator[list[str]]:
    """Yield the rows of a text, blank ones too, so that numbers are those of a spreadsheet.

    Raises: TableTooBig for a cell that no list of people has (a quotation mark left open, often).
    """
    text, separator = _separator_of(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    while True:
        number += 1
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableTooBig(open_quote(number)) from error


def open_quote(number: int) -> str:
    return _(
        "Row %(number)d has a cell that is far too long. Look there for a quotation mark that is "
        "opened and not closed."
    ) % {"number": number}


def _separator_of(text: str) -> tuple[str, str]:
    """Find the separator: the one that cuts the first lines into most columns, evenly.

    Excel may name it in a first line of its own, 'sep=;', which is no row.
    """
    first, _newline, rest = text.partition("\n")
    said = first.strip().strip('"').lower()
    if said.startswith("sep=") and len(said) == len("sep=;") and said[-1] in SEPARATORS:
        return rest, said[-1]
    if said == "sep=" and "\t" in first:
        return rest, "\t"
    return text, max(SEPARATORS, key=lambda separator: _evenness(text, separator))


def _evenness(text: str, separator: str) -> float:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        widths = [len(row) for row in islice(reader, _SNIFFED_LINES) if any(row)]
    except csv.Error:
        return 0
    if not widths or max(widths) < 2:
        return 0
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    return (usual - 1) * widths.count(usual) / len(widths)
