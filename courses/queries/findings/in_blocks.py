"""What is found in one block: pictures, sources, recordings, questions."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from courses.blocks import LessonBody, normalise
from courses.blocks.asking import ChoiceQuestionBlock
from courses.queries.findings.shapes import Block, Finding, Known, KnownFact, items_of, shortened

_BLOCKS = LessonBody().child_blocks
_FILE_NAME = re.compile(
    r"\.(?:avif|bmp|gif|heic|jpe?g|png|svg|tiff?|webp)$|^(?:img|dsc|dscn|image|picture|photo|"
    r"screenshot|scan|pxl)[\s_-]*[\d_-]*$|^\S*_\S*$",
    re.IGNORECASE,
)


def findings_in_block(block: Block, known: Known) -> Iterator[Finding]:
    """Give what is wrong with `block` by itself."""
    look = _LOOKS.get(block.type)
    if look is not None and isinstance(block.value, dict):
        yield from look(block, known)


def _plain(html: Any) -> str:
    return " ".join(unescape(strip_tags(str(html or ""))).split())


def _picture(block: Block, known: Known) -> Iterator[Finding]:
    alt = str(block.value.get("alt") or "").strip()
    image = known.images.get(block.value.get("image") or 0)
    why = _("Somebody who cannot see the picture hears these words in its place.")
    if image is None:
        yield Finding(
            "picture-gone",
            _("The picture is not there any more."),
            _("Learners would see an empty frame. Choose another picture."),
            block.at("image"),
            prevents=True,
        )
    if not alt:
        yield Finding(
            "no-alt", _("The picture has no text alternative."), why, block.at("alt"), prevents=True
        )
    elif _FILE_NAME.search(alt) or (image is not None and alt == image.filename):
        what = _("The text alternative reads like the name of a file.")
        yield Finding("alt-is-file", what, why, block.at("alt"), words=alt)
    elif normalise(alt) == normalise(str(block.value.get("caption") or "")):
        what = _("The text alternative says the same as the caption.")
        twice = _("It would be read out twice, and the picture would still not be described.")
        yield Finding("alt-is-caption", what, twice, block.at("alt"), words=alt)


def _fact(block: Block, known: Known) -> Iterator[Finding]:
    if not str(block.value.get("source") or "").strip():
        yield Finding(
            "no-source",
            _("The key fact has no source."),
            _("Learners repeat a fact at work: they must be able to say where it is from."),
            block.at("source"),
            words=shortened(_plain(block.value.get("text"))),
            prevents=True,
        )


def _quote(block: Block, known: Known) -> Iterator[Finding]:
    if not str(block.value.get("who") or "").strip():
        yield Finding(
            "no-source",
            _("The quote does not say whose words it has."),
            _("Words of a family or a colleague are theirs: say whose, or how they are called."),
            block.at("who"),
            words=shortened(_plain(block.value.get("text"))),
            prevents=True,
        )


def _reading(block: Block, known: Known) -> Iterator[Finding]:
    for item, value in items_of(block.value.get("items")):
        if not str(value.get("source") or "").strip():
            yield Finding(
                "no-source",
                _("Further reading without its publisher and date."),
                _("Readers judge by it whether to trust it and whether it is still good."),
                block.at("items", item, "source"),
                words=shortened(str(value.get("title") or "")),
                prevents=True,
            )


def _register_fact(block: Block, known: Known) -> Iterator[Finding]:
    fact = known.facts.get(block.value.get("entry") or 0)
    if fact is None:
        yield Finding(
            "fact-gone",
            _("The entry of the register is not there any more."),
            _("Learners would see nothing in its place. Choose another entry."),
            block.at("entry"),
            prevents=True,
        )
    else:
        yield from _ageing(block, fact, known)


def _ageing(block: Block, fact: KnownFact, known: Known) -> Iterator[Finding]:
    path = block.at("entry")
    if fact.is_retired:
        what = _("This fact is no longer kept in the register.")
        why = _("Nobody looks it up any more, and readers are told so. Take it out.")
        yield Finding("fact-retired", what, why, path, words=fact.title)
    elif fact.review_on < known.on:
        what = _("This fact was to be looked up again by %(day)s.") % {
            "day": date_format(fact.review_on)
        }
        why = _("Readers are told that it may not hold. Check it before you publish.")
        yield Finding("fact-past-review", what, why, path, words=fact.title)


def _recording(block: Block, known: Known) -> Iterator[Finding]:
    path = block.at("recording")
    recording = known.recordings.get(block.value.get("recording") or 0)
    if recording is None:
        what = _("The recording is not there any more.")
        why = _("Learners would have nothing to play. Choose another one.")
        yield Finding("recording-gone", what, why, path, prevents=True)
        return
    if not recording.has_transcript:
        what = _("The recording has no transcript.")
        why = _("Some people read what others hear, and many work where there is no sound.")
        yield Finding("no-transcript", what, why, path, prevents=True)
    if block.type == "video" and not recording.has_captions:
        what = _("The video has no captions.")
        why = _("Somebody who cannot hear it would see mouths move.")
        yield Finding("no-captions", what, why, path, prevents=True)


def _download(block: Block, known: Known) -> Iterator[Finding]:
    if block.value.get("document") not in known.documents:
        what = _("The file is not there any more.")
        why = _("Learners could not take it away. Choose another one.")
        yield Finding("document-gone", what, why, block.at("document"), prevents=True)


def _choices(block: Block, known: Known) -> Iterator[Finding]:
    kind = _BLOCKS[block.type]
    if not isinstance(kind, ChoiceQuestionBlock):
        return
    marks = [bool(choice.get("correct")) for _id, choice in items_of(block.value.get("choices"))]
    if problem := kind.problem_with(marks):
        yield Finding(
            "no-right-answer",
            str(problem),
            _("Nobody could answer the question rightly, or everybody would."),
            block.at("choices"),
            words=shortened(_plain(block.value.get("stem"))),
            prevents=True,
        )


_LOOKS = {
    "image": _picture,
    "fact": _fact,
    "quote": _quote,
    "reading": _reading,
    "register_fact": _register_fact,
    "video": _recording,
    "audio": _recording,
    "download": _download,
    "single": _choices,
    "several": _choices,
    "true_false": _choices,
}
