"""From one text in light Markdown to the two parts of an e-mail, which therefore agree.

Paragraphs, lists, bold, emphasis and links; a paragraph that is only a link becomes the button.
Placeholders are put in after the Markdown is read, as what they are: a value can neither begin a
list nor a link nor a tag.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from notifications.services.kinds import Entry, Placeholder, Value

# Name and braces, as somebody may have typed them; what the name is worth is judged elsewhere.
PLACEHOLDER = re.compile(r"\{\{[ \t]*([^{}\n]*?)[ \t]*\}\}")
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")

# While the Markdown is read, a placeholder is its number between two letters of Unicode's private
# area: a word to Markdown, and nothing anybody types.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")
_SCHEMES = ("http://", "https://", "mailto:", "tel:")

_LINK = '<a href="{}" style="color:#0b5d5e">{}</a>'


class _LightMarkdown(MarkdownIt):
    """Only what the module's first lines name, with placeholders left alone in addresses."""

    def __init__(self) -> None:
        super().__init__("zero", {"html": False})
        self.enable(["list", "emphasis", "link", "autolink", "escape", "newline"])

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        return url if _OPEN in url else super().normalizeLink(url)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        return bool(_MARK.fullmatch(url)) or url.lower().startswith(_SCHEMES)


_markdown = _LightMarkdown()


@dataclass(frozen=True, slots=True)
class Parts:
    """The body of one message, both ways."""

    plain: str
    html: str


@dataclass(frozen=True, slots=True)
class _Filling:
    """What stands for each number of a mark, and which of the values are links."""

    names: list[str]
    values: Mapping[str, Value]
    links: frozenset[str]

    def value(self, number: str) -> str:
        value = self.values[self.names[int(number)]]
        # A list that does not stand alone is told in a row.
        return one_line(value if isinstance(value, str) else ", ".join(e.title for e in value))

    def list_in(self, text: str) -> Sequence[Entry] | None:
        """Give the list that a paragraph consists of."""
        mark = _MARK.fullmatch(text.strip())
        value = self.values[self.names[int(mark[1])]] if mark else ""
        return None if isinstance(value, str) else value

    def is_empty(self, text: str) -> bool:
        """Say whether a paragraph has placeholders and none of them stands for anything."""
        numbers = _MARK.findall(text)
        return bool(numbers) and not any(self.value(number) for number in numbers)

    def plain(self, text: str) -> str:
        return _MARK.sub(lambda mark: self.value(mark[1]), text)

    def html(self, text: str) -> str:
        """Escape text and values; addresses, and values that are links, become links."""
        pieces: list[str] = []
        # Split at marks with the number kept: text, number, text, number, … text.
        for place, piece in enumerate(_MARK.split(text)):
            if place % 2 == 0:
                pieces.append(_with_links(piece))
            elif self.names[int(piece)] in self.links:
                pieces.append(_link(self.value(piece), self.value(piece)))
            else:
                pieces.append(escape(self.value(piece)))
        return "".join(pieces)

    def address(self, href: str) -> str:
        """Fill in where a link leads; nowhere, when a value would lead astray."""
        if _MARK.fullmatch(href):
            filled = self.plain(href)
        else:
            filled = _MARK.sub(lambda mark: quote(self.value(mark[1]), safe=""), href)
        return filled if filled.lower().startswith(_SCHEMES) else ""


def placeholder_names(text: str) -> list[str]:
    """List the names that stand in `{{ … }}`, once each, in the order they come."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def fill_line(text: str, values: Mapping[str, Value]) -> str:
    """Put values into a text of one line, such as a subject. It stays one line."""
    return one_line(PLACEHOLDER.sub(lambda found: str(values[found[1]]), text))


def one_line(value: str) -> str:
    """Make a value one line of printable characters: it adds no paragraph and no header."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def render_parts(
    body: str,
    *,
    values: Mapping[str, Value],
    placeholders: Mapping[str, Placeholder],
    frame: Mapping[str, Any],
) -> Parts:
    """Write both parts of a message from its text. `frame` is the context of the templates.

    Raises: KeyError for a placeholder without a value.
    """
    names: list[str] = []

    def mark(found: re.Match[str]) -> str:
        names.append(found[1])
        return f"{_OPEN}{len(names) - 1}{_CLOSE}"

    text = PLACEHOLDER.sub(mark, _PRIVATE.sub("", body.replace("\r\n", "\n")))
    missing = [name for name in names if name not in values]
    if missing:
        raise KeyError(*missing)
    links = frozenset(name for name, entry in placeholders.items() if entry.is_link)
    filling = _Filling(names, values, links)
    nodes = _without_empty(SyntaxTreeNode(_markdown.parse(text)).children, filling)
    blocks = [_block(node, filling) for node in nodes]
    plain = "\n\n".join(_plain_block(node, filling) for node in nodes)
    context = {**frame, "blocks": blocks, "plain": mark_safe(plain)}  # noqa: S308 - for the plain part
    return Parts(
        plain=render_to_string("email/message.txt", context).strip() + "\n",
        html=render_to_string("email/message.html", context),
    )


# --- HTML ---


