"""Two texts side by side, and values as an editor reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from courses.packfiles.prose import NotInAPack, markdown_of

LONGEST = 400  # letters that are shown of a text
_AROUND = 60  # letters before and after what differs


@dataclass(frozen=True)
class Detail:
    """One thing that would change: what it is, what stands there, what would stand there."""

    label: str
    before: str
    after: str


def detail(label: str, before: str, after: str) -> Detail:
    """Lay two texts side by side; of long ones the part that differs."""
    return Detail(label, *around(before, after))


def around(before: str, after: str) -> tuple[str, str]:
    """Cut two texts to where they differ, with some words on either side."""
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    shortest = min(len(before), len(after))
    start = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    left = shortest - start
    end = next((n for n in range(left) if before[-1 - n] != after[-1 - n]), left)
    return _cut(before, start, end), _cut(after, start, end)


def _cut(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), min(len(text), len(text) - end + _AROUND)
    last = min(last, first + LONGEST)
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def plain_words(value: Any) -> str:
    """A text, a number or nothing."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value).strip()


def prose_words(html: Any) -> str:
    """Rich text as a pack writes it, so that bold and links are seen too."""
    try:
        return markdown_of(str(html or "")).strip()
    except NotInAPack:
        return strip_tags(str(html or "")).strip()
