"""A CPD record as a PDF that somebody takes to an appraisal."""

import datetime
import re
from html import unescape

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from courses.queries.cpd import CpdRecord
from lms.core.pdf import render_pdf, undrawable_letters
from lms.core.site import site_identity

# The longest words, in letters, that a line and a cell of the table hold: longer ones overlap what
# stands beside them, and xhtml2pdf's own way to break them cannot go on to the next page.
_LINE, _CELL = 60, 20
_CELLS = re.compile(r"<td\b.*?</td>", re.DOTALL)
INSTEAD = "?"  # of a letter that our typeface does not have


def cpd_pdf(record: CpdRecord, *, on: datetime.date) -> bytes:
    """Draw the record: name, period, totals, a table, what was learned, chosen reflections.

    Texts of any length: they stand in paragraphs, since a row of a table must fit on a page.
    """
    identity = site_identity()
    page: str = render_to_string(
        "courses/pdf/cpd_record.html",
        {"record": record, "on": on, "site": identity, "details": _with_details(record)},
    )
    letters = undrawable_letters(unescape(page))
    if letters:
        note = _("“?” stands for signs that our typeface does not have.")
        page = page.replace("<!-- undrawable -->", f"<p>{note}</p>")
        page = page.translate({ord(letter): INSTEAD for letter in letters})
    return render_pdf(
        _with_broken_words(page),
        images={},
        title=_("CPD record of %(name)s") % {"name": _drawable(record.name)},
        author=identity.charity,
    )


def _drawable(text: str) -> str:
    return text.translate({ord(letter): INSTEAD for letter in undrawable_letters(text)})


def _with_details(record: CpdRecord) -> list[object]:
    return [x for x in record.activities if x.outcomes or x.learned or x.applied or x.url]


def _with_broken_words(page: str) -> str:
    cells = _CELLS.sub(lambda cell: _broken(cell[0], _CELL), page)
    return _broken(cells, _LINE)


def _broken(html: str, letters: int) -> str:
    """Put a space into words that are longer, entities and tags left alone."""
    return re.sub(rf"[^\s<>&;]{{{letters}}}(?=[^\s<>&;])", r"\g<0> ", html)
