"""Questions of a module or of an assessment's bank."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from courses.packfiles import shapes
from courses.packfiles.fields import QUESTIONS, block_value, derived_id
from courses.packfiles.places import Entry, PackError, Place, Problems, load_yaml, read_text
from courses.packfiles.streams import check_block

Questions = dict[str, "Question"]

_kind = partial(shapes.one_of, values=list(QUESTIONS), what="a kind of question")
_HEAD: shapes.Shape = {
    "key": partial(shapes.text, longest=80),
    "short_name": partial(shapes.optional_text, longest=80),
    "kind": _kind,
}


class Question:
    """A question, which one lesson asks, or which a bank holds."""

    def __init__(self, kind: str, entry: Entry) -> None:
        self.kind, self.entry, self.place = kind, entry, entry.place
        self.is_asked = False

    def block(self, identity: str) -> dict[str, Any]:
        """The question as a block of the stream that `identity` names."""
        own = f"{identity}/{self.entry['key']}"
        value = _value(self.entry, self.kind, own)
        return {"type": self.kind, "value": value, "id": self.entry["id"] or derived_id(own)}


def _value(entry: Entry, kind: str, identity: str) -> dict[str, Any]:
    short_name = entry["short_name"] if entry.get("short_name_given") else entry["key"]
    return {"key": short_name, **block_value(entry, QUESTIONS[kind].fields, identity)}


def read_questions(path: Path, outcomes: set[str]) -> Questions:
    """Read questions by their keys. Raises: PackError."""
    if not path.exists():
        return {}
    entries = load_yaml(read_text(path), Place(path, 1))
    if not isinstance(entries, list):
        raise PackError(path, 1, "questions are a list.")
    questions: Questions = {}
    problems = Problems()
    for written in entries:
        with problems.gathering():
            question = _read_question(written, path, outcomes)
            key = question.entry["key"]
            if key in questions:
                question.entry.at("key").fail(f"the key “{key}” is used twice.")
            questions[key] = question
    problems.refuse()
    return questions


def _read_question(written: Any, path: Path, outcomes: set[str]) -> Question:
    if not isinstance(written, Entry):
        raise PackError(path, 1, "a question holds names and values.")
    kind = _kind(written.get("kind"), "kind", written.at("kind"))
    shape = {**_HEAD, **QUESTIONS[kind].shape}
    entry = shapes.read_entry(written, shape, written.place, what="a question")
    entry["short_name_given"] = "short_name" in written
    problems = Problems()
    with problems.gathering():
        require_outcome(entry, outcomes)
    with problems.gathering():
        check_block(kind, _value(entry, kind, ""), entry)
    problems.refuse()
    return Question(kind, entry)


def require_outcome(entry: Entry, outcomes: set[str]) -> None:
    if entry["outcome"] and entry["outcome"] not in outcomes:
        entry.at("outcome").fail(f"“{entry['outcome']}” is not an outcome of the course.")
