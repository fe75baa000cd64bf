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

from courses.enums import FactKind, RouteKind
from courses.packfiles.places import Entry, Place, Problems

KEY_LENGTH = 80  # what becomes the address of a page
_KEY = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")

# What Wagtail gives a block or an item, and what our factories and older pages may hold.
_ID = re.compile(r"[0-9a-f-]{8,36}")

Reader = Callable[[Any, str, Place], Any]
Shape = Mapping[str, Reader]


def read_entry(entry: Any, shape: Shape, place: Place, *, what: str) -> Entry:
    """Read `entry` as `shape` says, every name of which is there afterwards, "" where left out.

    Raises: PackError, for a name that the shape does not know too.
    """
    if not isinstance(entry, Entry):
        place.fail(f"{what} holds names and values.")
    problems, mistyped = Problems(), set()
    for name in entry:
        if name not in shape:
            near = difflib.get_close_matches(name, shape, n=1)
            mistyped.update(near)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            with problems.gathering():
                entry.at(name).fail(f"{what} has no “{name}”.{hint}")
    read = Entry()
    read.place, read.lines = entry.place, entry.lines
    for name, reader in shape.items():
        if name in mistyped and name not in entry:
            continue  # said already
        with problems.gathering():
            read[name] = reader(entry.get(name), name, entry.at(name))
    problems.refuse()
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


def number(value: Any, name: str, place: Place, *, most: int, least: int = 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        place.fail(f"“{name}” must be a whole number from {least} to {most}.")
    return value


def optional_number(
    value: Any,
    name: str,
    place: Place,
    *,
    most: int,
    least: int = 1,
    default: int | None = None,
) -> int | None:
    return default if value is None else number(value, name, place, most=most, least=least)


def optional_flag(value: Any, name: str, place: Place, *, default: bool) -> bool:
    if value is not None and not isinstance(value, bool):
        place.fail(f"“{name}” must be true or false.")
    return default if value is None else value


def seconds(value: Any, name: str, place: Place) -> float:
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 360_000:
        place.fail(f"“{name}” must be a number of seconds.")
    return float(value)


def identity(value: Any, name: str, place: Place) -> str:
    """Read the id that something has on the site it came from, where its place gives another."""
    found = optional_text(value, name, place, longest=36)
    if found and not _ID.fullmatch(found):
        place.fail(f"“{name}” must be an id such as 5a1de6b2-8f0f-5e65-9d4e-3f2f8e9a7c10.")
    return found


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


def texts_with_ids(value: Any, name: str, place: Place) -> list[str | Entry]:
    """Read a list of texts, each of which may say its id: `id` and `text`."""
    if not isinstance(value, list) or not value:
        place.fail(f"“{name}” must be a list of texts.")
    shape = {"id": identity, "text": text}
    return [
        read_entry(item, shape, place, what=f"an entry of “{name}”")
        if isinstance(item, Entry)
        else text(item, name, place)
        for item in value
    ]


def optional_texts(value: Any, name: str, place: Place) -> list[str]:
    return [] if value is None else texts(value, name, place)


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
    problems, found = Problems(), []
    for item in value:
        with problems.gathering():
            found.append(read_entry(item, shape, place, what=f"an entry of “{name}”"))
    if unique:
        with problems.gathering():
            require_unique([(entry[unique], entry.at(unique)) for entry in found], unique)
    problems.refuse()
    return found


def optional_entries(
    value: Any, name: str, place: Place, *, shape: Shape, unique: str = ""
) -> list[Entry]:
    return [] if value is None else entries(value, name, place, shape=shape, unique=unique)


def require_unique(found: list[tuple[str, Place]], what: str) -> None:
    seen: set[str] = set()
    for value, place in found:
        if value in seen:
            place.fail(f"the {what} “{value}” is used twice.")
        seen.add(value)


_TITLE = partial(text, longest=255)
_OUTCOME: Shape = {"key": partial(text, longest=80), "text": partial(text, longest=120)}
_AUDIENCE: Shape = {"slug": key, "name": partial(text, longest=80)}
ROUTE_DEFAULTS: Mapping[str, Any] = {
    "requires_lessons": True,
    "requires_assessment": False,
    "requires_attendance": False,
    "attendance_share": 80,
    "requires_evaluation": False,
}
_ROUTE: Shape = {
    "kind": partial(one_of, values=RouteKind.values, what="a route"),
    "cpd_minutes": partial(number, most=6000),
    **{
        name: partial(optional_flag, default=default)
        if isinstance(default, bool)
        else partial(optional_number, most=100, default=default)
        for name, default in ROUTE_DEFAULTS.items()
    },
}
COURSE: Shape = {
    "key": key,
    "title": _TITLE,
    "summary": partial(text, longest=250),
    "audience": partial(optional_text, longest=250),
    "audiences": partial(optional_entries, shape=_AUDIENCE, unique="slug"),
    "outcomes": partial(entries, shape=_OUTCOME, unique="key"),
    "prerequisites": keys,
    "valid_months": partial(optional_number, most=120),
    "routes": partial(entries, shape=_ROUTE, unique="kind"),
}
MODULE: Shape = {
    "key": key,
    "title": _TITLE,
    "content_note": optional_text,
    "minutes": partial(optional_number, most=6000),
    "outcomes": optional_texts,
}
LESSON: Shape = {
    "key": key,
    "title": _TITLE,
    "minutes": partial(number, most=240),
    "content_note": optional_text,
}
ASSESSMENT: Shape = {
    "title": _TITLE,
    "draw_count": partial(optional_number, most=60, default=12),
    "pass_mark": partial(optional_number, most=100, default=75),
    "max_attempts": partial(optional_number, least=0, most=1000, default=0),
    "wait_hours": partial(optional_number, least=0, most=24 * 14, default=0),
}
FACT: Shape = {
    "key": key,
    "title": partial(text, longest=120),
    "kind": partial(one_of, values=FactKind.values, what="a kind of fact"),
    "text": text,
    "source": partial(text, longest=250),
    "url": partial(optional_text, longest=500),
    "limits": partial(optional_text, longest=300),
    "checked": day,
    "review": day,
    "retired": partial(optional_flag, default=False),
}
TRANSCRIPT: Shape = {
    "title": _TITLE,
    "duration": seconds,
    "width": partial(optional_number, most=100_000),
    "height": partial(optional_number, most=100_000),
}
