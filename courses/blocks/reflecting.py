"""A question the learner answers for themselves alone."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks.rules import SENTENCES


class ReflectionBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), max_length=120)
    prompt = blocks.RichTextBlock(
        features=[*SENTENCES, "ul"],
        label=_("Question to think about"),
        help_text=_("Only the learner ever reads what they write here."),
    )

    class Meta:
        template = "blocks/reflection.html"
        icon = "edit"
        label = _("Reflection")
