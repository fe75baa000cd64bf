"""What each block holds, once for reading and for writing.

A field has a name in the pack and one in the block. Answers hang on the ids of questions and of
what can be chosen in them: those are kept by `has_id`, all other ids of a stream mean nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from courses.enums import CHOICE_KINDS, QuestionKind, Verdict
from courses.packfiles import shapes
from courses.packfiles.markdown import rich_text
from courses.packfiles.places import Entry, Problems

NAMESPACE = uuid.UUID("5a1de6b2-8f0f-5e65-9d4e-3f2f8e9a7c10")


@dataclass(frozen=True)
class Field:
    """One value of a block. `to` is the block's name for it; `items` what each of a list holds."""

    name: str
    read: shapes.Reader = shapes.text
    to: str = ""
    is_rich: bool = False
    is_texts: bool = False
    has_ids: bool = False
    takes_keys: bool = False  # of items, for who writes the pack: nothing hangs on them
    items: tuple[Field, ...] = ()

    @property
    def block_name(self) -> str:
        return self.to or self.name

    @property
    def reader(self) -> shapes.Reader:
        if self.items:
            shape = shape_of(self.items, has_id=self.has_ids)
            spare = {"key": shapes.optional_text} if self.takes_keys else {}
            return partial(shapes.entries, shape={**spare, **shape})
        return self.read


@dataclass(frozen=True)
class BlockFields:
    """A block's values, and whether records of learners hang on its id."""

    fields: tuple[Field, ...]
    has_id: bool = False

    @property
    def shape(self) -> shapes.Shape:
        return shape_of(self.fields, has_id=self.has_id)


def shape_of(fields: tuple[Field, ...], *, has_id: bool) -> shapes.Shape:
    """What may stand in an entry of the pack for `fields`."""
    own: dict[str, shapes.Reader] = {field.name: field.reader for field in fields}
    return {**own, "id": shapes.identity} if has_id else own


def derived_id(identity: str) -> str:
    """The id of what has no other: the same each time the pack is read, wherever it is."""
    return str(uuid.uuid5(NAMESPACE, identity))


def block_value(entry: Entry, fields: tuple[Field, ...], identity: str) -> dict[str, Any]:
    """Turn an entry of the pack into what a StreamField keeps for it. Raises: PackError."""
    value: dict[str, Any] = {}
    problems = Problems()
    for field in fields:
        with problems.gathering():
            value[field.block_name] = _value(entry, field, f"{identity}/{field.block_name}")
    problems.refuse()
    return value


def _value(entry: Entry, field: Field, identity: str) -> Any:
    given = entry[field.name]
    if field.is_rich:
        return rich_text(given, entry.at(field.name)) if given else ""
    if not (field.items or field.is_texts):
        return given
    listed = []
    for number, item in enumerate(given):
        own = f"{identity}/{number}"
        value = block_value(item, field.items, own) if field.items else item
        if field.is_texts and isinstance(item, Entry):
            value = item["text"]
        said = item.get("id") if isinstance(item, Entry) else ""
        listed.append({"type": "item", "value": value, "id": said or derived_id(own)})
    return listed


_text, _maybe = Field, partial(Field, read=shapes.optional_text)
_rich = partial(Field, is_rich=True)
_short_name = partial(Field, "key", partial(shapes.optional_text, longest=80))
_outcome = partial(Field, "outcome", partial(shapes.optional_text, longest=80))
_verdict = Field("verdict", partial(shapes.one_of, values=Verdict.values, what="a verdict"))

_STEP_CHOICE = (_text("text"), _rich("outcome"), _verdict)
# Of files and of the register the entry names one; it becomes a row of the site when it is loaded.
BLOCKS: Mapping[str, BlockFields] = {
    "text": BlockFields((_rich("text"),)),
    "fact": BlockFields(
        (
            _rich("text"),
            _text("source"),
            _maybe("url"),
            Field("checked", shapes.day, to="checked_on"),
            _maybe("limits"),
        )
    ),
    "register_fact": BlockFields((Field("entry", shapes.key),)),
    "quote": BlockFields((_rich("text"), _text("who"))),
    "image": BlockFields((_text("file", to="image"), _text("alt"), _maybe("caption"))),
    "video": BlockFields((_text("file", to="recording"), _text("title"))),
    "audio": BlockFields((_text("file", to="recording"), _text("title"))),
    "download": BlockFields((_text("file", to="document"), _text("title"), _maybe("description"))),
    "support": BlockFields((_text("title"), _rich("text"))),
    "reading": BlockFields(
        (Field("items", items=(_text("title"), _text("source"), _maybe("url"))),)
    ),
    "reflection": BlockFields((_text("title"), _rich("prompt")), has_id=True),
    "scenario": BlockFields(
        (
            _short_name(),
            _outcome(),
            _text("title"),
            _rich("situation"),
            _rich("question", to="stem"),
            Field("choices", items=_STEP_CHOICE, has_ids=True, takes_keys=True),
        ),
        has_id=True,
    ),
    "branching": BlockFields(
        (
            _short_name(),
            _outcome(),
            _text("title"),
            _rich("question", to="stem"),
            Field(
                "steps",
                items=(
                    Field("key", shapes.key),
                    _rich("situation"),
                    _text("question"),
                    Field("choices", items=(*_STEP_CHOICE, _maybe("leads_to")), has_ids=True),
                ),
                has_ids=True,
            ),
        ),
        has_id=True,
    ),
}
# What a file or an entry of the register is chosen with, by block.
CHOOSERS: Mapping[str, str] = {
    "image": "image",
    "video": "recording",
    "audio": "recording",
    "download": "document",
    "register_fact": "entry",
}

_CHOICES = Field(
    "choices",
    items=(
        Field("text", shapes.spoken),
        Field("correct", shapes.flag),
        _rich("explanation"),
    ),
    has_ids=True,
)
_QUESTION = (_outcome(), _rich("stem"))
QUESTIONS: Mapping[str, BlockFields] = {
    **{str(kind): BlockFields((*_QUESTION, _CHOICES), has_id=True) for kind in CHOICE_KINDS},
    str(QuestionKind.ORDER): BlockFields(
        (
            *_QUESTION,
            Field("items", shapes.texts_with_ids, is_texts=True, has_ids=True),
            _rich("explanation"),
        ),
        has_id=True,
    ),
    str(QuestionKind.MATCH): BlockFields(
        (
            *_QUESTION,
            Field("pairs", items=(_text("prompt"), _text("match")), has_ids=True),
            _rich("explanation"),
        ),
        has_id=True,
    ),
    str(QuestionKind.SHORT): BlockFields(
        (
            *_QUESTION,
            Field("accepted", shapes.texts, is_texts=True),
            _text("model_answer"),
            _rich("explanation"),
        ),
        has_id=True,
    ),
}
FIELDS_OF: Mapping[str, BlockFields] = {**BLOCKS, **QUESTIONS}
