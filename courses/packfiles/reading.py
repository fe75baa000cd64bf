"""A whole pack: its course, modules and lessons."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from courses.packfiles import shapes
from courses.packfiles.lessons import Questions, read_body, read_questions
from courses.packfiles.markdown import rich_text
from courses.packfiles.places import Entry, PackError, Place, front_matter


@dataclass(frozen=True)
class PackLesson:
    key: str
    title: str
    minutes: int
    body: list[dict[str, Any]]  # as a StreamField keeps it; pictures name their file
    place: Place
    checked: list[tuple[str, Place]]  # the days on which its facts were checked


@dataclass(frozen=True)
class PackModule:
    key: str
    title: str
    introduction: str
    content_note: str
    lessons: list[PackLesson]
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
    routes: list[tuple[str, int]]
    place: Place  # of its key
    modules: list[PackModule] = field(default_factory=list)


def read_pack(folder: Path) -> Pack:
    """Read the pack in `folder`. Raises: PackError at the first thing that is wrong."""
    if not folder.is_dir():
        raise PackError(folder, 1, "this is not a folder. Name the one that holds course.md.")
    meta, description = _file(folder / "course.md", shapes.COURSE, "course.md")
    folders = sorted(p for p in (folder / "modules").glob("*") if p.is_dir())
    if not folders:
        meta.place.fail("the pack has no modules.")
    outcomes = {outcome["key"] for outcome in meta["outcomes"]}
    modules = [_read_module(module, folder, meta["key"], outcomes) for module in folders]
    lessons = [lesson for module in modules for lesson in module.lessons]
    shapes.require_unique([(module.key, module.place) for module in modules], "key")
    shapes.require_unique([(lesson.key, lesson.place) for lesson in lessons], "key")
    return Pack(
        folder=folder,
        key=meta["key"],
        title=meta["title"],
        summary=meta["summary"],
        audience=meta["audience"],
        description=description,
        outcomes=[dict(outcome) for outcome in meta["outcomes"]],
        routes=[(route["kind"], route["cpd_minutes"]) for route in meta["routes"]],
        place=meta.at("key"),
        modules=modules,
    )


def _file(path: Path, shape: shapes.Shape, what: str) -> tuple[Entry, str]:
    written, text, place = front_matter(path)
    meta = shapes.read_entry(written, shape, written.place, what=what)
    if not text.strip():
        place.fail("the text below the front matter is missing.")
    return meta, rich_text(text, place)


def _read_module(folder: Path, pack: Path, course_key: str, outcomes: set[str]) -> PackModule:
    meta, introduction = _file(folder / "module.md", shapes.MODULE, "module.md")
    for key in meta["outcomes"]:
        if key not in outcomes:
            meta.at("outcomes").fail(f"“{key}” is not an outcome of the course.")
    questions = read_questions(folder / "questions.yaml", outcomes)
    files = sorted(p for p in folder.glob("*.md") if p.name != "module.md")
    if not files:
        meta.place.fail("the module has no lessons.")
    lessons = [_read_lesson(path, pack, course_key, questions, outcomes) for path in files]
    for key, question in questions.items():
        if not question.is_asked:
            question.place.fail(f"no lesson asks “{key}”.")
    return PackModule(
        key=meta["key"],
        title=meta["title"],
        introduction=introduction,
        content_note=meta["content_note"],
        lessons=lessons,
        place=meta.at("key"),
    )


def _read_lesson(
    path: Path, pack: Path, course_key: str, questions: Questions, outcomes: set[str]
) -> PackLesson:
    written, text, place = front_matter(path)
    meta = shapes.read_entry(written, shapes.LESSON, written.place, what="a lesson")
    body, checked = read_body(
        text,
        place,
        identity=f"{course_key}/{meta['key']}",
        folder=pack,
        questions=questions,
        outcomes=outcomes,
    )
    if not body:
        meta.place.fail("the lesson is empty.")
    return PackLesson(
        meta["key"], meta["title"], meta["minutes"], body, place=meta.at("key"), checked=checked
    )
