"""Files of a pack, their YAML, and where in them something is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import yaml

from lms.core.errors import DomainError

MOST_PROBLEMS = 50
# Letters that no database keeps or no page shows: controls, and halves of letters.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
TEXT_SUFFIXES = (".md", ".yaml", ".vtt")
LONGEST_QUOTE = 160


class PackError(DomainError):
    """The pack cannot be read as it is. The message names file and line of all that was found."""

    code = "pack_error"
    status = 422

    def __init__(
        self,
        path: Path | str,
        line: int,
        problem: str,
        *,
        more: Sequence[PackError] = (),
        quote: str = "",
    ) -> None:
        self.path, self.line, self.problem = str(path), line, problem
        self.quote = quote  # what stands there, where it is text
        self.more = list(more)
        super().__init__("\n".join(error.sentence for error in self.every))

    @property
    def sentence(self) -> str:
        """Where it is, and what is wrong there."""
        return f"{self.path}, line {self.line}: {self.problem}"

    @property
    def every(self) -> list[PackError]:
        """This one and those found with it."""
        return [self, *self.more]

    def within(self, folder: Path) -> PackError:
        """Say the same with files named from `folder` on, and quote the lines."""
        first, *rest = [
            PackError(
                name := _from(folder, error.path),
                error.line,
                error.problem,
                quote=_line_of(folder / name, error.line),
            )
            for error in self.every
        ]
        return PackError(first.path, first.line, first.problem, more=rest, quote=first.quote)

    @property
    def is_in_text(self) -> bool:
        """Whether it has a line that somebody can look up."""
        return Path(self.path).suffix.lower() in TEXT_SUFFIXES


def _from(folder: Path, path: str) -> str:
    inside = Path(path).is_relative_to(folder)
    name = Path(path).relative_to(folder).as_posix() if inside else path
    return "the pack" if name == "." else name


def _line_of(path: Path, number: int) -> str:
    """Quote a line of a text of the pack, in letters that can be shown; empty for other files."""
    if path.suffix.lower() not in TEXT_SUFFIXES or path.is_symlink() or not path.is_file():
        return ""
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    shown = "".join(letter for letter in line if letter.isprintable()).strip()
    return shown if len(shown) <= LONGEST_QUOTE else f"{shown[:LONGEST_QUOTE]}…"


@dataclass
class Problems:
    """Gathers what is wrong, so that somebody hears of all of it at once."""

    found: list[PackError] = field(default_factory=list)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Note what is wrong inside, and go on behind it."""
        try:
            yield
        except PackError as error:
            for one in error.every:
                known = [(other.path, other.line, other.problem) for other in self.found]
                if (one.path, one.line, one.problem) not in known:
                    self.found.append(PackError(one.path, one.line, one.problem))

    def refuse(self) -> None:
        """Raise what was gathered, up to fifty of it. Raises: PackError."""
        if self.found:
            first, *rest = self.found[:MOST_PROBLEMS]
            raise PackError(first.path, first.line, first.problem, more=rest)


@dataclass(frozen=True)
class Place:
    """A file and line, to speak of when something is wrong there."""

    path: Path
    line: int

    def fail(self, problem: str) -> NoReturn:
        raise PackError(self.path, self.line, problem)


class Entry(dict[str, Any]):
    """Names and values of a YAML text, which know where they stand."""

    place: Place
    lines: dict[str, int]

    def at(self, name: str) -> Place:
        """Say where the value of `name` stands, or the entry where there is none."""
        return Place(self.place.path, self.lines.get(name, self.place.line))


class Loader(yaml.SafeLoader):
    """Plain values only: dates stay text, and a name that is given twice is refused."""

    start: Place

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            line = self.start.line + self.peek_event().start_mark.line
            Place(self.start.path, line).fail("write the value out: “*” repeats are not read.")
        return super().compose_node(parent, index)

    def construct_scalar(self, node: Any) -> Any:
        value = super().construct_scalar(node)
        if isinstance(value, str) and _UNSEEN.search(value):
            self._place(node).fail("there are letters that cannot be shown or kept.")
        return value

    def construct_entry(self, node: yaml.MappingNode) -> Any:
        entry = Entry()
        entry.place, entry.lines = self._place(node), {}
        yield entry
        for name_node, value_node in node.value:
            name = self.construct_object(name_node)
            place = self._place(name_node)
            if not isinstance(name, str):
                place.fail(f"“{name}” is not a name.")
            if name in entry:
                place.fail(f"“{name}” is given twice.")
            entry[name] = self.construct_object(value_node, deep=True)
            entry.lines[name] = place.line

    def _place(self, node: yaml.Node) -> Place:
        return Place(self.start.path, self.start.line + node.start_mark.line)


Loader.add_constructor("tag:yaml.org,2002:map", Loader.construct_entry)
Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in found if not tag.endswith((":timestamp", ":merge"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_yaml(text: str, place: Place) -> Any:
    """Read YAML that begins at `place`. Raises: PackError."""
    try:
        loader = Loader(text)
        loader.start = place
        return loader.get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = place.line + (mark.line if mark else 0)
        problem = f"this is not YAML: {getattr(error, 'problem', error)}."
        raise PackError(place.path, line, problem) from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:  # odd tags
        raise PackError(place.path, place.line, "this is not YAML of plain values.") from error


def read_text(path: Path) -> str:
    """Read a file of the pack. Raises: PackError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PackError(path, 1, "the file is missing.") from error
    except OSError as error:
        raise PackError(path, 1, f"the file cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise PackError(path, 1, "the file is not UTF-8 text.") from error
    if unseen := _UNSEEN.search(text):
        line = text.count("\n", 0, unseen.start()) + 1
        raise PackError(path, line, "there are letters that cannot be shown or kept.")
    return text


def front_matter(path: Path) -> tuple[Entry, str, Place]:
    """Split a file into its front matter, its text, and where the text begins."""
    lines = read_text(path).split("\n")
    if lines[0].rstrip() != "---" or "---" not in [line.rstrip() for line in lines[1:]]:
        raise PackError(path, 1, "begin with front matter between two lines of ---.")
    end = next(n for n, line in enumerate(lines[1:], start=1) if line.rstrip() == "---")
    meta = load_yaml("\n".join(lines[1:end]), Place(path, 2))
    if not isinstance(meta, Entry):
        raise PackError(path, 2, "the front matter must be names and values.")
    return meta, "\n".join(lines[end + 1 :]), Place(path, end + 2)
