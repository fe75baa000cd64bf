"""Postcodes of the United Kingdom, always written the same way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# The shapes that Royal Mail gives out, and the one that fits none of them.
_OUTWARD = r"(?:[A-Z]{1,2}[0-9]{1,2}|[A-Z]{1,2}[0-9][A-Z]|GIR)"
_POSTCODE = re.compile(rf"({_OUTWARD})([0-9][ABD-HJLNP-UW-Z]{{2}})")
LENGTH = 8


def normalised_postcode(text: str) -> str:
    """Write a postcode with capitals and one space: 'sw1a1aa' is 'SW1A 1AA'. Nothing stays nothing.

    Only its shape is checked. Raises: ValidationError for what is no postcode.
    """
    squeezed = "".join(text.split()).upper()
    if not squeezed:
        return ""
    found = _POSTCODE.fullmatch(squeezed)
    if found is None:
        raise ValidationError(_("Enter a full postcode, like OX1 1TL."), code="postcode")
    return f"{found[1]} {found[2]}"


if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField


class PostcodeField(_CharField):
    """A UK postcode or nothing, normalised when the row is cleaned."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LENGTH)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Be a plain CharField to migrations, which import nothing of ours."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        return str(super().clean(normalised_postcode(str(value or "")), model_instance))

    def formfield(self, **kwargs: Any) -> Any:
        # What is typed may have more spaces than what is kept.
        return super().formfield(**{"max_length": 32, **kwargs})
