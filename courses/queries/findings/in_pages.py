"""What is found in a whole lesson, in an assessment and in the outline of a course."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import QuestionKind
from courses.queries.findings.in_blocks import findings_in_block
from courses.queries.findings.in_figures import findings_in_figures
from courses.queries.findings.in_links import (
    PlacedLink,
    addresses_in_block,
    findings_in_link,
    links_in_text,
)
from courses.queries.findings.reading_age import (
    OLDEST,
    longest,
    minutes_to_read,
    reading_age,
    words_in,
)
from courses.queries.findings.shapes import Block, Finding, Known, Text, shortened
from courses.queries.findings.texts import headings_of, sentences_of, texts_of

# Words of others are theirs: no editor makes them easier.
_NOT_OURS = ("quote", "register_fact", "reading")
_LONG_SENTENCE = 30


def texts_in(blocks: Iterable[Block]) -> list[Text]:
    """List every rich text of `blocks`."""
    return [text for block in blocks for text in texts_of(block)]


def links_in(blocks: Iterable[Block], texts: Iterable[Text]) -> list[PlacedLink]:
    """List every link of `blocks` and `texts`, those of fields included."""
    found = [link for text in texts for link in links_in_text(text)]
    return found + [link for block in blocks for link in addresses_in_block(block)]


def findings_in_stream(
    blocks: list[Block], known: Known, *, texts: Iterable[Text] = ()
) -> Iterator[Finding]:
    """Give what is wrong with `blocks` and with `texts` beside them, one by one."""
    every = [*texts, *texts_in(blocks)]
    for block in blocks:
        yield from findings_in_block(block, known)
    for link in links_in(blocks, every):
        yield from findings_in_link(link, known)


def findings_in_lesson(blocks: list[Block], known: Known, *, minutes: int) -> Iterator[Finding]:
    """Give what is wrong with a lesson: its blocks, how it reads, how long it takes, its headings.

    It is longer than it says when reading, questions and recordings take half as long again.
    """
    yield from findings_in_stream(blocks, known)
    yield from findings_in_figures(blocks, known)
    yield from findings_in_headings(blocks)
    texts = texts_in(blocks)
    yield from findings_in_words(texts)
    words = sum(
        len(words_in(s)) for text in texts if text.is_prose for s in sentences_of(text.html)
    )
    played = [
        known.recordings.get(block.value.get("recording") or 0)
        for block in blocks
        if block.type in ("video", "audio") and isinstance(block.value, dict)
    ]
    seconds = sum(recording.seconds for recording in played if recording)
    questions = sum(block.type in QuestionKind.values for block in blocks)
    needed = minutes_to_read(words, questions=questions, seconds=seconds)
    if needed > minutes * 1.5 and needed > minutes + 1:
        what = ngettext(
            "It says one minute, and takes about %(needed)d.",
            "It says %(n)d minutes, and takes about %(needed)d.",
            minutes,
        )
        why = _("People plan the time they have by it, and stop where it runs out.")
        yield Finding("too-long", what % {"n": minutes, "needed": needed}, why, "minutes")


def findings_in_words(texts: Iterable[Text]) -> Iterator[Finding]:
    """Say that `texts` are read with ease only by people older than the target, and where."""
    ours = [
        (sentence, text)
        for text in texts
        if text.is_prose and (text.block is None or text.block.type not in _NOT_OURS)
        for sentence in sentences_of(text.html)
    ]
    sentences = [sentence for sentence, _text in ours]
    age = reading_age(sentences)
    if age is None or age <= OLDEST:
        return
    sentence, count = longest(sentences)
    path = next(text.path for each, text in ours if each == sentence)
    what = _("It is read with ease from the age of %(age)d; the target is %(target)d.") % {
        "age": age,
        "target": OLDEST,
    }
    if count > _LONG_SENTENCE:
        what += " " + _("Its longest sentence has %(count)d words.") % {"count": count}
    why = _("People read between two tasks, and some in their second language.")
    yield Finding("reading-age", what, why, path, words=shortened(sentence, 140))


def findings_in_headings(blocks: Iterable[Block]) -> Iterator[Finding]:
    """Say where a heading is two levels below the one before; the lesson's title is level 1."""
    before = 1
    for block in blocks:
        if block.type != "text":
            continue
        for heading in headings_of(str(block.value or "")):
            if not heading.words:
                what = _("A heading has no words.")
                why = _("It stands in the list of headings by which many people find their way.")
                yield Finding("heading-empty", what, why, block.path)
            elif heading.level > before + 1:
                what = _("A heading is two steps below the one before it.")
                why = _("Who moves from heading to heading would think that something is missing.")
                yield Finding("heading-jumps", what, why, block.path, words=heading.words)
            before = heading.level


def outcomes_never_asked(
    outcomes: Iterable[Block], asked: set[str], *, has_assessment: bool
) -> Iterator[Finding]:
    """Name the outcomes that no question is about: those of the bank count where there is one."""
    for block in outcomes:
        if block.value.get("key") in asked:
            continue
        what = (
            _("No question of the assessment is about this outcome.")
            if has_assessment
            else _("No knowledge check is about this outcome.")
        )
        why = _("The certificate says that people can do it, and nobody was ever asked.")
        words = str(block.value.get("text") or "")
        yield Finding("outcome-not-asked", what, why, block.path, words=words)
