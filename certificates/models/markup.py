"""The page of a certificate: what an editor may write in it, and how the facts get in.

This is not a template language. Named places are replaced by escaped text, nothing else happens.
What the page may contain is a list of what is allowed, so that nothing outside can be asked for.
"""

import html
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from html.parser import HTMLParser
from pathlib import Path

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

STANDARD_PAGE = Path(__file__).resolve().parent.parent / "designs" / "standard.html"

PLACES = (
    "holder_name",
    "course_title",
    "code",
    "heading",
    "opening",
    "wording",
    "statement",
    "outcomes",
    "route",
    "cpd",
    "completed_on",
    "expires",
    "version",
    "check_address",
    "issuer",
    "signatory_name",  # of the first who signs
    "signatory_title",
    "logos",
    "signatories",
)
# Numbers and colours that we work out ourselves: the only ones allowed inside a style.
STYLE_PLACES = (
    "accent",
    "name_size",
    "title_size",
    "outcomes_size",
    "signatory_size",
    "foot_top",
)
PICTURES = ("logo", "signature", "qr")
REQUIRED = ("holder_name", "course_title", "code")
REQUIRED_PICTURE = "qr"
MAX_LENGTH = 30_000
MAX_TAGS = 400
MAX_DEPTH = 40
MAX_SPAN = 50

_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_WORD = re.compile(r"\w+")
_TAGS = frozenset(
    _WORD.findall(
        "html head title style body div span p br hr h1 h2 h3 h4 b strong i em small sup sub u "
        "ul ol li table thead tbody tr td th img"
    )
)
_ATTRIBUTES = frozenset(
    _WORD.findall("class id style lang align valign width height alt colspan rowspan")
)
_VOID = frozenset({"br", "hr", "img"})
_SPANS = frozenset({"colspan", "rowspan"})
_SPAN = re.compile(r"[0-9]{1,2}")
_BRACES = re.compile(r"[{}]")
_STYLE_BRACES = re.compile(r"\{\{|\{%|%\}")
_AT_RULES = frozenset({"page"})
_AT_RULE = re.compile(r"@\s*([\w-]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_OUTSIDE = (
    (re.compile(r"[a-z][a-z0-9+.-]*:\s*/", re.IGNORECASE), None),
    (re.compile(r"\b(?:file|ftp|javascript)\s*:", re.IGNORECASE), None),
    (re.compile(r"\bdata\s*:\s*[^\s,;]*[/,;]", re.IGNORECASE), "data:"),
    (re.compile(r"//"), "//"),
    (re.compile(r"\.\.\s*[/\\]"), "../"),
    (re.compile(r"url\s*\(", re.IGNORECASE), "url("),
    (re.compile(r"@\s*import", re.IGNORECASE), "@import"),
    (re.compile(r"@\s*font-face", re.IGNORECASE), "@font-face"),
)
_STYLE_ONLY = (
    (re.compile(r"\\"), "\\"),
    (re.compile(r"image(?:-set)?\s*\(", re.IGNORECASE), None),
    (re.compile(r"(?:^|[;{\s])src\s*:", re.IGNORECASE), "src:"),
    (re.compile(r"-pdf-frame-content|-pdf-page", re.IGNORECASE), None),
    (re.compile(r"(?:background(?:-image)?|list-style-image|content)\s*:[^;}]*['\"]", re.I), None),
)


@cache
def standard_page() -> str:
    """Read the page that a design begins with."""
    return STANDARD_PAGE.read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def problems_of(markup: str) -> tuple[str, ...]:
    """Say in words what a page may not contain or lacks; nothing when it may be used."""
    if len(markup) > MAX_LENGTH:
        return (_("The page is too long: keep it under 30,000 characters."),)
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    found = [*_outside(markup), *reader.problems]
    if reader.tags > MAX_TAGS:
        found.append(_("The page has too many tags: keep to %(number)d.") % {"number": MAX_TAGS})
    if reader.deepest > MAX_DEPTH:
        found.append(
            _("Tags stand too deep inside one another: keep to %(number)d levels.")
            % {"number": MAX_DEPTH}
        )
    for name in REQUIRED:
        if name not in reader.places:
            found.append(_("The page must show %(place)s.") % {"place": "{{ " + name + " }}"})
    if REQUIRED_PICTURE not in reader.pictures:
        found.append(_('The page must show the QR code: <img src="qr">.'))
    return tuple(dict.fromkeys(found))


