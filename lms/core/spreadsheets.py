"""Cells that a spreadsheet reads as text, whatever somebody typed into them."""

from typing import Any

# What Excel, LibreOffice and Google Sheets take for the beginning of a formula or a command.
_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """Write a text that would be a formula with an apostrophe before it; leave the rest alone.

    OWASP, 'CSV injection'. Numbers and days are no texts: a negative number stays one.
    """
    if isinstance(value, str) and value.startswith(_BEGINNINGS):
        return f"'{value}"
    return value
