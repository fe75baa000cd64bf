"""Course packs as text: front matter, Markdown and YAML in, plain objects out.

A pack is a folder: `course.md`; one folder a module under `modules/` with `module.md`, the lessons
(`1-….md`, `2-….md`, in the order of their names) and `questions.yaml`. A lesson is Markdown with
fenced blocks; a fence names the block and holds YAML. docs/course-packs.md describes the format.
Whatever is wrong is said with file and line.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.enums import CHOICE_KINDS, QuestionKind, RouteKind, Verdict
from lms.core.errors import DomainError

NAMESPACE = uuid.UUID("5a1de6b2-8f0f-5e65-9d4e-3f2f8e9a7c10")
_ALLOWED_HEADINGS = {"h2", "h3"}


class PackError(DomainError):
    """The pack cannot be read as it is. The message names file and line."""

    code = "pack_error"
    status = 422

    def __init__(self, path: Path | str, line: int, problem: str) -> None:
        self.path, self.line, self.problem = str(path), line, problem
        super().__init__(f"{path}, line {line}: {problem}")


@dataclass(frozen=True)
class PackLesson:
    key: str
    title: str
    minutes: int
    body: list[dict[str, Any]]  # as a StreamField keeps it; pictures name their file


@dataclass(frozen=True)
class PackModule:
    key: str
    title: str
    introduction: str
    content_note: str
    lessons: list[PackLesson]


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
    modules: list[PackModule] = field(default_factory=list)


def read_pack(folder: Path) -> Pack:
    """Read the pack in `folder`. Raises: PackError at the first thing that is wrong."""
    meta, text, line = _front_matter(folder / "course.md")
    here = _Place(folder / "course.md", 1)
    outcomes = [
        {"key": here.text(entry, "key"), "text": here.text(entry, "text")}
        for entry in here.entries(meta, "outcomes")
    ]
    routes = []
    for entry in here.entries(meta, "routes"):
        kind = here.text(entry, "kind")
        if kind not in RouteKind.values:
            here.fail(f"“{kind}” is not a route. Use one of {', '.join(RouteKind.values)}.")
        routes.append((kind, here.number(entry, "cpd_minutes")))
    key = here.text(meta, "key")
    modules_folder = folder / "modules"
    folders = sorted(p for p in modules_folder.glob("*") if p.is_dir())
    if not folders:
        here.fail("the pack has no modules.")
    known = {outcome["key"] for outcome in outcomes}
    return Pack(
        folder=folder,
        key=key,
        title=here.text(meta, "title"),
        summary=here.text(meta, "summary"),
        audience=here.text(meta, "audience"),
        description=_html(text, _Place(folder / "course.md", line)),
        outcomes=outcomes,
        routes=routes,
        modules=[_read_module(module, key, known) for module in folders],
    )


class _Place:
    """A file and line, to speak of when something is wrong there."""

    def __init__(self, path: Path, line: int) -> None:
        self.path, self.line = path, line

    def fail(self, problem: str) -> NoReturn:
        raise PackError(self.path, self.line, problem)

    def text(self, entry: dict[str, Any], name: str, *, required: bool = True) -> str:
        value = entry.get(name, "")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.fail(f"“{name}” must be a text.")
        value = str(value).strip()
        if required and not value:
            self.fail(f"“{name}” is missing.")
        return value

    def number(self, entry: dict[str, Any], name: str) -> int:
        value = entry.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self.fail(f"“{name}” must be a whole number of at least 1.")
        return int(value)

    def entries(self, entry: dict[str, Any], name: str) -> list[dict[str, Any]]:
        value = entry.get(name)
        if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
            self.fail(f"“{name}” must be a list of entries.")
        return value

    def texts(self, entry: dict[str, Any], name: str) -> list[str]:
        value = entry.get(name)
        if not isinstance(value, list) or not value:
            self.fail(f"“{name}” must be a list of texts.")
        return [str(item).strip() for item in value]


def _load_yaml(text: str, place: _Place) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = place.line + (mark.line if mark else 0)
        raise PackError(
            place.path, line, f"this is not YAML: {getattr(error, 'problem', error)}."
        ) from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PackError(path, 1, "the file is missing.") from error
    except UnicodeDecodeError as error:
        raise PackError(path, 1, "the file is not UTF-8 text.") from error


def _front_matter(path: Path) -> tuple[dict[str, Any], str, int]:
    """Split a file into its front matter, its text, and the line the text begins on."""
    lines = _read(path).split("\n")
    if lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        raise PackError(path, 1, "begin with front matter between two lines of ---.")
    end = next(n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---")
    meta = _load_yaml("\n".join(lines[1:end]), _Place(path, 2))
    if not isinstance(meta, dict):
        raise PackError(path, 2, "the front matter must be names and values.")
    return meta, "\n".join(lines[end + 1 :]), end + 2


def _read_module(folder: Path, course_key: str, outcomes: set[str]) -> PackModule:
    meta, text, line = _front_matter(folder / "module.md")
    here = _Place(folder / "module.md", 1)
    questions = _read_questions(folder / "questions.yaml", outcomes)
    files = sorted(p for p in folder.glob("*.md") if p.name != "module.md")
    if not files:
        here.fail("the module has no lessons.")
    lessons = [_read_lesson(path, course_key, questions) for path in files]
    unused = [key for key, question in questions.items() if not question.get("used")]
    if unused:
        raise PackError(folder / "questions.yaml", 1, f"no lesson asks “{unused[0]}”.")
    return PackModule(
        key=here.text(meta, "key"),
        title=here.text(meta, "title"),
        introduction=_html(text, _Place(folder / "module.md", line)),
        content_note=here.text(meta, "content_note", required=False),
        lessons=lessons,
    )


# --- Questions ----------------------------------------------------------------------------


def _read_questions(path: Path, outcomes: set[str]) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    text = _read(path)
    entries = _load_yaml(text, _Place(path, 1))
    if not isinstance(entries, list):
        raise PackError(path, 1, "questions are a list.")
    # The compiled tree knows on which line each question begins.
    tree = yaml.compose(text)
    nodes = tree.value if tree else []
    questions: dict[str, dict[str, Any]] = {}
    for entry, node in zip(entries, nodes, strict=True):
        place = _Place(path, node.start_mark.line + 1)
        if not isinstance(entry, dict):
            place.fail("a question is names and values.")
        key = place.text(entry, "key")
        if key in questions:
            place.fail(f"the key “{key}” is used twice.")
        if place.text(entry, "outcome") not in outcomes:
            place.fail(f"“{entry['outcome']}” is not an outcome of the course.")
        questions[key] = {"kind": place.text(entry, "kind")} | _question_value(entry, place)
    return questions


def _question_value(entry: dict[str, Any], place: _Place) -> dict[str, Any]:
    kind = place.text(entry, "kind")
    value: dict[str, Any] = {
        "key": place.text(entry, "key"),
        "outcome": place.text(entry, "outcome"),
        "stem": _inline(place.text(entry, "stem"), place),
    }
    if kind in CHOICE_KINDS:
        value["choices"] = _choices(entry, kind, place)
    elif kind == QuestionKind.ORDER:
        value["items"] = place.texts(entry, "items")
        value["explanation"] = _inline(place.text(entry, "explanation"), place)
    elif kind == QuestionKind.SHORT:
        value["accepted"] = place.texts(entry, "accepted")
        value["model_answer"] = place.text(entry, "model_answer")
        value["explanation"] = _inline(place.text(entry, "explanation"), place)
    else:
        place.fail(f"“{kind}” is not a kind of question.")
    return value


def _choices(entry: dict[str, Any], kind: str, place: _Place) -> list[dict[str, Any]]:
    choices = []
    for choice in place.entries(entry, "choices"):
        if not isinstance(choice.get("correct"), bool):
            place.fail("say “correct: true” or “correct: false” for every choice.")
        text = choice.get("text")
        choices.append(
            {
                "text": str(text) if isinstance(text, bool) else place.text(choice, "text"),
                "correct": choice["correct"],
                "explanation": _inline(place.text(choice, "explanation"), place),
            }
        )
    right = sum(choice["correct"] for choice in choices)
    if kind == QuestionKind.SEVERAL and right < 2:
        place.fail("mark at least two choices as right.")
    if kind != QuestionKind.SEVERAL and right != 1:
        place.fail("mark exactly one choice as right.")
    if kind == QuestionKind.TRUE_FALSE and len(choices) != 2:
        place.fail("give two choices: True, then False.")
    return choices


# --- Lessons ------------------------------------------------------------------------------


def _read_lesson(path: Path, course_key: str, questions: dict[str, dict[str, Any]]) -> PackLesson:
    meta, text, line = _front_matter(path)
    here = _Place(path, 1)
    key = here.text(meta, "key")
    identity = f"{course_key}/{key}"
    body: list[dict[str, Any]] = []
    for name, content, place in _segments(text, _Place(path, line)):
        block_type, value, own_key = _block(name, content, place, questions)
        own_key = own_key or f"{block_type}-{len(body) + 1}"
        body.append(_stream_entry(block_type, value, f"{identity}/{own_key}"))
    if not body:
        here.fail("the lesson is empty.")
    return PackLesson(key, here.text(meta, "title"), here.number(meta, "minutes"), body)


def _segments(text: str, start: _Place) -> list[tuple[str, str, _Place]]:
    """Split a lesson into prose ('') and fenced blocks (their name), each with its place."""
    segments: list[tuple[str, str, _Place]] = []
    name, begin = "", start.line
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), start=start.line):
        if line.startswith("```"):
            if lines and "\n".join(lines).strip():
                segments.append((name, "\n".join(lines), _Place(start.path, begin)))
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
        segments.append(("", "\n".join(lines), _Place(start.path, begin)))
    return segments


def _block(
    name: str, content: str, place: _Place, questions: dict[str, dict[str, Any]]
) -> tuple[str, Any, str]:
    """Turn one segment into block type, value, and its own key where it has one."""
    if not name:
        return "text", _html(content, place), ""
    entry = _load_yaml(content, place)
    if not isinstance(entry, dict):
        place.fail(f"the block “{name}” holds names and values.")
    if name == "check":
        return _check(entry, place, questions)
    if name == "scenario":
        value = _scenario(entry, place)
        return "scenario", value, value["key"]
    readers = {"fact": _fact, "quote": _quote, "image": _image, "support": _support}
    if name == "reading":
        return name, {"items": [_reading(e, place) for e in place.entries(entry, "items")]}, ""
    if name not in readers:
        place.fail(f"there is no block called “{name}”.")
    return name, readers[name](entry, place), ""


def _check(
    entry: dict[str, Any], place: _Place, questions: dict[str, dict[str, Any]]
) -> tuple[str, Any, str]:
    key = place.text(entry, "question")
    if key not in questions:
        place.fail(f"questions.yaml has no question “{key}”.")
    question = questions[key]
    if question.get("used"):
        place.fail(f"the question “{key}” is asked twice.")
    question["used"] = True
    value = {name: v for name, v in question.items() if name not in ("kind", "used")}
    return question["kind"], value, key


def _fact(entry: dict[str, Any], place: _Place) -> dict[str, Any]:
    return {
        "text": _inline(place.text(entry, "text"), place),
        "source": place.text(entry, "source"),
        "url": place.text(entry, "url", required=False),
        "checked_on": str(entry.get("checked") or place.fail("“checked” is missing.")),
        "limits": place.text(entry, "limits", required=False),
    }


def _quote(entry: dict[str, Any], place: _Place) -> dict[str, Any]:
    return {"text": _inline(place.text(entry, "text"), place), "who": place.text(entry, "who")}


def _image(entry: dict[str, Any], place: _Place) -> dict[str, Any]:
    file = PurePosixPath(place.text(entry, "file"))
    if file.is_absolute() or ".." in file.parts:
        place.fail("a picture's file lies inside the pack.")
    return {
        "image": str(file),
        "alt": place.text(entry, "alt"),
        "caption": place.text(entry, "caption", required=False),
    }


def _support(entry: dict[str, Any], place: _Place) -> dict[str, Any]:
    return {"title": place.text(entry, "title"), "text": _html(place.text(entry, "text"), place)}


def _reading(entry: dict[str, Any], place: _Place) -> dict[str, Any]:
    return {
        "title": place.text(entry, "title"),
        "source": place.text(entry, "source"),
        "url": place.text(entry, "url", required=False),
    }


def _scenario(entry: dict[str, Any], place: _Place) -> dict[str, Any]:
    choices = []
    for choice in place.entries(entry, "choices"):
        verdict = place.text(choice, "verdict")
        if verdict not in Verdict.values:
            place.fail(f"“{verdict}” is not a verdict. Use one of {', '.join(Verdict.values)}.")
        choices.append(
            {
                "text": place.text(choice, "text"),
                "outcome": _html(place.text(choice, "outcome"), place),
                "verdict": verdict,
            }
        )
    if not any(choice["verdict"] == Verdict.GOOD for choice in choices):
        place.fail("at least one choice must be a good step.")
    return {
        "key": place.text(entry, "key"),
        "outcome": place.text(entry, "outcome", required=False),
        "title": place.text(entry, "title"),
        "situation": _html(place.text(entry, "situation"), place),
        "stem": _inline(place.text(entry, "question"), place),
        "choices": choices,
    }


def _stream_entry(block_type: str, value: Any, identity: str) -> dict[str, Any]:
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


# --- Markdown -----------------------------------------------------------------------------

_markdown = MarkdownIt("commonmark", {"html": False}).disable(
    ["image", "code", "fence", "blockquote", "hr", "html_block", "html_inline"]
)


def _html(text: str, place: _Place) -> str:
    """Turn prose into the HTML that Wagtail's rich text keeps."""
    tokens = _markdown.parse(text)
    for token in tokens:
        _check_token(token, place)
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    for ours, theirs in (("strong", "b"), ("em", "i")):
        html = html.replace(f"<{ours}>", f"<{theirs}>").replace(f"</{ours}>", f"</{theirs}>")
    return html.replace("\n<", "<").replace(">\n", ">").strip()


def _inline(text: str, place: _Place) -> str:
    """Turn one or a few sentences into rich text of a single paragraph or more."""
    return _html(text, place)


def _check_token(token: Token, place: _Place) -> None:
    line = place.line + (token.map[0] if token.map else 0)
    if token.type == "heading_open" and token.tag not in _ALLOWED_HEADINGS:
        raise PackError(place.path, line, "headings in a text are ## or ###.")
    for child in token.children or []:
        href = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
        if href and not href.startswith(("https://", "http://", "mailto:", "tel:", "/")):
            raise PackError(place.path, line, f"“{href}” is not a web address.")
