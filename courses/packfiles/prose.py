"""Rich text back into Markdown: one form for one meaning, and never less than there was.

Rich text is read into blocks of runs, letters that are alike bold, italic and linked. Two texts
are the same when these are. What is written is read again, and refused if it came out otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from courses.packfiles.markdown import normal_address, rich_text
from courses.packfiles.places import PackError, Place
from courses.packfiles.runs import Block, Run, inline, tidy

_STYLES = {"b": "b", "strong": "b", "i": "i", "em": "i"}
_BLOCKS = {"p", "h2", "h3"}
_LISTS = {"ul", "ol"}


class NotInAPack(ValueError):
    """The rich text holds something that a pack cannot."""


def blocks_of(html: str) -> tuple[Block, ...]:
    """Read rich text into its blocks; two texts that read alike have the same. Empty
    paragraphs, and the keys that Wagtail's editor gives to blocks, mean nothing.

    Raises: NotInAPack.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.finished())


def same_prose(one: str, other: str) -> bool:
    """Say whether two rich texts read alike."""
    if one == other:
        return True
    try:
        return blocks_of(one) == blocks_of(other)
    except NotInAPack:
        return False


def markdown_of(html: str) -> str:
    """Write rich text as Markdown. Raises: NotInAPack when it would not come back the same."""
    wanted = blocks_of(html)
    for emphasis in ("*", "_"):
        text = _written(wanted, emphasis)
        try:
            if blocks_of(rich_text(text, Place(Path(), 1))) == wanted:
                return text
        except PackError as error:
            raise NotInAPack(error.problem) from error
    words = " ".join(re.sub("<[^>]*>", " ", html).split())
    raise NotInAPack(f"Markdown cannot hold this text as it is: “{words[:80]}”.")


@dataclass
class _List:
    kind: str
    start: int
    items: list[tuple[Block, ...]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.bodies: list[list[Block]] = [[]]  # of the text, then of each open list item
        self.lists: list[_List] = []
        self.styles: list[str] = []
        self.href = ""
        self.runs: list[Run] = []
        self.kind = "p"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs if name != "data-block-key"}
        if tag == "a":
            self._open_link(said)
        elif tag in _STYLES and not said:
            self.styles.append(_STYLES[tag])
        elif tag == "br" and not said:
            self.runs.append(Run("\n", frozenset(), ""))
        elif tag in _BLOCKS and not said:
            self._end_block()
            self.kind = tag
        elif tag in _LISTS and not set(said) - {"start"}:
            self._end_block()
            start = said.get("start", "1")
            self.lists.append(_List(tag, int(start) if start.isdigit() else 1))
        elif tag == "li" and self.lists and not said:
            self._end_block()
            self.bodies.append([])
        else:
            raise NotInAPack(_cannot(tag, said))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.href = ""
        elif tag in _STYLES:
            if _STYLES[tag] in self.styles:
                self.styles.remove(_STYLES[tag])
        elif tag in _BLOCKS:
            self._end_block()
        elif tag == "li" and self.lists and len(self.bodies) > 1:
            self._end_block()
            self.lists[-1].items.append(tuple(self.bodies.pop()))
        elif tag in _LISTS and self.lists:
            self._end_block()
            done = self.lists.pop()
            if done.items:
                self.bodies[-1].append(Block(done.kind, (), tuple(done.items), done.start))

    def handle_data(self, data: str) -> None:
        self.runs.append(Run(re.sub(r"[ \t\r\n\f]+", " ", data), frozenset(self.styles), self.href))

    def handle_comment(self, data: str) -> None:
        raise NotInAPack("a text with an HTML comment cannot be written in a pack.")

    def finished(self) -> list[Block]:
        self._end_block()
        return self.bodies[0]

    def _open_link(self, said: dict[str, str]) -> None:
        if "linktype" in said:
            raise NotInAPack(
                "a link leads to a page or document chosen on this site, which another site has"
                " not. Write its web address instead."
            )
        if set(said) != {"href"} or not said["href"]:
            raise NotInAPack(_cannot("a", said))
        self.href = normal_address(said["href"])

    def _end_block(self) -> None:
        runs = tidy(self.runs)
        if runs:
            self.bodies[-1].append(Block(self.kind, runs))
        self.runs, self.kind = [], "p"


def _cannot(tag: str, said: dict[str, Any]) -> str:
    names = "".join(f" {name}" for name in said)
    return f"a text with <{tag}{names}> cannot be written in a pack."


# --- Writing ------------------------------------------------------------------------------


def _written(blocks: Sequence[Block], emphasis: str) -> str:
    return "\n\n".join(_parts(blocks, emphasis))


def _parts(blocks: Sequence[Block], emphasis: str) -> Iterator[str]:
    before = ""
    for block in blocks:
        if block.kind in _LISTS:
            # A list right after one of its kind begins with the other mark.
            mark = "other" if before == block.kind else "first"
            before = "" if before == block.kind else block.kind
            yield _list(block, emphasis, mark)
        else:
            before = ""
            lead = {"h2": "## ", "h3": "### "}.get(block.kind, "")
            yield lead + inline(block.runs, emphasis)


def _list(block: Block, emphasis: str, mark: str) -> str:
    lines = []
    for number, item in enumerate(block.items, start=block.start):
        if block.kind == "ul":
            lead = "- " if mark == "first" else "* "
        else:
            lead = f"{number}{'.' if mark == 'first' else ')'} "
        # A list within the item follows its words at once; other blocks after an empty line.
        text = ""
        before = None
        for child, part in zip(item, _parts(item, emphasis), strict=True):
            tight = before is not None and before.kind == "p" and child.kind in _LISTS
            text += ("\n" if tight else "\n\n" if before else "") + part
            before = child
        indented = text.replace("\n", "\n" + " " * len(lead))
        lines.append(re.sub(r"\n +(?=\n)", "\n", lead + indented).rstrip())
    return "\n".join(lines)


__all__ = ["NotInAPack", "blocks_of", "markdown_of", "same_prose"]
