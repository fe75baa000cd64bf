"""Blocks as a StreamField keeps them, judged by the rules the blocks themselves have."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError

from courses.blocks import LessonBody
from courses.packfiles.places import Entry, Place

NAMESPACE = uuid.UUID("5a1de6b2-8f0f-5e65-9d4e-3f2f8e9a7c10")
# Where a pack's name differs from the block's.
_PACK_NAMES = {"checked_on": "checked", "stem": "question", "image": "file"}


def stream_entry(block_type: str, value: Any, identity: str) -> dict[str, Any]:
    """Give a block and its list items ids that are the same each time the pack is read."""
    if isinstance(value, dict):
        value = {
            name: [
                {
                    "type": "item",
                    "value": item,
                    "id": str(uuid.uuid5(NAMESPACE, f"{identity}/{name}/{number}")),
                }
                for number, item in enumerate(child)
            ]
            if isinstance(child, list)
            else child
            for name, child in value.items()
        }
    return {"type": block_type, "value": value, "id": str(uuid.uuid5(NAMESPACE, identity))}


def check_block(block_type: str, value: dict[str, Any], source: Entry) -> None:
    """Ask the block itself whether it takes `value`, which was written as `source`.

    A picture is a file still, so that its own field is not asked. Raises: PackError, with the line
    of the value that the block refuses.
    """
    block = _blocks()[block_type]
    if block_type == "image":
        for name in ("alt", "caption"):
            _clean(block.child_blocks[name], value[name], source, name)
        return
    _clean(block, stream_entry(block_type, value, "")["value"], source, "")


@cache
def _blocks() -> Mapping[str, Any]:
    blocks: Mapping[str, Any] = LessonBody().child_blocks
    return blocks


def _clean(block: Any, value: Any, source: Entry, name: str) -> None:
    try:
        block.clean(block.to_python(value))
    except ValidationError as error:
        _refuse(error, source, source.at(name), name)


def _refuse(error: ValidationError, source: Any, place: Place, name: str) -> None:
    """Walk down to the first value that was refused, and say so where it stands."""
    inner = getattr(error, "block_errors", None)
    if inner:
        where, cause = next(iter(inner.items() if isinstance(inner, Mapping) else enumerate(inner)))
        if isinstance(source, Entry):
            name = str(where) if where in source else _PACK_NAMES.get(str(where), str(where))
            _refuse(cause, source.get(name), source.at(name), name)
        item = source[where] if isinstance(source, list) else None
        _refuse(cause, item, item.place if isinstance(item, Entry) else place, name)
    general = getattr(error, "non_block_errors", None)
    problems = [str(text) for text in (general or error.messages)]
    place.fail(f"“{name}”: {' '.join(problems)}" if name else " ".join(problems))
