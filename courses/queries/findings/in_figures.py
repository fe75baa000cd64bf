"""Figures in running text: whoever repeats one must be able to say where it is from."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from courses.queries.findings.shapes import Block, Finding, Known, shortened
from courses.queries.findings.texts import links_of, sentences_of

# What reads as a figure that somebody counted: a share, a ratio, a large number.
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?\s?(?:%|per\s?cent\b)|\b(?:one|two|three|\d+)\s+(?:in|out of)\s+(?:every\s+)?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twenty|\d+)\b|\b\d{1,3}(?:,\d{3})+\b|"
    r"\b\d+(?:\.\d+)?\s(?:million|thousand)\b|\b\d+(?:\.\d+)?\stimes\s(?:more|as)\b",
    re.IGNORECASE,
)


def figures_in(text: str) -> list[str]:
    """List the figures of a plain text, each in one way of writing it."""
    return [_one_way(found.group()) for found in _FIGURE.finditer(text)]


def _one_way(figure: str) -> str:
    return re.sub(r"\s*per\s?cent", "%", " ".join(figure.lower().split())).replace(" %", "%")


def findings_in_figures(blocks: list[Block], known: Known) -> Iterator[Finding]:
    """Say which texts have a figure that no fact of the lesson gives, and no link beside it."""
    sourced = {figure for text in _facts(blocks, known) for figure in figures_in(text)}
    for block in blocks:
        html = str(block.value or "")
        if block.type != "text" or links_of(html):
            continue
        sentences = [
            sentence for sentence in sentences_of(html) if set(figures_in(sentence)) - sourced
        ]
        if sentences:
            yield Finding(
                "figure-without-source",
                _("A figure stands in the text without a source."),
                _("Make it a key fact or an entry of the register, or link to where it is from."),
                block.path,
                words=shortened(sentences[0]),
            )


def _facts(blocks: Iterable[Block], known: Known) -> Iterator[str]:
    for block in blocks:
        if not isinstance(block.value, dict):
            continue
        if block.type == "fact":
            html = f"{block.value.get('text') or ''} {block.value.get('limits') or ''}"
            yield " ".join(sentences_of(html))
        elif block.type == "register_fact" and block.value.get("entry") in known.facts:
            yield " ".join(sentences_of(known.facts[block.value["entry"]].text))
