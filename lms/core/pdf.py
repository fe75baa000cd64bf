"""HTML and CSS in, PDF out. Nothing but what the caller hands over can get into it.

xhtml2pdf is imported when the first PDF is made: a web process that makes none does not pay for it.
"""

import base64
import logging
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext_lazy as _

from lms.core.errors import DomainError

FONT_FOLDER = "site/fonts/pdf"
FONT_FAMILY = "Noto Sans"
_FACES = {  # file: bold, italic
    "NotoSans-Regular": (0, 0),
    "NotoSans-Bold": (1, 0),
    "NotoSans-Italic": (0, 1),
}
_IMAGE_TYPES = ("image/png", "image/jpeg", "image/svg+xml")
# A character that no face has is printed as a box; that is no reason to give nothing.
_GLYPH_MISSING = "No font this document has can draw"
_HTML_TAG = re.compile(r"<html\b([^>]*)>", re.IGNORECASE)

# The little that a page needs to begin with. xhtml2pdf's own default is ten times as long, and it
# is parsed for each document.
_BASE_CSS = f"""
html {{ font-family: "{FONT_FAMILY}"; font-size: 10pt; font-weight: normal; color: #000000;
  line-height: 1.35; margin: 0; padding: 0; border: 1px none; display: inline; width: auto;
  height: auto; white-space: normal; }}
body, div, p, h1, h2, h3, h4, ul, ol, li, table, tr, td, th, hr {{ display: block; }}
h1, h2, h3, h4, b, strong, th {{ font-weight: bold; }}
i, em {{ font-style: italic; }}
u {{ text-decoration: underline; }}
ul {{ list-style-type: disc; margin-left: 14pt; }}
ol {{ list-style-type: decimal; margin-left: 14pt; }}
td, th {{ vertical-align: top; text-align: left; }}
"""


class PdfRefused(DomainError):
    """The page asks for something that it may not have, or cannot be drawn as it stands."""

    code = "pdf_refused"
    message = _("This page cannot be made into a PDF.")


class FontsMissing(RuntimeError):
    """The fonts are not built: run `make assets`."""


@dataclass(frozen=True)
class PdfImage:
    content: bytes
    mimetype: str

    @cached_property
    def data_uri(self) -> str:
        return f"data:{self.mimetype};base64,{base64.b64encode(self.content).decode()}"


def render_pdf(
    html: str,
    *,
    images: Mapping[str, PdfImage],
    title: str,
    author: str = "",
    lang: str = "en-GB",
) -> bytes:
    """Make a PDF of `html`; `<img src="name">` shows the image of that name in `images`.

    There is no network and no file system: whatever is not a name in `images` is refused. Every
    font family is drawn in Noto Sans, which is embedded. Warnings of xhtml2pdf count as failures,
    since it drops what it cannot have without a word.

    Raises: PdfRefused, with what was refused; FontsMissing.
    """
    _register_fonts()
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    for name, image in images.items():
        if image.mimetype not in _IMAGE_TYPES:
            raise PdfRefused(_("“%(name)s” is not a picture.") % {"name": name})
    refused: list[str] = []

    def named_image(uri: str, relative_to: str | None) -> str:
        if uri in images:
            return images[uri].data_uri
        refused.append(uri[:120])
        raise PdfRefused(_("The page may not show “%(uri)s”.") % {"uri": uri[:120]})

    out = BytesIO()
    with _collected_warnings() as warnings:
        result = pisa.CreatePDF(
            _in_language(html, lang),
            dest=out,
            link_callback=named_image,
            # No base_dir: no file can be read, ours included. Fonts are registered, not linked.
            resource_policy=ResourceAccessPolicy.server(base_dir=None, allow_remote=False),
            default_css=_BASE_CSS,
            context_meta={"title": title, "author": author},
        )
    problems = [*refused, *warnings]
    if result.err or problems:
        raise PdfRefused(
            _("The page cannot be drawn: %(why)s") % {"why": "; ".join(problems)[:500] or "?"}
        )
    return out.getvalue()


def _in_language(html: str, lang: str) -> str:
    """Say which language the document is in, unless it does so itself: /Lang is read from it."""
    found = _HTML_TAG.search(html)
    if found is None:
        return f'<html lang="{lang}">{html}</html>'
    if re.search(r"\blang\s*=", found[1], re.IGNORECASE):
        return html
    return f'{html[: found.start()]}<html lang="{lang}"{found[1]}>{html[found.end() :]}'


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.thread_id = threading.get_ident()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.thread == self.thread_id and _GLYPH_MISSING not in text:
            self.messages.append(text)


@contextmanager
def _collected_warnings() -> Iterator[list[str]]:
    """Collect what xhtml2pdf only logs: what its policy blocked it leaves out without an error."""
    collector = _Collector()
    logger = logging.getLogger("xhtml2pdf")
    logger.addHandler(collector)
    try:
        yield collector.messages
    finally:
        logger.removeHandler(collector)


_fonts_lock = threading.Lock()


def _register_fonts() -> None:
    with _fonts_lock:
        _register_fonts_once()


@cache
def _register_fonts_once() -> None:
    """Teach ReportLab our faces, once in a process: reading them takes longer than a certificate.

    Every family name xhtml2pdf knows leads to them, so that no document uses a font it does not
    carry with it.
    """
    from reportlab import rl_config
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from xhtml2pdf import default

    for face, (bold, italic) in _FACES.items():
        path = finders.find(f"{FONT_FOLDER}/{face}.ttf")
        if path is None:
            raise FontsMissing(f"{FONT_FOLDER}/{face}.ttf is not there: run make assets.")
        pdfmetrics.registerFont(TTFont(face, path))
        addMapping("notosans", bold, italic, face)
    addMapping("notosans", 1, 1, "NotoSans-Bold")
    families: dict[str, Any] = default.DEFAULT_FONT
    families.update(dict.fromkeys([*families, FONT_FAMILY.lower()], "notosans"))
    rl_config.useA85 = 0  # plain binary streams: a fifth smaller, and no time spent on ASCII
