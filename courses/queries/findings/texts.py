"""The words of a page: rich text of its blocks, and its links, headings and sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

from courses.blocks.asking import QuestionBlock
from courses.blocks.body import LessonBody
from courses.queries.findings.shapes import Block, Text, items_of

QUESTIONS = frozenset(
    name for name, block in LessonBody().child_blocks.items() if isinstance(block, QuestionBlock)
)
_CHOICES = ("explanation", "outcome")


def texts_of(block: Block) -> Iterator[Text]:
    """Give every rich text of `block`, those that are read through first."""
    value = block.value
    if block.type == "text":
        yield Text(str(value or ""), block.path, block)
        return
    if not isinstance(value, dict):
        return
    for name in ("text", "prompt", "situation", "stem"):
        if block.type != "register_fact" and isinstance(value.get(name), str):
            yield Text(value[name], block.at(name), block)
    for item, step in items_of(value.get("steps")):
        if isinstance(step, dict):
            yield Text(step.get("situation") or "", block.at("steps", item, "situation"), block)
            yield from _looked_up(block, step.get("choices"), ("steps", item, "choices"))
    yield from _looked_up(block, value.get("choices"), ("choices",))
    if isinstance(value.get("explanation"), str):
        yield Text(value["explanation"], block.at("explanation"), block, is_prose=False)


def _looked_up(block: Block, raw: Any, names: tuple[str, ...]) -> Iterator[Text]:
    for item, choice in items_of(raw):
        for name in _CHOICES:
            if isinstance(choice, dict) and isinstance(choice.get(name), str):
                yield Text(choice[name], block.at(*names, item, name), block, is_prose=False)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a rich text: to a page or document of ours by its number, or to an address."""

    kind: str  # "page", "document" or "address"
    target: str
    words: str


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    words: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[Link] = []
        self.headings: list[Heading] = []
        self._link: dict[str, str | None] | None = None
        self._words: list[str] = []
        self._heading: int | None = None
        self._title: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link, self._words = dict(attrs), []
        elif re.fullmatch(r"h[1-6]", tag):
            self._heading, self._title = int(tag[1]), []

    def handle_data(self, data: str) -> None:
        if self._link is not None:
            self._words.append(data)
        if self._heading is not None:
            self._title.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            kind = self._link.get("linktype") or "address"
            target = self._link.get("id") if kind != "address" else self._link.get("href")
            self.links.append(Link(kind, target or "", " ".join("".join(self._words).split())))
            self._link = None
        elif self._heading is not None and tag == f"h{self._heading}":
            self.headings.append(Heading(self._heading, " ".join("".join(self._title).split())))
            self._heading = None


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def links_of(html: str) -> list[Link]:
    """List the links of a rich text as Wagtail keeps them."""
    return _read(html).links


def headings_of(html: str) -> list[Heading]:
    """List the headings of a rich text, in order."""
    return _read(html).headings


_END_OF_PART = re.compile(r"</(?:p|li|h[1-6])>|<br\s*/?>", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"'”’)]))\s+(?=[\"'“‘(]*[A-Z0-9])")


def sentences_of(html: str) -> list[str]:
    """List the sentences of a rich text. A paragraph, a heading and an item end one, too."""
    found = []
    for part in _END_OF_PART.split(html):
        plain = " ".join(unescape(re.sub(r"<[^>]*>", "", part)).split())
        found += [sentence for sentence in _SENTENCE.split(plain) if sentence]
    return found
