"""What differs between two streams of blocks, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from courses.blocks import LessonBody, QuestionBank
from courses.models import Fact, Recording
from courses.packfiles.fields import CHOOSERS, FIELDS_OF, Field
from courses.packfiles.media import PackFile
from courses.services.packs.comparing import pack_form, site_form
from courses.services.packs.wording import Detail, detail, plain_words, prose_words

_BLOCKS: dict[str, Any] = {
    name: block
    for stream in (LessonBody(), QuestionBank())
    for name, block in stream.child_blocks.items()
}
_SHORT = 60  # letters by which a block is told from others


@dataclass
class _Side:
    """One of two streams: its blocks, and those that the other has not."""

    blocks: list[Mapping[str, Any]]
    forms: list[Any]
    alone: list[int] = field(default_factory=list)


def stream_details(
    before: list[dict[str, Any]], after: list[dict[str, Any]], files: Mapping[str, PackFile]
) -> list[Detail]:
    """Say which blocks come, go, move or change, and what in them."""
    old = _Side(list(before), [repr(site_form(block)) for block in before])
    new = _Side(list(after), [repr(pack_form(block, files)) for block in after])
    matcher = SequenceMatcher(None, old.forms, new.forms, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag != "equal":
            old.alone += range(first, last)
            new.alone += range(start, end)
    details = [
        Detail(heading_of(new.blocks[there]), _("stands elsewhere"), _("moves to here"))
        for _here, there in _pairs(
            old, new, lambda here, there: old.forms[here] == new.forms[there]
        )
    ]
    alike = [
        *_pairs(old, new, lambda here, there: _same_identity(old.blocks[here], new.blocks[there])),
        *_pairs(old, new, lambda here, there: _same_kind(old.blocks[here], new.blocks[there])),
    ]
    for here, there in alike:
        details += _changes(old.blocks[here], new.blocks[there])
    details += [Detail(heading_of(new.blocks[n]), "", _words(new.blocks[n])) for n in new.alone]
    details += [Detail(heading_of(old.blocks[n]), _words(old.blocks[n]), "") for n in old.alone]
    return details


def _pairs(old: _Side, new: _Side, are_alike: Any) -> list[tuple[int, int]]:
    """Take from both sides what belongs together, each once, in the order of the old one."""
    pairs = []
    for here in list(old.alone):
        there = next((n for n in new.alone if are_alike(here, n)), None)
        if there is not None:
            old.alone.remove(here)
            new.alone.remove(there)
            pairs.append((here, there))
    return pairs


def _same_kind(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["type"] == other["type"])


def _same_identity(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _same_kind(one, other) and FIELDS_OF[one["type"]].has_id and one["id"] == other["id"]


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Detail]:
    """Say which values of a block change."""
    kind, heading = before["type"], heading_of(before)
    details = []
    for one in FIELDS_OF[kind].fields:
        then, now = _value(before, one), _value(after, one)
        if then != now:
            label = _label(kind, one)
            details.append(detail(f"{heading}: {label}" if label else heading, then, now))
    if not details:
        details.append(
            Detail(heading, _("as it is"), _("the same words, under another identity or file"))
        )
    return details


def _label(kind: str, one: Field) -> str:
    children = getattr(_BLOCKS[kind], "child_blocks", {})
    return str(children[one.block_name].label) if one.block_name in children else ""


def heading_of(block: Mapping[str, Any]) -> str:
    """Name a block by its kind and the first words in it."""
    values = [_value(block, one) for one in FIELDS_OF[block["type"]].fields if one.name != "key"]
    words = " ".join(next((value for value in values if value), "").split())
    name = str(_BLOCKS[block["type"]].label)
    if not words:
        return name
    return f"{name} “{words[:_SHORT]}{'…' if len(words) > _SHORT else ''}”"


def _words(block: Mapping[str, Any]) -> str:
    values = [_value(block, one) for one in FIELDS_OF[block["type"]].fields if one.name != "key"]
    return detail("", "", "\n".join(value for value in values if value)).after


def _value(block: Mapping[str, Any], one: Field) -> str:
    value = block["value"]
    given = value if block["type"] == "text" else value.get(one.block_name)
    if CHOOSERS.get(block["type"]) == one.block_name:
        return _chosen(block["type"], given)
    return _field_words(given, one)


def _field_words(given: Any, one: Field) -> str:
    if one.items:
        return "\n".join(f"• {_item_words(item['value'], one.items)}" for item in given or [])
    if one.is_texts:
        return "\n".join(f"• {plain_words(item['value'])}" for item in given or [])
    return prose_words(given) if one.is_rich else plain_words(given)


def _item_words(value: Mapping[str, Any], fields: Iterable[Field]) -> str:
    parts = []
    for one in fields:
        given = value.get(one.block_name)
        if isinstance(given, bool):
            parts.append(_("right") if given else _("wrong"))
        elif words := _field_words(given, one):
            parts.append(words)
    return " – ".join(parts)


def _chosen(kind: str, given: Any) -> str:
    """Name the file that a block shows: in a pack by its name, on the site by its title."""
    if isinstance(given, str):
        return given
    model: Any = {"image": get_image_model(), "download": get_document_model()}.get(kind, Recording)
    if kind == "register_fact":
        return Fact.objects.filter(pk=given).values_list("key", flat=True).first() or ""
    return model.objects.filter(pk=given).values_list("title", flat=True).first() or ""
