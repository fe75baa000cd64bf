"""Letters that are alike bold, italic and linked, and how Markdown writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

Style = tuple[str, str]  # ("b", ""), ("i", "") or ("a", address)


@dataclass(frozen=True)
class Run:
    text: str  # "\n" is a new line within the paragraph
    marks: frozenset[str]
    href: str

    @property
    def styles(self) -> set[Style]:
        found: set[Style] = {(mark, "") for mark in self.marks}
        return found | {("a", self.href)} if self.href else found


@dataclass(frozen=True)
class Block:
    """A paragraph or heading with its runs, or a list with the blocks of its items."""

    kind: str
    runs: tuple[Run, ...] = ()
    items: tuple[tuple[Block, ...], ...] = ()
    start: int = field(default=1)


def tidy(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Join what is alike. A space is bold, italic or linked only if both its neighbours are."""
    pieces: list[Run] = []
    for run in runs:
        for text in re.findall(r"\n| +|[^ \n]+", run.text):
            pieces.append(Run(text, run.marks, run.href))
    pieces = _without_outer_spaces(pieces)
    words = [number for number, piece in enumerate(pieces) if piece.text not in (" ", "\n")]
    joined: list[Run] = []
    for number, piece in enumerate(pieces):
        if piece.text in (" ", "\n"):
            left = pieces[max(n for n in words if n < number)]
            right = pieces[min(n for n in words if n > number)]
            href = left.href if left.href == right.href else ""
            piece = Run(piece.text, left.marks & right.marks, href)
        if joined and (joined[-1].marks, joined[-1].href) == (piece.marks, piece.href):
            joined[-1] = Run(joined[-1].text + piece.text, piece.marks, piece.href)
        else:
            joined.append(piece)
    return tuple(joined)


def _without_outer_spaces(pieces: list[Run]) -> list[Run]:
    """Keep one space between words, none at the ends of lines, no empty line at the ends."""
    kept: list[Run] = []
    for piece in pieces:
        if piece.text.strip(" ") == "":
            if kept and kept[-1].text not in (" ", "\n"):
                kept.append(Run(" ", piece.marks, piece.href))
        else:
            if piece.text == "\n" and kept and kept[-1].text == " ":
                kept.pop()
            if piece.text != "\n" or kept:
                kept.append(piece)
    while kept and kept[-1].text in (" ", "\n"):
        kept.pop()
    return kept


# --- Markdown -----------------------------------------------------------------------------


def inline(runs: Sequence[Run], emphasis: str) -> str:
    """Write runs as Markdown, with `emphasis` for italics."""
    tokens = _tokens(list(runs), [], emphasis)
    return _assembled(tokens)


@dataclass
class _Token:
    kind: str  # text, open, close
    text: str


def _tokens(runs: list[Run], active: list[Style], emphasis: str) -> list[_Token]:
    tokens: list[_Token] = []
    number = 0
    while number < len(runs):
        waiting = sorted(runs[number].styles - set(active))
        if not waiting:
            tokens.append(_Token("text", runs[number].text))
            number += 1
            continue
        reach = {style: _reach(runs, number, style) for style in waiting}
        style = max(waiting, key=lambda one: (reach[one], one[0] == "a"))
        inner = _tokens(runs[number : number + reach[style]], [*active, style], emphasis)
        before, after = _delimiters(style, emphasis)
        tokens += [_Token("open", before), *inner, _Token("close", after)]
        number += reach[style]
    return tokens


def _reach(runs: list[Run], number: int, style: Style) -> int:
    count = 0
    while number + count < len(runs) and style in runs[number + count].styles:
        count += 1
    return count


def _delimiters(style: Style, emphasis: str) -> tuple[str, str]:
    kind, href = style
    if kind == "a":
        target = href if re.fullmatch(r"[^\s()<>]+", href) else f"<{href}>"
        return "[", f"]({target})"
    mark = "**" if kind == "b" else emphasis
    return mark, mark


def _assembled(tokens: list[_Token]) -> str:
    out = ""
    raw_before = ""  # the letter that stands before, as it is read
    for number, token in enumerate(tokens):
        if token.kind == "text":
            text = _escaped(token.text)
            first = token.text[0]
            closed = number and tokens[number - 1].kind == "close"
            if closed and tokens[number - 1].text[0] in "*_" and _needs(raw_before, first):
                text = f"&#{ord(first)};" + _escaped(token.text[1:])
            out, raw_before = out + text, token.text[-1]
            continue
        if token.kind == "open":
            following = next((one.text[0] for one in tokens[number:] if one.kind == "text"), "")
            is_mark = token.text[0] in "*_"
            if is_mark and out[-1:] == raw_before and _needs(following, raw_before):
                out = out[:-1] + f"&#{ord(raw_before)};"
            if token.text == "[" and out.endswith("!"):
                out = out[:-1] + "\\!"
        out += token.text
    return _lines(out)


def _needs(inner: str, outer: str) -> bool:
    """A mark between a sign (inside) and a letter (outside) is not read as one: hide the letter."""
    return bool(inner and outer) and _is_sign(inner) and not (_is_sign(outer) or outer.isspace())


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"


def _escaped(text: str) -> str:
    text = re.sub(r"([\\`*\[\]])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"<(?=[A-Za-z/!?])", r"\\<", text)
    return re.sub(r"&(?=#|\w+;)", r"\\&", text)


def _lines(text: str) -> str:
    """Write new lines, and hide what would begin something at the start of one."""
    return "\\\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    line = re.sub(r"^(#{1,6})(?=\s|$)", r"\\\1", line)
    line = re.sub(r"^([-+>]|=+\s*$|-+\s*$|~{3})", r"\\\1", line)
    return re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", line)
