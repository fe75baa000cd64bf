"""Lessons and their questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images.fields import WagtailImageField

from courses.enums import CHOICE_KINDS
from courses.packfiles import shapes
from courses.packfiles.markdown import rich_text
from courses.packfiles.places import Entry, PackError, Place, load_yaml, read_text
from courses.packfiles.streams import check_block, stream_entry

Questions = dict[str, "Question"]
Block = tuple[str, Any, str]  # type, value, its own key where it has one


class Question:
    """A question of a module, which one lesson asks."""

    def __init__(self, kind: str, value: dict[str, Any], place: Place) -> None:
        self.kind, self.value, self.place = kind, value, place
        self.is_asked = False


# --- Questions ----------------------------------------------------------------------------


def read_questions(path: Path, outcomes: set[str]) -> Questions:
    """Read the questions of a module by their keys. Raises: PackError."""
    if not path.exists():
        return {}
    entries = load_yaml(read_text(path), Place(path, 1))
    if not isinstance(entries, list):
        raise PackError(path, 1, "questions are a list.")
    questions: Questions = {}
    for written in entries:
        if not isinstance(written, Entry):
            raise PackError(path, 1, "a question holds names and values.")
        kind = shapes.question_kind(written.get("kind"), "kind", written.at("kind"))
        shape = shapes.QUESTIONS[kind]
        entry = shapes.read_entry(written, shape, written.place, what="a question")
        if entry["key"] in questions:
            entry.at("key").fail(f"the key “{entry['key']}” is used twice.")
        require_outcome(entry, outcomes)
        value = _question_value(entry)
        check_block(entry["kind"], value, entry)
        questions[entry["key"]] = Question(entry["kind"], value, entry.place)
    return questions


def require_outcome(entry: Entry, outcomes: set[str]) -> None:
    if entry["outcome"] and entry["outcome"] not in outcomes:
        entry.at("outcome").fail(f"“{entry['outcome']}” is not an outcome of the course.")


def _question_value(entry: Entry) -> dict[str, Any]:
    value = {
        "key": entry["key"],
        "outcome": entry["outcome"],
        "stem": _rich(entry, "stem"),
    }
    if entry["kind"] in CHOICE_KINDS:
        value["choices"] = [
            {
                "text": choice["text"],
                "correct": choice["correct"],
                "explanation": _rich(choice, "explanation"),
            }
            for choice in entry["choices"]
        ]
        return value
    plain = {name: entry[name] for name in ("items", "accepted", "model_answer") if name in entry}
    return value | plain | {"explanation": _rich(entry, "explanation")}


# --- Lessons ------------------------------------------------------------------------------


def read_body(
    text: str,
    place: Place,
    *,
    identity: str,
    folder: Path,
    questions: Questions,
    outcomes: set[str],
) -> tuple[list[dict[str, Any]], list[tuple[str, Place]]]:
    """Read a lesson's text into its stream, and the days on which its facts were checked.

    Raises: PackError.
    """
    body: list[dict[str, Any]] = []
    own_keys: list[tuple[str, Place]] = []
    checked: list[tuple[str, Place]] = []
    for name, content, at in _segments(text, place):
        if not name:
            block_type, value, own_key = "text", rich_text(content, at), ""
        else:
            entry = _entry(name, content, at)
            if name == "scenario":
                require_outcome(entry, outcomes)
            if name == "fact":
                checked.append((entry["checked"], entry.at("checked")))
            block_type, value, own_key = _block(name, entry, folder, questions)
        own_key = own_key or f"{block_type}-{len(body) + 1}"
        own_keys.append((own_key, at))
        body.append(stream_entry(block_type, value, f"{identity}/{own_key}"))
    shapes.require_unique(own_keys, "key")
    return body, checked


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


def _entry(name: str, content: str, place: Place) -> Entry:
    if name not in shapes.BLOCKS:
        place.fail(f"there is no block called “{name}”.")
    written = load_yaml(content, place)
    return shapes.read_entry(written, shapes.BLOCKS[name], place, what=f"the block “{name}”")


def _block(name: str, entry: Entry, folder: Path, questions: Questions) -> Block:
    if name == "check":
        return _check(entry, questions)
    value = _image(entry, folder) if name == "image" else _VALUES[name](entry)
    check_block(name, value, entry)
    return name, value, entry.get("key", "")


def _check(entry: Entry, questions: Questions) -> Block:
    key, place = entry["question"], entry.at("question")
    if key not in questions:
        place.fail(f"questions.yaml has no question “{key}”.")
    question = questions[key]
    if question.is_asked:
        place.fail(f"the question “{key}” is asked twice.")
    question.is_asked = True
    return question.kind, question.value, key


def _fact(entry: Entry) -> dict[str, Any]:
    return {
        "text": _rich(entry, "text"),
        "source": entry["source"],
        "url": entry["url"],
        "checked_on": entry["checked"],
        "limits": entry["limits"],
    }


def _quote(entry: Entry) -> dict[str, Any]:
    return {"text": _rich(entry, "text"), "who": entry["who"]}


def _support(entry: Entry) -> dict[str, Any]:
    return {"title": entry["title"], "text": _rich(entry, "text")}


def _reading(entry: Entry) -> dict[str, Any]:
    return {"items": [dict(item) for item in entry["items"]]}


def _scenario(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry["key"],
        "outcome": entry["outcome"],
        "title": entry["title"],
        "situation": _rich(entry, "situation"),
        "stem": _rich(entry, "question"),
        "choices": [
            {
                "text": choice["text"],
                "outcome": _rich(choice, "outcome"),
                "verdict": choice["verdict"],
            }
            for choice in entry["choices"]
        ],
    }


_VALUES: dict[str, Callable[[Entry], dict[str, Any]]] = {
    "fact": _fact,
    "quote": _quote,
    "support": _support,
    "reading": _reading,
    "scenario": _scenario,
}


def _image(entry: Entry, folder: Path) -> dict[str, Any]:
    place = entry.at("file")
    file = PurePosixPath(entry["file"])
    path = folder / file
    if file.is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        place.fail("a picture's file lies inside the pack.")
    if not path.is_file():
        place.fail(f"the picture is missing: {file}.")
    try:
        WagtailImageField().clean(SimpleUploadedFile(path.name, path.read_bytes()))
    except ValidationError as error:
        place.fail(f"{file} is not a picture that can be used: {' '.join(error.messages)}")
    return {"image": str(file), "alt": entry["alt"], "caption": entry["caption"]}


def _rich(entry: Entry, name: str) -> str:
    return rich_text(entry[name], entry.at(name))
