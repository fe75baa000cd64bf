"""Blocks that are read: text, facts, quotes, pictures, support, further reading."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.blocks.rules import PROSE, SENTENCES, CheckedBlock


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=PROSE, **kwargs)

    class Meta:
        template = "blocks/text.html"
        icon = "pilcrow"
        label = _("Text")


class FactBlock(CheckedBlock):
    text = blocks.RichTextBlock(features=SENTENCES, label=_("Fact"))
    source = blocks.CharBlock(
        label=_("Source"), max_length=250, help_text=_("Who published it, what, and when.")
    )
    url = blocks.URLBlock(label=_("Web address"), required=False)
    checked_on = blocks.DateBlock(label=_("Checked on"))
    limits = blocks.CharBlock(
        label=_("What it cannot bear"),
        required=False,
        max_length=300,
        help_text=_("Who was not counted, how old it is, what it does not show."),
    )

    def problems(self, value: Any) -> dict[str, ValidationError]:
        if value["checked_on"] > timezone.localdate():
            return {"checked_on": ValidationError(_("This day is still to come."))}
        return {}

    class Meta:
        template = "blocks/fact.html"
        icon = "pick"
        label = _("Key fact")


class RegisterFactValue(blocks.StructValue):
    @property
    def is_being_checked(self) -> bool:
        """Say whether readers must be told that the entry may not hold any more."""
        entry = self["entry"]
        return entry is not None and entry.is_past_review(timezone.localdate())


class RegisterFactBlock(blocks.StructBlock):
    """An entry of the register of facts: its words, source and date are those of the register."""

    entry = SnippetChooserBlock("courses.Fact", label=_("Entry of the register"))

    class Meta:
        template = "blocks/register_fact.html"
        value_class = RegisterFactValue
        icon = "calendar-check"
        label = _("Fact from the register")


class QuoteBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=SENTENCES, label=_("Words"))
    who = blocks.CharBlock(label=_("Whose words"), max_length=200)

    class Meta:
        template = "blocks/quote.html"
        icon = "openquote"
        label = _("Quote")


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.TextBlock(
        label=_("Text alternative"),
        rows=2,
        help_text=_("What somebody needs to know who cannot see the picture."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        template = "blocks/image.html"
        icon = "image"
        label = _("Picture")


class SupportBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), max_length=120)
    text = blocks.RichTextBlock(features=[*SENTENCES, "ul"], label=_("Where to get support"))

    class Meta:
        template = "blocks/support.html"
        icon = "help"
        label = _("Support box")


class ReadingItemBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=200)
    source = blocks.CharBlock(label=_("Publisher and date"), max_length=200)
    url = blocks.URLBlock(label=_("Web address"), required=False)


class ReadingBlock(blocks.StructBlock):
    items = blocks.ListBlock(ReadingItemBlock(), label=_("Further reading"), min_num=1)

    class Meta:
        template = "blocks/reading.html"
        icon = "doc-full"
        label = _("Further reading")
