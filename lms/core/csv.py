"""Cells of CSV files that a spreadsheet program opens."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def formula_safe(value: object) -> str:
    """Write a cell so that no spreadsheet program runs it: an apostrophe goes before a formula.

    Source: OWASP, CSV injection.
    """
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
