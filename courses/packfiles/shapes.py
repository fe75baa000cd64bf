"""What each kind of file and block holds: its names, and what may stand beside them.

Lengths and counts inside a block are the block's own business: see courses.packfiles.streams.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from courses.enums import CHOICE_KINDS, QuestionKind, RouteKind, Verdict
from courses.packfiles.places import Entry, Place

KEY_LENGTH = 70  # what becomes the address of a page
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Reader = Callable[[Any, str, Place], Any]
Shape = Mapping[str, Reader]


def read_entry(entry: Any, shape: Shape, place: Place, *, what: str) -> Entry:
    """Read `entry` as `shape` says, every name of which is there afterwards, "" where left out.

    Raises: PackError, for a name that the shape does not know too.
    """
    if not isinstance(entry, Entry):
        place.fail(f"{what} holds names and values.")
    for name in entry:
        if name not in shape:
            near = difflib.get_close_matches(name, shape, n=1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            entry.at(name).fail(f"{what} has no “{name}”.{hint}")
    read = Entry(
        (name, reader(entry.get(name), name, entry.at(name))) for name, reader in shape.items()
    )
    read.place, read.lines = entry.place, entry.lines
    return read


def text(value: Any, name: str, place: Place, *, longest: int | None = None) -> str:
    found = optional_text(value, name, place, longest=longest)
    return found or place.fail(f"“{name}” is missing.")


def optional_text(value: Any, name: str, place: Place, *, longest: int | None = None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        place.fail(f"“{name}” must be a text; put it in quotes.")
    found = str(value).strip()
    if "\x00" in found:
        place.fail(f"“{name}” has a null character in it.")
    if longest is not None and len(found) > longest:
        place.fail(f"“{name}” is too long: {len(found)} characters, at most {longest}.")
    return found


def spoken(value: Any, name: str, place: Place) -> str:
    """Read a text that may be true or false, as the choices of such a question are."""
    return str(value) if isinstance(value, bool) else text(value, name, place)


def key(value: Any, name: str, place: Place) -> str:
    found = text(value, name, place, longest=KEY_LENGTH)
    if not _KEY.fullmatch(found):
        place.fail(
            f"“{found}” is not a key: use small letters, digits and hyphens, as in “one-key”."
        )
    return found


def optional_key(value: Any, name: str, place: Place) -> str:
    return "" if value is None else key(value, name, place)


def number(value: Any, name: str, place: Place, *, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        place.fail(f"“{name}” must be a whole number from 1 to {most}.")
    return value


def optional_number(value: Any, name: str, place: Place, *, most: int) -> int | None:
    return None if value is None else number(value, name, place, most=most)


def flag(value: Any, name: str, place: Place) -> bool:
    if not isinstance(value, bool):
        place.fail(f"say “{name}: true” or “{name}: false” for every choice.")
    return value


def day(value: Any, name: str, place: Place) -> str:
    found = text(value, name, place)
    try:
        return datetime.date.fromisoformat(found).isoformat()
    except ValueError:
        place.fail(f"“{name}” must be a day such as 2026-11-22, not “{found}”.")


def texts(value: Any, name: str, place: Place) -> list[str]:
    if not isinstance(value, list) or not value:
        place.fail(f"“{name}” must be a list of texts.")
    return [text(item, name, place) for item in value]


def keys(value: Any, name: str, place: Place) -> list[str]:
    return [] if value is None else [key(item, name, place) for item in texts(value, name, place)]


def one_of(value: Any, name: str, place: Place, *, values: list[str], what: str) -> str:
    found = text(value, name, place)
    if found not in values:
        place.fail(f"“{found}” is not {what}. Use one of {', '.join(values)}.")
    return found


def entries(value: Any, name: str, place: Place, *, shape: Shape, unique: str = "") -> list[Entry]:
    """Read a list of entries; no two have the same value of `unique`."""
    if not isinstance(value, list) or not value:
        place.fail(f"“{name}” must be a list of entries.")
    found = [read_entry(item, shape, place, what=f"an entry of “{name}”") for item in value]
    if unique:
        require_unique([(entry[unique], entry.at(unique)) for entry in found], unique)
    return found


def require_unique(found: list[tuple[str, Place]], what: str) -> None:
    seen: set[str] = set()
    for value, place in found:
        if value in seen:
            place.fail(f"the {what} “{value}” is used twice.")
        seen.add(value)


_TITLE = partial(text, longest=255)
_OUTCOME: Shape = {"key": key, "text": partial(text, longest=120)}
_ROUTE: Shape = {
    "kind": partial(one_of, values=RouteKind.values, what="a route"),
    "cpd_minutes": partial(number, most=6000),
}
COURSE: Shape = {
    "key": key,
    "title": _TITLE,
    "summary": partial(text, longest=250),
    "audience": partial(text, longest=250),
    "outcomes": partial(entries, shape=_OUTCOME, unique="key"),
    "routes": partial(entries, shape=_ROUTE, unique="kind"),
}
MODULE: Shape = {
    "key": key,
    "title": _TITLE,
    "content_note": optional_text,
    "minutes": partial(optional_number, most=6000),
    "outcomes": keys,
}
LESSON: Shape = {"key": key, "title": _TITLE, "minutes": partial(number, most=600)}

_READING_ITEM: Shape = {"title": text, "source": text, "url": optional_text}
_STEP: Shape = {
    "key": optional_key,  # for who writes the pack; nothing hangs on it
    "text": text,
    "outcome": text,
    "verdict": partial(one_of, values=Verdict.values, what="a verdict"),
}
BLOCKS: Mapping[str, Shape] = {
    "fact": {
        "text": text,
        "source": text,
        "url": optional_text,
        "checked": day,
        "limits": optional_text,
    },
    "quote": {"text": text, "who": text},
    "image": {"file": text, "alt": text, "caption": optional_text},
    "support": {"title": text, "text": text},
    "reading": {"items": partial(entries, shape=_READING_ITEM)},
    "scenario": {
        "key": key,
        "outcome": optional_key,
        "title": text,
        "situation": text,
        "question": text,
        "choices": partial(entries, shape=_STEP),
    },
    "check": {"question": key},
}

question_kind = partial(
    one_of,
    values=[kind for kind in QuestionKind.values if kind != QuestionKind.SCENARIO],
    what="a kind of question",
)
_QUESTION: Shape = {"key": key, "kind": question_kind, "outcome": key, "stem": text}
_CHOICE: Shape = {"text": spoken, "correct": flag, "explanation": text}
_CHOICES: Shape = {**_QUESTION, "choices": partial(entries, shape=_CHOICE)}
QUESTIONS: Mapping[str, Shape] = {
    **{str(kind): _CHOICES for kind in CHOICE_KINDS},
    QuestionKind.ORDER: {**_QUESTION, "items": texts, "explanation": text},
    QuestionKind.SHORT: {
        **_QUESTION,
        "accepted": texts,
        "model_answer": text,
        "explanation": text,
    },
}
