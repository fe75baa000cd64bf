"""A CPD record as a PDF that somebody takes to an appraisal."""

import datetime
from html import unescape

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from courses.queries.cpd import CpdRecord
from lms.core.pdf import render_pdf, undrawable_letters
from lms.core.site import site_identity

INSTEAD = "?"  # of a letter that our typeface does not have


def cpd_pdf(record: CpdRecord, *, on: datetime.date) -> bytes:
    """Draw the record: name, period, totals, a table, what was learned, chosen reflections.

    Texts of any length: they stand in paragraphs, since a row of a table must fit on a page.
    """
    identity = site_identity()
    page = render_to_string(
        "courses/pdf/cpd_record.html",
        {"record": record, "on": on, "site": identity, "details": _with_details(record)},
    )
    letters = undrawable_letters(unescape(page))
    if letters:
        note = _("“?” stands for signs that our typeface does not have.")
        page = page.replace("<!-- undrawable -->", f"<p>{note}</p>")
        page = page.translate({ord(letter): INSTEAD for letter in letters})
    return render_pdf(
        page,
        images={},
        title=_("CPD record of %(name)s") % {"name": _drawable(record.name)},
        author=identity.charity,
    )


def _drawable(text: str) -> str:
    return text.translate({ord(letter): INSTEAD for letter in undrawable_letters(text)})


def _with_details(record: CpdRecord) -> list[object]:
    return [x for x in record.activities if x.outcomes or x.learned or x.applied or x.url]
