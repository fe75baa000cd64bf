"""What blocks share: which writing they allow, and rules across their fields."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from lms.core.pdf import undrawable_letters

PROSE = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]
SENTENCES = ["bold", "italic", "link"]


def normalise(text: str) -> str:
    """Reduce an answer to its words: no capitals, accents or punctuation, one space between."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain))


def repeated(texts: list[str]) -> list[int]:
    """Find the places of the texts that read like one before them."""
    seen: set[str] = set()
    places = []
    for place, text in enumerate(" ".join(str(text).split()).casefold() for text in texts):
        if text in seen:
            places.append(place)
        seen.add(text)
    return places


def must_be_printable(text: str) -> None:
    """Refuse letters our certificates have no type for. Raises: ValidationError."""
    if letters := undrawable_letters(text):
        raise ValidationError(
            _("Certificates carry these words, and our typeface has no “%(letters)s”.")
            % {"letters": letters}
        )


class CheckedBlock(blocks.StructBlock):
    """A block with a rule across its fields. Drafts may break it."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (problems := self.problems(cleaned)):
            raise StructBlockValidationError(block_errors=problems)
        return cleaned

    def problems(self, value: Any) -> dict[str, ValidationError]:
        """Say in a sentence what is wrong, by the field it is wrong at."""
        return {}


def same_texts(choices: Any) -> dict[str, ValidationError]:
    problem = {"text": ValidationError(_("Another choice reads the same."))}
    places = repeated([choice["text"] for choice in choices])
    errors = {place: StructBlockValidationError(block_errors=problem) for place in places}
    return {"choices": ListBlockValidationError(block_errors=errors)} if errors else {}