def _block(node: SyntaxTreeNode, filling: _Filling) -> dict[str, Any]:
    """Describe a block for `email/_blocks.html`."""
    if node.type in {"bullet_list", "ordered_list"}:
        items = _without_empty(node.children, filling)
        entries = [[_block(child, filling) for child in item.children] for item in items]
        return {"kind": node.type, "entries": entries, "start": node.attrs.get("start", 1)}
    if (listed := filling.list_in(_source(node))) is not None:
        entries = [[_entry_block(entry)] for entry in listed]
        return {"kind": "bullet_list", "entries": entries}
    inline = node.children[0].children
    button = _only_link(inline)
    if button is not None and (url := filling.address(_href(button))):
        return {"kind": "button", "url": url, "text": _plain_inline(button.children, filling)}
    return {"kind": "p", "html": mark_safe(_html_inline(inline, filling))}  # noqa: S308 - escaped piece by piece


def _entry_block(entry: Entry) -> dict[str, Any]:
    title, text = one_line(entry.title), one_line(entry.text)
    html = _link(entry.url, title) if entry.url else escape(title)
    return {"kind": "p", "html": format_html("{}<br>{}", html, text) if text else html}


def _html_inline(nodes: Iterable[SyntaxTreeNode], filling: _Filling) -> str:
    return "".join(_html_piece(node, filling) for node in nodes)


def _html_piece(node: SyntaxTreeNode, filling: _Filling) -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return "<br>\n"
    if node.type in {"strong", "em"}:
        return f"<{node.type}>{_html_inline(node.children, filling)}</{node.type}>"
    if node.type == "link":
        url = filling.address(_href(node))
        # What a link says is never a link of its own.
        text = escape(_plain_inline(node.children, filling))
        return _link(url, mark_safe(text)) if url else text  # noqa: S308 - escaped above
    return filling.html(node.content)


def _link(url: str, text: str) -> SafeString:
    return format_html(_LINK, url, text) if url.lower().startswith(_SCHEMES) else escape(text)


def _with_links(text: str) -> str:
    """Escape what an editor typed; a bare address in it becomes a link."""
    pieces, last = [], 0
    for found in _ADDRESS.finditer(text):
        pieces += [escape(text[last : found.start()]), _link(found[0], found[0])]
        last = found.end()
    return "".join([*pieces, escape(text[last:])])


# --- Plain text ---


def _plain_block(node: SyntaxTreeNode, filling: _Filling) -> str:
    if node.type in {"bullet_list", "ordered_list"}:
        start = int(node.attrs.get("start", 1))
        lines = []
        for number, item in enumerate(_without_empty(node.children, filling), start=start):
            sign = "- " if node.type == "bullet_list" else f"{number}. "
            deeper = " " * len(sign)
            text = "\n".join(_plain_block(child, filling) for child in item.children)
            lines.append(sign + text.replace("\n", "\n" + deeper))
        return "\n".join(lines)
    if (listed := filling.list_in(_source(node))) is not None:
        return "\n".join(_plain_entry(entry) for entry in listed)
    inline = node.children[0].children
    button = _only_link(inline)
    if button is not None and (url := filling.address(_href(button))):
        text = _plain_inline(button.children, filling)
        return url if text == url else f"{text}:\n{url}"
    return _plain_inline(inline, filling)


def _plain_entry(entry: Entry) -> str:
    lines = [one_line(line) for line in (entry.title, entry.text, entry.url)]
    return "- " + "\n  ".join(line for line in lines if line)


def _plain_inline(nodes: Iterable[SyntaxTreeNode], filling: _Filling) -> str:
    return "".join(_plain_piece(node, filling) for node in nodes)


def _plain_piece(node: SyntaxTreeNode, filling: _Filling) -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return "\n"
    if node.type in {"strong", "em"}:
        return _plain_inline(node.children, filling)
    if node.type == "link":
        text, url = _plain_inline(node.children, filling), filling.address(_href(node))
        shown = url.removeprefix("mailto:").removeprefix("tel:")
        return text if not url or text in {url, shown} else f"{text} ({shown})"
    return filling.plain(node.content)


# --- Both ---


def _source(node: SyntaxTreeNode) -> str:
    """Give what stands in a block, as the Markdown was read."""
    return "\n".join(part.content for part in node.walk() if part.type == "inline")


def _without_empty(nodes: Iterable[SyntaxTreeNode], filling: _Filling) -> list[SyntaxTreeNode]:
    """Leave out the paragraphs and items whose placeholders stand for nothing."""
    return [node for node in nodes if not _is_empty(node, filling)]


def _is_empty(node: SyntaxTreeNode, filling: _Filling) -> bool:
    if node.type == "paragraph":
        return filling.is_empty(_source(node))
    return bool(node.children) and all(_is_empty(child, filling) for child in node.children)


def _href(node: SyntaxTreeNode) -> str:
    return str(node.attrs.get("href", ""))


def _only_link(inline: list[SyntaxTreeNode]) -> SyntaxTreeNode | None:
    """Find the link that a paragraph consists of."""
    told = [node for node in inline if node.type != "text" or node.content.strip()]
    return told[0] if len(told) == 1 and told[0].type == "link" else None
