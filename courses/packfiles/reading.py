"""A whole pack: its course, modules and lessons, its assessment and its facts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from courses.packfiles import shapes
from courses.packfiles.lessons import PackContents, read_body
from courses.packfiles.markdown import rich_text
from courses.packfiles.media import PackFile
from courses.packfiles.places import (
    Entry,
    PackError,
    Place,
    Problems,
    front_matter,
    load_yaml,
    read_text,
)
from courses.packfiles.questions import Questions, read_questions


@dataclass(frozen=True)
class PackLesson:
    key: str
    title: str
    minutes: int
    content_note: str
    body: list[dict[str, Any]]  # as a StreamField keeps it; pictures name their file
    place: Place


@dataclass(frozen=True)
class PackModule:
    key: str
    title: str
    introduction: str
    content_note: str
    lessons: list[PackLesson]
    place: Place


@dataclass(frozen=True)
class PackAssessment:
    title: str
    introduction: str
    rules: dict[str, int]
    bank: list[dict[str, Any]]
    place: Place


@dataclass(frozen=True)
class PackFact:
    key: str
    values: dict[str, Any]  # as the register has them
    place: Place


@dataclass(frozen=True)
class Pack:
    folder: Path
    key: str
    title: str
    summary: str
    audience: str
    description: str
    outcomes: list[dict[str, str]]
    audiences: list[dict[str, str]]
    prerequisites: list[str]
    valid_months: int | None
    routes: list[dict[str, Any]]
    place: Place  # of its key
    prerequisites_place: Place
    modules: list[PackModule] = field(default_factory=list)
    assessment: PackAssessment | None = None
    facts: list[PackFact] = field(default_factory=list)
    files: dict[str, PackFile] = field(default_factory=dict)
    checked: list[tuple[str, Place]] = field(default_factory=list)  # days of facts in lessons


def read_pack(folder: Path) -> Pack:
    """Read the pack in `folder`. Raises: PackError with all that is wrong in it."""
    if not folder.is_dir():
        raise PackError(folder, 1, "this is not a folder. Name the one that holds course.md.")
    problems = Problems()
    meta, description = _course(folder, problems)
    contents = PackContents(folder, {outcome["key"] for outcome in meta["outcomes"]})
    facts: list[PackFact] = []
    with problems.gathering():
        facts = _read_facts(folder / "facts.yaml", contents)
    modules = _read_modules(folder, meta, contents, problems)
    assessment = None
    with problems.gathering():
        assessment = _read_assessment(folder, meta, contents)
    problems.refuse()
    return Pack(
        folder=folder,
        key=meta["key"],
        title=meta["title"],
        summary=meta["summary"],
        audience=meta["audience"],
        description=description,
        outcomes=[dict(outcome) for outcome in meta["outcomes"]],
        audiences=[dict(audience) for audience in meta["audiences"]],
        prerequisites=meta["prerequisites"],
        valid_months=meta["valid_months"],
        routes=[dict(route) for route in meta["routes"]],
        place=meta.at("key"),
        prerequisites_place=meta.at("prerequisites"),
        modules=modules,
        assessment=assessment,
        facts=facts,
        files=contents.files,
        checked=contents.checked,
    )


def _course(folder: Path, problems: Problems) -> tuple[Entry, str]:
    """Read course.md. What is wrong in it stops the rest only when its outcomes are not known."""
    path = folder / "course.md"
    try:
        return _file(path, shapes.COURSE, "course.md")
    except PackError as error:
        with problems.gathering():
            raise error
    meta = Entry({"key": "unknown", "outcomes": [], "routes": []})
    meta.place, meta.lines = Place(path, 2), {}
    try:
        written, _text, _place = front_matter(path)
        meta["outcomes"] = shapes.COURSE["outcomes"](
            written.get("outcomes"), "outcomes", written.at("outcomes")
        )
    except PackError:
        problems.refuse()
    return meta, ""


def _file(path: Path, shape: shapes.Shape, what: str, *, blank: bool = False) -> tuple[Entry, str]:
    written, text, place = front_matter(path)
    problems, meta, html = Problems(), Entry(), ""
    with problems.gathering():
        meta = shapes.read_entry(written, shape, written.place, what=what)
    with problems.gathering():
        if not (text.strip() or blank):
            place.fail("the text below the front matter is missing.")
        html = rich_text(text, place)
    problems.refuse()
    return meta, html


def _read_modules(
    folder: Path, meta: Entry, contents: PackContents, problems: Problems
) -> list[PackModule]:
    folders = sorted(p for p in (folder / "modules").glob("*") if p.is_dir())
    if not folders:
        with problems.gathering():
            meta.place.fail("the pack has no modules.")
    modules: list[PackModule] = []
    for module in folders:
        with problems.gathering():
            modules.append(_read_module(module, meta["key"], contents))
    lessons = [lesson for module in modules for lesson in module.lessons]
    with problems.gathering():
        shapes.require_unique([(module.key, module.place) for module in modules], "key")
    with problems.gathering():
        shapes.require_unique([(lesson.key, lesson.place) for lesson in lessons], "key")
    return modules


def _read_module(folder: Path, course_key: str, contents: PackContents) -> PackModule:
    problems = Problems()
    meta, introduction = Entry(), ""
    with problems.gathering():
        meta, introduction = _file(folder / "module.md", shapes.MODULE, "module.md")
        for key in meta["outcomes"]:
            if key not in contents.outcomes:
                meta.at("outcomes").fail(f"“{key}” is not an outcome of the course.")
    questions: Questions | None = None
    with problems.gathering():
        questions = read_questions(folder / "questions.yaml", contents.outcomes)
    files = sorted(p for p in folder.glob("*.md") if p.name != "module.md")
    with problems.gathering():
        if not files:
            Place(folder / "module.md", 2).fail("the module has no lessons.")
    # Where the questions cannot be read, lessons that ask them are read another time.
    lessons: list[PackLesson] = []
    for path in files if questions is not None else []:
        with problems.gathering():
            lessons.append(_read_lesson(path, course_key, questions or {}, contents))
    for key, question in (questions or {}).items() if not problems.found else []:
        with problems.gathering():
            if not question.is_asked:
                question.place.fail(f"no lesson asks “{key}”.")
    problems.refuse()
    return PackModule(
        key=meta["key"],
        title=meta["title"],
        introduction=introduction,
        content_note=meta["content_note"],
        lessons=lessons,
        place=meta.at("key"),
    )


def _read_lesson(
    path: Path, course_key: str, questions: Questions, contents: PackContents
) -> PackLesson:
    written, text, place = front_matter(path)
    problems, meta = Problems(), Entry({"key": "unknown"})
    meta.place, meta.lines = written.place, written.lines
    with problems.gathering():
        meta = shapes.read_entry(written, shapes.LESSON, written.place, what="a lesson")
    body: list[dict[str, Any]] = []
    with problems.gathering():
        identity = f"{course_key}/{meta['key']}"
        body = read_body(text, place, identity=identity, contents=contents, questions=questions)
        if not body:
            meta.place.fail("the lesson is empty.")
    problems.refuse()
    return PackLesson(
        meta["key"], meta["title"], meta["minutes"], meta["content_note"], body, meta.at("key")
    )


def _read_assessment(folder: Path, meta: Entry, contents: PackContents) -> PackAssessment | None:
    path, bank_path = folder / "assessment.md", folder / "bank.yaml"
    asks = [route for route in meta["routes"] if route["requires_assessment"]]
    if not path.exists() and not bank_path.exists():
        if asks:
            asks[0].at("requires_assessment").fail("the pack has no assessment.md.")
        return None
    if not path.exists():
        raise PackError(bank_path, 1, "a bank belongs to an assessment.md.")
    problems, written, introduction = Problems(), Entry(), ""
    with problems.gathering():
        written, introduction = _file(path, shapes.ASSESSMENT, "assessment.md", blank=True)
    questions: Questions = {}
    with problems.gathering():
        questions = read_questions(bank_path, contents.outcomes)
        if not questions:
            Place(path, 1).fail("the assessment has no questions in bank.yaml.")
    with problems.gathering():
        if questions and written and written["draw_count"] > len(questions):
            written.at("draw_count").fail(
                f"an attempt asks {written['draw_count']} questions, and bank.yaml has"
                f" {len(questions)}."
            )
    problems.refuse()
    return PackAssessment(
        title=written["title"],
        introduction=introduction,
        rules={name: written[name] for name in shapes.ASSESSMENT if name != "title"},
        bank=[question.block(f"{meta['key']}//bank") for question in questions.values()],
        place=written.at("title"),
    )


def _read_facts(path: Path, contents: PackContents) -> list[PackFact]:
    if not path.exists():
        return []
    listed = load_yaml(read_text(path), Place(path, 1))
    found = shapes.entries(listed, "facts.yaml", Place(path, 1), shape=shapes.FACT, unique="key")
    problems, facts = Problems(), []
    for entry in found:
        contents.facts.add(entry["key"])
        contents.checked.append((entry["checked"], entry.at("checked")))
        with problems.gathering():
            facts.append(_fact(entry))
    problems.refuse()
    return facts


def _fact(entry: Entry) -> PackFact:
    checked = datetime.date.fromisoformat(entry["checked"])
    review = datetime.date.fromisoformat(entry["review"])
    if review <= checked:
        entry.at("review").fail("review it after the day it was checked on.")
    if entry["url"]:
        try:
            URLValidator(["http", "https"])(entry["url"])
        except ValidationError as error:
            entry.at("url").fail(f"“url”: {' '.join(error.messages)}")
    values = {name: entry[name] for name in ("title", "kind", "source", "url", "limits")}
    text = rich_text(entry["text"], entry.at("text"))
    values |= {"text": text, "checked_on": checked, "review_on": review}
    values["is_retired"] = entry["retired"]
    return PackFact(entry["key"], values, entry.place)
