"""What stands in a zip file of certificates besides the PDFs, and what each of them is called."""

from collections.abc import Iterable, Sequence

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certificates.enums import PackOutcome
from certificates.models import Award
from certificates.queries import plain_letters, written_day
from lms.core.tables import write_csv

_LONGEST = 60


def name_in_zip(award: Award) -> str:
    """Name one PDF: holder, course, day, code. The code makes it different from all others.

    Plain letters, digits and hyphens only, so that every computer can unpack it; a name in another
    alphabet keeps its letters.
    """
    holder = _part(award.holder_name) or "holder"
    course = _part(award.course_title) or "course"
    return f"{holder}-{course}-{award.completed_on:%Y-%m-%d}-{award.written_code}.pdf".lower()


def _part(text: str) -> str:
    slug = slugify(plain_letters(text)) or slugify(text, allow_unicode=True)
    return slug[:_LONGEST].strip("-")


def index_row(award: Award, path: str, outcome: PackOutcome) -> list[str]:
    """Write one certificate as a line of the index."""
    return [
        award.holder_name,
        award.course_title,
        str(award.version_number),
        f"{award.completed_on:%Y-%m-%d}",
        str(award.cpd_minutes),
        award.written_code,
        f"{award.expires_on:%Y-%m-%d}" if award.expires_on else "",
        path,
        "" if outcome == PackOutcome.PACKED else str(outcome.label),
    ]


def index_file(rows: Iterable[Sequence[str]]) -> bytes:
    """Write the index: one line for each certificate, packed or not."""
    header = [
        _("Holder"),
        _("Course"),
        _("Version"),
        _("Completed on"),
        _("CPD minutes"),
        _("Code"),
        _("Expires on"),
        _("File"),
        _("Remark"),
    ]
    return write_csv(header, rows)


def left_out_text(missing: Sequence[tuple[Award, PackOutcome]], *, not_standing: int) -> str:
    """Say in plain text which certificates are not in the file, and why; "" when none is."""
    lines: list[str] = []
    if missing:
        lines += [_("These certificates are not in this file:"), ""]
        lines += [
            _("%(holder)s, %(course)s, %(day)s, code %(code)s: %(why)s.")
            % {
                "holder": award.holder_name,
                "course": award.course_title,
                "day": written_day(award.completed_on),
                "code": award.written_code,
                "why": outcome.label,
            }
            for award, outcome in missing
        ]
    if not_standing:
        words = ngettext(
            "%(n)d certificate was replaced or revoked, and is left out on purpose.",
            "%(n)d certificates were replaced or revoked, and are left out on purpose.",
            not_standing,
        )
        lines += ["", words % {"n": not_standing}] if lines else [words % {"n": not_standing}]
    return "\r\n".join([*lines, ""]) if lines else ""
