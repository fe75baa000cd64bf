"""What a lesson says before anybody has answered anything, as plain words for the search.

Each kind of block names here what of it may be found. Choices, right answers, what follows from a
choice and explanations are never among it, and a kind that is missing here is not found at all.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from django.utils.html import strip_tags

READABLE: dict[str, tuple[str, ...]] = {
    "text": (),
    "fact": ("text", "source", "limits"),
    "register_fact": ("entry",),
    "quote": ("text", "who"),
    "image": ("alt", "caption"),
    "video": ("title", "recording"),
    "audio": ("title", "recording"),
    "download": ("title", "description"),
    "support": ("title", "text"),
    "reading": ("items",),
    "reflection": ("title", "prompt"),
    "single": ("stem",),
    "several": ("stem",),
    "true_false": ("stem",),
    "order": ("stem",),
    "match": ("stem",),
    "short": ("stem",),
    "scenario": ("title", "situation", "stem"),
    "branching": ("title", "stem"),
}
# Fields that point at a record: its words are looked up by whoever asks.
POINTERS = {"register_fact": "entry", "video": "recording", "audio": "recording"}

Looked = Mapping[tuple[str, int], str]


def plain(markup: str) -> str:
    """Reduce rich text to its words: what stood in two paragraphs does not run together."""
    return " ".join(unescape(strip_tags(markup.replace("<", " <"))).split())


def wording_of(stream: Any, looked_up: Looked) -> list[str]:
    """List what each block of `stream` (as it is stored) says, in order, empty ones left out.

    `looked_up` holds the words of records that blocks point at, by field and key.
    """
    said = (" ".join(_said(block, looked_up)) for block in stream)
    return [re.sub(r"\s+", " ", words).strip() for words in said if words.strip()]


def pointers_in(stream: Any) -> set[tuple[str, int]]:
    """List the records that blocks of `stream` point at, by field and key."""
    found = ((POINTERS[b["type"]], b) for b in stream if b["type"] in POINTERS)
    return {(field, key) for field, b in found if isinstance(key := b["value"].get(field), int)}


def _said(block: Mapping[str, Any], looked_up: Looked) -> Iterator[str]:
    kind, value = block["type"], block["value"]
    if kind == "text":
        yield plain(str(value))
    for field in READABLE.get(kind, ()):
        held = value.get(field)
        if field == POINTERS.get(kind):
            yield looked_up.get((field, held), "")
        elif kind == "reading":
            for item in held or []:
                item = item.get("value", item)
                yield plain(f"{item.get('title') or ''} {item.get('source') or ''}")
        else:
            yield plain(str(held or ""))
