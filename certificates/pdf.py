"""The page of a certificate as a PDF: design, facts and pictures in, bytes out."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from math import inf
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.models import CertificateDesign, DesignSignatory, fill_page, problems_of
from certificates.models.designs import MOST_SIGNATORIES
from certificates.queries import CertificateFacts, pictures_of, sample_facts
from lms.core.pdf import PdfImage, PdfRefused, render_pdf

_SIGNATURE = re.compile(r"<img\b[^>]*\bsrc\s*=\s*[\"']?signature\b[^>]*>", re.IGNORECASE)
_BLANKS = re.compile(r"[\s-]+")  # where a line breaks, and a word that is too long for it
_SMALLEST_QR = 15 * 72 / 25.4 - 1  # points
_QUIET = 4  # modules of white around the code: ISO/IEC 18004 asks for four
_MODULE_PIXELS = 4

# Letters, size in points: a name of up to 22 letters is printed in 34 points, and so on.
_NAME_SIZES = ((22, 34), (30, 28), (44, 23), (64, 20), (inf, 17))
_TITLE_SIZES = ((44, 21), (90, 17), (150, 14), (inf, 12))
_OUTCOME_SIZES = ((520, 10.5), (800, 9.5), (1100, 8), (1600, 7), (inf, 6.5))
_SIGNATORY_SIZES = ((40, 9.5), (60, 8), (80, 7), (inf, 5.5))
_LOGO_HEIGHTS = {1: 24, 2: 18, 3: 14}  # millimetres, by their number
_SMALLEST_NAME = 14  # points
_LINE = 550  # points; the widest letters are about as wide as they are high


class DesignRefused(PdfRefused):
    code = "design_refused"
    message = gettext_lazy("This design cannot be used.")


def certificate_pdf(
    *, design: CertificateDesign, facts: CertificateFacts, pictures: Mapping[str, PdfImage]
) -> bytes:
    """Draw a certificate.

    Raises: DesignRefused, with every reason, when the page may not be used as it stands;
    PdfRefused when it cannot be drawn.
    """
    if problems := problems_of(design.page):
        raise DesignRefused(" ".join(problems))
    page = fill_page(design.page, _values(design, facts, pictures))
    if "signature" not in pictures:
        page = _SIGNATURE.sub("", page)
    return render_pdf(
        page,
        images={**pictures, "qr": qr_code(facts.check_url)},
        title=f"{design.heading}: {facts.course_title}",
        author=facts.issuer,
    )


def sample_pdf(design: CertificateDesign) -> bytes:
    """Draw a certificate with sample facts, and read it back: does it show what it must?

    Raises: DesignRefused when name, course, code or QR code cannot be read on it, and when the
    page may not be used; PdfRefused when it cannot be drawn.
    """
    facts = sample_facts(design)
    content = certificate_pdf(design=design, facts=facts, pictures=pictures_of(design))
    if problems := _not_shown(content, facts):
        raise DesignRefused(" ".join(problems))
    return content


def _not_shown(content: bytes, facts: CertificateFacts) -> list[str]:
    """Say in words what of the facts cannot be read on a certificate."""
    import pypdf

    side = _pixels_of(qr_code(facts.check_url))
    pages = [_as_read(page, side) for page in pypdf.PdfReader(BytesIO(content)).pages]
    shown = _BLANKS.sub("", "".join(text for text, _size in pages))
    wanted = {
        _("the holder's name"): facts.holder_name,
        _("the course"): facts.course_title,
        _("the code"): facts.code,
    }
    found = [
        _("Drawn with sample facts, the page does not show %(what)s.") % {"what": what}
        for what, value in wanted.items()
        if _BLANKS.sub("", value) not in shown
    ]
    if max(size for _text, size in pages) < _SMALLEST_QR:
        found.append(
            _("The QR code must be at least 15 mm wide and high, or no phone can read it.")
        )
    return found


def _as_read(page: Any, side: int) -> tuple[str, float]:
    """Read the text of a page, and how large (in points) it shows a picture `side` pixels wide."""
    pictures = page["/Resources"].get("/XObject", {})
    sizes = [0.0]

    def measure(operator: bytes, operands: list[Any], matrix: list[float], _text: Any) -> None:
        if operator == b"Do" and pictures[operands[0]].get("/Width") == side:
            sizes.append(min(abs(matrix[0]), abs(matrix[3])))

    text: str = page.extract_text(visitor_operand_before=measure)
    return text, max(sizes)


def qr_code(address: str) -> PdfImage:
    """Draw the QR code of an address, with its quiet zone; one module is four pixels."""
    import segno
    from PIL import Image

    # The eight masks are equally valid; trying them all takes twice as long as drawing one.
    code = segno.make(address, error="m", micro=False, boost_error=False, mask=2)
    rows = [bytes(0 if dark else 255 for dark in row) for row in code.matrix_iter(border=_QUIET)]
    picture = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows))
    side = len(rows) * _MODULE_PIXELS
    out = BytesIO()
    picture.resize((side, side), Image.Resampling.NEAREST).save(out, "PNG")
    return PdfImage(out.getvalue(), "image/png")


def _pixels_of(picture: PdfImage) -> int:
    return _size_of(picture)[0]


def _size_of(picture: PdfImage) -> tuple[int, int]:
    from PIL import Image

    with Image.open(BytesIO(picture.content)) as image:
        return image.size


def _values(
    design: CertificateDesign, facts: CertificateFacts, pictures: Mapping[str, PdfImage]
) -> dict[str, str | tuple[str, ...]]:
    signatories = list(design.signatories.all())
    first = signatories[0] if signatories else DesignSignatory()
    return {
        "holder_name": facts.holder_name,
        "course_title": facts.course_title,
        "code": facts.code,
        "heading": design.heading,
        "opening": design.opening,
        "wording": design.wording,
        "statement": design.statement.replace("{cpd}", facts.cpd),
        "outcomes": facts.outcomes,
        "route": facts.route,
        "cpd": facts.cpd,
        "completed_on": facts.completed_on,
        "expires": _("Valid until %(day)s") % {"day": facts.expires} if facts.expires else "",
        "version": facts.version,
        "check_address": facts.check_address,
        "issuer": facts.issuer,
        "signatory_name": first.name,
        "signatory_title": first.title,
        "logos": _logos(pictures),
        "signatories": _signatories(signatories, pictures),
        "accent": design.accent,
        "name_size": _size_for(facts.holder_name, _NAME_SIZES, smallest=_SMALLEST_NAME),
        "title_size": _size_for(facts.course_title, _TITLE_SIZES, smallest=10),
        "outcomes_size": _size_for(" ".join(facts.outcomes), _OUTCOME_SIZES, smallest=6),
        "signatory_size": _signatory_size(signatories),
        "foot_top": "201" if signatories else "183",
    }


def _logos(pictures: Mapping[str, PdfImage]) -> SafeString:
    """Put every logo into a paragraph, smaller where there are several."""
    names = [name for name in pictures if name.startswith("logo_")]
    height = (
        _LOGO_HEIGHTS[len(names)] if len(names) in _LOGO_HEIGHTS else min(_LOGO_HEIGHTS.values())
    )
    return format_html_join(
        "",
        '<p class="logo"><img src="{}" style="{}"></p>',
        ((name, _fitted(pictures[name], 36, height)) for name in names),
    )


def _signatories(
    signatories: Sequence[DesignSignatory], pictures: Mapping[str, PdfImage]
) -> SafeString:
    """Put who signs into a table, signatures above names: always three columns."""
    signed, named = [], []
    for number in range(1, MOST_SIGNATORIES + 1):
        name = f"signature_{number}"
        picture = pictures.get(name)
        image = (
            format_html('<img src="{}" style="{}">', name, _fitted(picture, 55, 11))
            if picture
            else ""
        )
        signed.append((image or "\u00a0",))
        who = signatories[number - 1] if number <= len(signatories) else None
        named.append((who.name, who.title) if who else ("\u00a0", "\u00a0"))
    if not signatories:
        return SafeString("")
    return format_html(
        "<table><tr>{}</tr><tr>{}</tr></table>",
        format_html_join("", '<td class="signature">{}</td>', signed),
        format_html_join("", '<td class="signatory"><b>{}</b><br>{}</td>', named),
    )


def _signatory_size(signatories: Sequence[DesignSignatory]) -> str:
    longest = max(
        (len(text) for each in signatories for text in (each.name, each.title)), default=0
    )
    return str(next(size for letters, size in _SIGNATORY_SIZES if longest <= letters))


def _fitted(picture: PdfImage, width: float, height: float) -> str:
    """Say how large a picture is drawn, in a style: as large as fits, its shape kept."""
    if picture.mimetype == "image/svg+xml":
        return f"height: {height}mm"
    across, up = _size_of(picture)
    scale = min(width / across, height / up)
    return f"width: {across * scale:.1f}mm; height: {up * scale:.1f}mm"


def _size_for(text: str, sizes: tuple[tuple[float, float], ...], *, smallest: float) -> str:
    """Choose a size in points by the length of a text.

    Its longest word should fit on a line; where that would be smaller than can be read, it breaks.
    """
    size = next(size for letters, size in sizes if len(text) <= letters)
    longest = max((len(word) for word in text.split()), default=1)
    return f"{max(min(size, _LINE / longest), smallest):.1f}"
