"""HTML and CSS in, PDF out. Nothing but what the caller hands over can get into it.

xhtml2pdf is imported when the first PDF is made: a web process that makes none does not pay for it.
"""

import base64
import logging
import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from html import unescape
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
_GLYPH_MISSING = re.compile(r"No font this document has can draw .*\(U\+([0-9A-F]+)\)", re.DOTALL)
# What every face has, known without opening one: Latin with its extensions, Greek, Cyrillic.
_SURELY_DRAWN = re.compile(
    r"[\s\x20-\x7e\xa0-\u024f\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1"
    r"\u03a3-\u03e1\u03f0-\u03ff\u0400-\u052f\u1e00-\u1eff]*"
)
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
    since it drops what it cannot have without a word: a letter that no face has is one of them.

    Raises: PdfRefused, with what was refused, whatever stopped the renderer; FontsMissing.
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
        try:
            result = pisa.CreatePDF(
                _in_language(html, lang),
                dest=out,
                link_callback=named_image,
                # No base_dir: no file can be read, ours included. Fonts are registered, not linked.
                resource_policy=ResourceAccessPolicy.server(base_dir=None, allow_remote=False),
                default_css=_BASE_CSS,
                context_meta={"title": title, "author": author},
            )
        except PdfRefused:
            raise
        except Exception as error:  # whatever it trips over, it is the page that must change
            raise _cannot_be_drawn(_in_words(error)) from error
    if letters := _letters_missing(warnings, unescape(html)):
        raise PdfRefused(
            _("Our typeface has no “%(letters)s”, so the page cannot be drawn.")
            % {"letters": letters[:100]}
        )
    problems = [*refused, *warnings]
    if result.err or problems:
        raise _cannot_be_drawn("; ".join(problems)[:500] or "?")
    return out.getvalue()


def undrawable_letters(text: str) -> str:
    """Find the letters of `text` that cannot be printed, each once; "" when all of them can.

    Latin, Greek and Cyrillic are known without opening a font, which is how most names go.
    """
    if _SURELY_DRAWN.fullmatch(text):
        return ""
    drawn = _letters_of_every_face()
    return "".join(
        dict.fromkeys(
            letter for letter in text if not letter.isspace() and ord(letter) not in drawn
        )
    )


def _cannot_be_drawn(why: str) -> PdfRefused:
    return PdfRefused(_("The page cannot be drawn: %(why)s") % {"why": why})


def _in_words(error: Exception) -> str:
    """Say what stopped the renderer; in its own words only where they quote no text of the page."""
    from reportlab.platypus.doctemplate import LayoutError
    from xhtml2pdf.config.resources import RenderLimitError

    if isinstance(error, RenderLimitError):
        return str(error)[:200]
    if isinstance(error, LayoutError):
        return str(_("something on it is larger than the page."))
    if isinstance(error, MemoryError):
        return str(_("it is too large."))
    return str(_("the renderer stopped (%(name)s).")) % {"name": type(error).__name__}


def _letters_missing(warnings: list[str], page: str) -> str:
    """Collect the letters that could not be drawn, in the order of the page."""
    found = [match for text in warnings if (match := _GLYPH_MISSING.search(text))]
    # Arabic letters are joined before they are looked for: name those that were written.
    letters = {unicodedata.normalize("NFKC", chr(int(match[1], 16))) for match in found}
    return "".join(sorted(letters, key=page.find))


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
        if record.thread == self.thread_id:
            self.messages.append(record.getMessage())


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

    # What it logs quotes the page, names of people included: it goes to our collector only.
    logging.getLogger("xhtml2pdf").propagate = False
    for face, (bold, italic) in _FACES.items():
        pdfmetrics.registerFont(TTFont(face, _path_of(face)))
        addMapping("notosans", bold, italic, face)
    addMapping("notosans", 1, 1, "NotoSans-Bold")
    families: dict[str, Any] = default.DEFAULT_FONT
    families.update(dict.fromkeys([*families, FONT_FAMILY.lower()], "notosans"))
    rl_config.useA85 = 0  # plain binary streams: a fifth smaller, and no time spent on ASCII


def _path_of(face: str) -> str:
    path = finders.find(f"{FONT_FOLDER}/{face}.ttf")
    if path is None:
        raise FontsMissing(f"{FONT_FOLDER}/{face}.ttf is not there: run make assets.")
    return str(path)


@cache
def _letters_of_every_face() -> frozenset[int]:
    """Read which letters our faces have: reading the files' tables takes milliseconds, no more."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    faces = [frozenset(TTFontFile(_path_of(face)).charToGlyph) for face in _FACES]
    return frozenset.intersection(*faces)
