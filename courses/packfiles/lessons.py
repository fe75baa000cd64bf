"""Lessons: prose, and fenced blocks between it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from courses.packfiles import shapes
from courses.packfiles.fields import BLOCKS, block_value, derived_id
from courses.packfiles.markdown import rich_text
from courses.packfiles.media import PackFile, read_document, read_picture
from courses.packfiles.places import Entry, PackError, Place, Problems, load_yaml
from courses.packfiles.questions import Questions, require_outcome
from courses.packfiles.recordings import read_recording
from courses.packfiles.streams import check_block

_CHECK: shapes.Shape = {"question": shapes.text}


@dataclass
class PackContents:
    """What the lessons of a pack use beside their words: files by name, entries of the register."""

    folder: Path
    outcomes: set[str]
    facts: set[str] = field(default_factory=set)
    files: dict[str, PackFile] = field(default_factory=dict)
    checked: list[tuple[str, Place]] = field(default_factory=list)  # days of facts

    def take(self, block_type: str, entry: Entry) -> None:
        """Read the file that an entry names, once. Raises: PackError."""
        readers = {"image": read_picture, "download": read_document}
        name = entry["file"]
        known = self.files.get(name)
        if known is None:
            reader = readers.get(block_type)
            place = entry.at("file")
            self.files[name] = (
                reader(self.folder, name, place)
                if reader
                else read_recording(self.folder, name, block_type, place)
            )
        elif known.kind != block_type:
            entry.at("file").fail(f"{name} is used as “{known.kind}” already.")


def read_body(
    text: str, place: Place, *, identity: str, contents: PackContents, questions: Questions
) -> list[dict[str, Any]]:
    """Read a lesson's text into its stream. Raises: PackError."""
    body: list[dict[str, Any]] = []
    own_keys: list[tuple[str, Place]] = []
    problems = Problems()
    for number, (name, content, at) in enumerate(_segments(text, place), start=1):
        with problems.gathering():
            if not name:
                own = f"text-{number}"
                block = _block("text", rich_text(content, at), identity, own)
            elif name == "check":
                block, own = _check(content, at, identity, questions)
            else:
                block, own = _fenced(name, content, at, identity, number, contents)
            own_keys.append((own, at))
            body.append(block)
    with problems.gathering():
        shapes.require_unique(own_keys, "key")
    problems.refuse()
    return body


def _segments(text: str, start: Place) -> list[tuple[str, str, Place]]:
    """Split a lesson into prose ('') and fenced blocks (their name), each with its place."""
    segments: list[tuple[str, str, Place]] = []
    name, begin = "", start.line
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), start=start.line):
        if line.startswith("```"):
            if lines and "\n".join(lines).strip():
                segments.append((name, "\n".join(lines), Place(start.path, begin)))
            elif name:
                raise PackError(start.path, number, f"the block “{name}” is empty.")
            name = "" if name else line[3:].strip()
            if not name and line[3:].strip():
                raise PackError(start.path, number, "close the block before you open another.")
            lines, begin = [], number + 1
        else:
            lines.append(line)
    if name:
        raise PackError(start.path, begin - 1, f"the block “{name}” is never closed.")
    if "\n".join(lines).strip():
        segments.append(("", "\n".join(lines), Place(start.path, begin)))
    return segments


def _block(block_type: str, value: Any, identity: str, own: str, said: str = "") -> dict[str, Any]:
    return {"type": block_type, "value": value, "id": said or derived_id(f"{identity}/{own}")}


def _check(
    content: str, at: Place, identity: str, questions: Questions
) -> tuple[dict[str, Any], str]:
    what = "the block “check”"
    entry = shapes.read_entry(load_yaml(content, at), _CHECK, at, what=what)
    key, place = entry["question"], entry.at("question")
    if key not in questions:
        place.fail(f"questions.yaml has no question “{key}”.")
    question = questions[key]
    if question.is_asked:
        place.fail(f"the question “{key}” is asked twice.")
    question.is_asked = True
    return question.block(identity), key


def _fenced(
    name: str, content: str, at: Place, identity: str, number: int, contents: PackContents
) -> tuple[dict[str, Any], str]:
    if name not in BLOCKS:
        Place(at.path, at.line - 1).fail(f"there is no block called “{name}”.")
    fields = BLOCKS[name]
    what = f"the block “{name}”"
    entry = shapes.read_entry(load_yaml(content, at), fields.shape, at, what=what)
    own = entry.get("key") or f"{name}-{number}"
    value: Any = block_value(entry, fields.fields, f"{identity}/{own}")
    problems = Problems()
    with problems.gathering():
        _look_up(name, entry, contents)
    if name == "text":
        value = value["text"]
    else:
        with problems.gathering():
            check_block(name, value, entry)
    problems.refuse()
    return _block(name, value, identity, own, entry.get("id", "")), own


def _look_up(name: str, entry: Entry, contents: PackContents) -> None:
    """See that what the entry names is there."""
    if "outcome" in entry:
        require_outcome(entry, contents.outcomes)
    if name == "fact":
        contents.checked.append((entry["checked"], entry.at("checked")))
    if name == "register_fact" and entry["entry"] not in contents.facts:
        entry.at("entry").fail(f"facts.yaml has no entry “{entry['entry']}”.")
    if "file" in entry:
        contents.take(name, entry)
