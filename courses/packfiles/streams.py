"""Blocks as a StreamField keeps them, judged by the rules the blocks themselves have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError

from courses.blocks import LessonBody
from courses.packfiles.fields import CHOOSERS
from courses.packfiles.places import Entry, Place, Problems

# Where a pack's name differs from the block's.
_PACK_NAMES = {"checked_on": "checked", "stem": "question", "image": "file"}


def check_block(block_type: str, value: Any, source: Entry) -> None:
    """Ask the block itself whether it takes `value`, which was written as `source`.

    What a chooser chooses is a name still, so that such a field is not asked. Raises: PackError,
    with the lines of all values that the block refuses.
    """
    block = _blocks()[block_type]
    chooser = CHOOSERS.get(block_type)
    problems = Problems()
    if chooser:
        for name, child in block.child_blocks.items():
            if name != chooser:
                _clean(child, value[name], source, name, problems)
    else:
        _clean(block, value, source, "", problems)
    problems.refuse()


@cache
def _blocks() -> Mapping[str, Any]:
    blocks: Mapping[str, Any] = LessonBody().child_blocks
    return blocks


def _clean(block: Any, value: Any, source: Entry, name: str, problems: Problems) -> None:
    try:
        block.clean(block.to_python(value))
    except ValidationError as error:
        given = source.get(name) if name else source
        for place, problem in _refused(error, given, source.at(name), name):
            with problems.gathering():
                place.fail(problem)


def _refused(
    error: ValidationError, source: Any, place: Place, name: str
) -> Iterator[tuple[Place, str]]:
    """Walk down to the values that were refused, and say so where they stand."""
    inner = getattr(error, "block_errors", None) or {}
    found = inner.items() if isinstance(inner, Mapping) else enumerate(inner)
    for where, cause in found:
        if cause is None:
            continue
        if isinstance(source, Entry):
            known = str(where) in source
            below = str(where) if known else _PACK_NAMES.get(str(where), str(where))
            yield from _refused(cause, source.get(below), source.at(below), below)
        else:
            item = source[where] if isinstance(source, list) else None
            at = item.place if isinstance(item, Entry) else place
            yield from _refused(cause, item, at, name)
    general = getattr(error, "non_block_errors", None)
    if general or not inner:
        said = " ".join(str(text) for text in (general or error.messages))
        yield place, f"“{name}”: {said}" if name else said
