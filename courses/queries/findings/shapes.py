"""A finding, what it is found in, and what must be known of other things to find it.

Blocks are taken as Wagtail keeps them, so that a whole course is read without a query for each.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: what, where and why, and whether it keeps the page from publication."""

    kind: str
    what: str
    why: str
    path: str = ""  # of the field in the editor, as Wagtail's content paths are written
    words: str = ""  # those it is about
    prevents: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a stream as it is kept."""

    type: str
    value: Any
    path: str
    place: int  # counted from 1

    def at(self, *names: str) -> str:
        return ".".join([self.path, *names])


@dataclass(frozen=True, slots=True)
class Text:
    """Rich text as it is kept, and where it stands."""

    html: str
    path: str
    block: Block | None = None
    is_prose: bool = True  # what is read through; choices and explanations are looked up


@dataclass(frozen=True, slots=True)
class KnownImage:
    title: str
    filename: str


@dataclass(frozen=True, slots=True)
class KnownRecording:
    has_transcript: bool
    has_captions: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class KnownFact:
    title: str
    review_on: datetime.date
    is_retired: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class KnownLink:
    """What came of asking whether an address of another site answers."""

    problem: str
    checked_on: datetime.date


@dataclass
class Known:
    """What the blocks point at, by its number or address. What is missing is not there any more."""

    on: datetime.date
    images: dict[int, KnownImage] = field(default_factory=dict)
    recordings: dict[int, KnownRecording] = field(default_factory=dict)
    facts: dict[int, KnownFact] = field(default_factory=dict)
    documents: set[int] = field(default_factory=set)
    pages: dict[int, bool] = field(default_factory=dict)  # whether it is published
    links: dict[str, KnownLink] = field(default_factory=dict)


def blocks_in(raw: Any, name: str) -> list[Block]:
    """List the blocks of the stream called `name`, as it is kept."""
    return [
        Block(each["type"], each["value"], f"{name}.{each.get('id') or ''}", place)
        for place, each in enumerate(raw or [], start=1)
    ]


def items_of(raw: Any) -> Iterator[tuple[str, Any]]:
    """Give the id and the value of each item of a list block."""
    for each in raw or []:
        if isinstance(each, dict) and each.get("type") == "item":
            yield str(each.get("id") or ""), each["value"]
        else:
            yield "", each


def shortened(text: str, length: int = 90) -> str:
    """Shorten `text` to whole words of at most `length` letters."""
    if len(text) <= length:
        return text
    return text[: length + 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