def fill_page(markup: str, values: Mapping[str, str | Sequence[str]]) -> str:
    """Put `values` into the named places of a page. Every value is escaped; a list becomes <li>s.

    Markup of our own making comes as a SafeString. A place without a value is left empty.
    """

    def value_of(match: re.Match[str]) -> str:
        value = values.get(match[1], "")
        if isinstance(value, SafeString):
            return value
        if isinstance(value, str):
            return html.escape(value)
        return "".join(f"<li>{html.escape(item)}</li>" for item in value)

    return _PLACE.sub(value_of, markup)


def _outside(text: str) -> list[str]:
    """Find whatever names a thing that is not on the page itself, however it is disguised."""
    plain = html.unescape(text)
    without_comments = _COMMENT.sub("", plain)
    found = []
    for pattern, name in _OUTSIDE:
        match = pattern.search(plain) or pattern.search(without_comments)
        if match:
            found.append(
                _(
                    "The page names something outside itself (%(what)s). It may use only what is "
                    "ours: the pictures logo, signature and qr, and the typeface Noto Sans."
                )
                % {"what": name or match[0]}
            )
    return found


class _Reader(HTMLParser):
    """Walk the page and note what is not on the lists."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.places: set[str] = set()
        self.pictures: set[str] = set()
        self.tags = self.deepest = self._depth = 0
        self._inside = ""  # style or title: what stands in them is not shown

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        if tag not in _VOID:
            self._depth += 1
            self.deepest = max(self.deepest, self._depth)
        self._inside = tag if tag in ("style", "title") else ""
        if tag not in _TAGS:
            self.problems.append(_("The page may not contain <%(tag)s>.") % {"tag": tag})
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if tag == "img" and "src" not in dict(attrs):
            self._picture("")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "src" and tag == "img":
            self._picture(value)
        elif name not in _ATTRIBUTES:
            self.problems.append(
                _("<%(tag)s> may not have “%(name)s”.") % {"tag": tag, "name": name}
            )
        elif name == "style":
            self._style(value)
        elif _BRACES.search(value):
            self.problems.append(
                _("A place such as {{ … }} may not stand inside a tag (“%(name)s”).")
                % {"name": name}
            )
        elif name in _SPANS and not (_SPAN.fullmatch(value) and 1 <= int(value) <= MAX_SPAN):
            self.problems.append(
                _("“%(name)s” must be a number from 1 to %(most)d.")
                % {"name": name, "most": MAX_SPAN}
            )

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._depth = max(0, self._depth - 1)
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self._style(data)
            return
        for name in _PLACE.findall(data):
            if name not in PLACES:
                self._unknown(name)
            elif not self._inside:
                self.places.add(name)
        if _BRACES.search(_PLACE.sub("", data)):
            self._stray_braces()

    def handle_comment(self, data: str) -> None:
        if _PLACE.search(data):
            self.problems.append(_("A place such as {{ … }} may not stand in a comment."))

    def handle_decl(self, decl: str) -> None:
        if decl.strip().lower() != "doctype html":
            self.problems.append(_("The only declaration allowed is <!doctype html>."))

    def unknown_decl(self, data: str) -> None:
        self.handle_decl(data)

    def handle_pi(self, data: str) -> None:
        self.problems.append(_("The page may not contain <? … ?>."))

    def _picture(self, name: str) -> None:
        if name in PICTURES:
            self.pictures.add(name)
        else:
            self.problems.append(
                _("There is no picture “%(name)s”. There are: logo, signature and qr.")
                % {"name": name[:80]}
            )

    def _style(self, css: str) -> None:
        bare = _COMMENT.sub("", css)
        for pattern, name in _STYLE_ONLY:
            match = pattern.search(bare) or pattern.search(css)
            if match:
                self.problems.append(
                    _("A style may not contain “%(what)s”.") % {"what": name or match[0].strip()}
                )
        for name in _AT_RULE.findall(bare):
            if name.lower() not in _AT_RULES:
                self.problems.append(_("A style may not contain “@%(name)s”.") % {"name": name})
        for name in _PLACE.findall(css):
            if name not in STYLE_PLACES:
                self._unknown(name) if name not in PLACES else self.problems.append(
                    _("{{ %(name)s }} may not stand in a style.") % {"name": name}
                )

        if _STYLE_BRACES.search(_PLACE.sub("", css)):
            self._stray_braces()

    def _stray_braces(self) -> None:
        self.problems.append(
            _(
                "Braces are only for places such as {{ code }}, with two on either side. "
                "Commands such as {% … %} are not known here."
            )
        )

    def _unknown(self, name: str) -> None:
        self.problems.append(_("There is no place called {{ %(name)s }}.") % {"name": name[:80]})
