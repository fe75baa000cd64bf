"""Files of a pack, their YAML, and where in them something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from lms.core.errors import DomainError


class PackError(DomainError):
    """The pack cannot be read as it is. The message names file and line."""

    code = "pack_error"
    status = 422

    def __init__(self, path: Path | str, line: int, problem: str) -> None:
        self.path, self.line, self.problem = str(path), line, problem
        super().__init__(f"{path}, line {line}: {problem}")


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


class _Loader(yaml.SafeLoader):
    """Plain values only: dates stay text, and a name that is given twice is refused."""

    start: Place

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


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_entry)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in found if not tag.endswith((":timestamp", ":merge"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_yaml(text: str, place: Place) -> Any:
    """Read YAML that begins at `place`. Raises: PackError."""
    try:
        loader = _Loader(text)
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
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PackError(path, 1, "the file is missing.") from error
    except OSError as error:
        raise PackError(path, 1, f"the file cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise PackError(path, 1, "the file is not UTF-8 text.") from error


def front_matter(path: Path) -> tuple[Entry, str, Place]:
    """Split a file into its front matter, its text, and where the text begins."""
    lines = read_text(path).split("\n")
    if lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        raise PackError(path, 1, "begin with front matter between two lines of ---.")
    end = next(n for n, line in enumerate(lines[1:], start=1) if line.strip() == "---")
    meta = load_yaml("\n".join(lines[1:end]), Place(path, 2))
    if not isinstance(meta, Entry):
        raise PackError(path, 2, "the front matter must be names and values.")
    return meta, "\n".join(lines[end + 1 :]), Place(path, end + 2)
