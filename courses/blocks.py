"""What a lesson is written in. Each block has one template in templates/blocks/.

A block that asks something keeps its identity in the id Wagtail gives it in the stream, and each of
its choices in the id of the list item: answers hang on these, so editing wording loses none.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from courses.enums import QuestionKind, Verdict

PROSE = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]
SENTENCES = ["bold", "italic", "link"]


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=PROSE, **kwargs)

    class Meta:
        template = "blocks/text.html"
        icon = "pilcrow"
        label = _("Text")


class FactBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=SENTENCES, label=_("Fact"))
    source = blocks.CharBlock(
        label=_("Source"), max_length=250, help_text=_("Who published it, what, and when.")
    )
    url = blocks.URLBlock(label=_("Web address"), required=False)
    checked_on = blocks.DateBlock(label=_("Checked on"))
    limits = blocks.CharBlock(label=_("What it cannot bear"), required=False, max_length=300)

    class Meta:
        template = "blocks/fact.html"
        icon = "pick"
        label = _("Key fact")


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


# --- Blocks that ask ----------------------------------------------------------------------


class ChoiceBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Choice"), max_length=300)
    correct = blocks.BooleanBlock(label=_("This is right"), required=False)
    explanation = blocks.RichTextBlock(
        features=SENTENCES,
        label=_("Explanation"),
        help_text=_("Why it is right, or what is mistaken in it."),
    )


class QuestionBlock(blocks.StructBlock):
    """What every block that asks has. `kind` says how it is answered and marked."""

    kind: QuestionKind

    key = blocks.CharBlock(
        label=_("Short name"),
        required=False,
        max_length=80,
        help_text=_("Names the question in reports and course packs."),
    )
    outcome = blocks.CharBlock(
        label=_("Outcome"),
        required=False,
        max_length=80,
        help_text=_("The short name of the outcome this question tests."),
    )
    stem = blocks.RichTextBlock(features=SENTENCES, label=_("Question"))

    class Meta:
        template = "blocks/check.html"
        icon = "help"
        group = _("Knowledge checks")


class ChoiceQuestionBlock(QuestionBlock):
    choices = blocks.ListBlock(ChoiceBlock(), label=_("Choices"), min_num=2, max_num=8)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        problem = self.problem_with([bool(c["correct"]) for c in cleaned["choices"]])
        if problem:
            raise StructBlockValidationError(
                block_errors={
                    "choices": ListBlockValidationError(non_block_errors=ErrorList([problem]))
                }
            )
        return cleaned

    def problem_with(self, marks: list[bool]) -> Any:
        """Say in words what is wrong with which choices are marked right, or None."""
        raise NotImplementedError  # each kind of question has its rule


class SingleBlock(ChoiceQuestionBlock):
    kind = QuestionKind.SINGLE

    def problem_with(self, marks: list[bool]) -> Any:
        return None if sum(marks) == 1 else _("Mark exactly one choice as right.")

    class Meta:
        label = _("Check: one right answer")


class SeveralBlock(ChoiceQuestionBlock):
    kind = QuestionKind.SEVERAL

    def problem_with(self, marks: list[bool]) -> Any:
        return None if sum(marks) >= 2 else _("Mark at least two choices as right.")

    class Meta:
        label = _("Check: several right answers")


class TrueFalseBlock(ChoiceQuestionBlock):
    kind = QuestionKind.TRUE_FALSE

    def problem_with(self, marks: list[bool]) -> Any:
        if len(marks) != 2:
            return _("Give two choices: True, then False.")
        return None if sum(marks) == 1 else _("Mark either True or False as right.")

    class Meta:
        label = _("Check: true or false")


class OrderBlock(QuestionBlock):
    kind = QuestionKind.ORDER
    items = blocks.ListBlock(
        blocks.CharBlock(max_length=200),
        label=_("Steps in the right order"),
        min_num=3,
        max_num=7,
        help_text=_("Learners see them shuffled."),
    )
    explanation = blocks.RichTextBlock(features=SENTENCES, label=_("Explanation"))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        texts = [str(text).strip().casefold() for text in cleaned["items"]]
        if len(set(texts)) != len(texts):
            raise StructBlockValidationError(
                block_errors={
                    "items": ListBlockValidationError(
                        non_block_errors=ErrorList([str(_("Two steps read the same."))])
                    )
                }
            )
        return cleaned

    class Meta:
        label = _("Check: put in order")


class ShortBlock(QuestionBlock):
    kind = QuestionKind.SHORT
    accepted = blocks.ListBlock(
        blocks.CharBlock(max_length=120),
        label=_("Accepted forms"),
        min_num=1,
        max_num=30,
        help_text=_("An answer is right if it has one of these in it as whole words."),
    )
    model_answer = blocks.CharBlock(label=_("Model answer"), max_length=300)
    explanation = blocks.RichTextBlock(features=SENTENCES, label=_("Explanation"))

    class Meta:
        label = _("Check: short answer")


class ScenarioChoiceBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("What you would do"), max_length=300)
    outcome = blocks.RichTextBlock(features=SENTENCES, label=_("What follows"))
    verdict = blocks.ChoiceBlock(choices=Verdict.choices, label=_("How well it works"))


class ScenarioBlock(QuestionBlock):
    kind = QuestionKind.SCENARIO
    title = blocks.CharBlock(label=_("Heading"), max_length=120)
    situation = blocks.RichTextBlock(features=[*SENTENCES, "ul"], label=_("Situation"))
    choices = blocks.ListBlock(ScenarioChoiceBlock(), label=_("Choices"), min_num=2, max_num=6)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not any(choice["verdict"] == Verdict.GOOD for choice in cleaned["choices"]):
            raise ValidationError(_("At least one choice must be a good step."))
        return cleaned

    class Meta:
        label = _("Scenario")
        icon = "group"
        group = _("Knowledge checks")


class LessonBody(blocks.StreamBlock):
    text = TextBlock()
    fact = FactBlock()
    quote = QuoteBlock()
    image = ImageBlock()
    support = SupportBlock()
    reading = ReadingBlock()
    single = SingleBlock()
    several = SeveralBlock()
    true_false = TrueFalseBlock()
    order = OrderBlock()
    short = ShortBlock()
    scenario = ScenarioBlock()


class OutcomeBlock(blocks.StructBlock):
    key = blocks.CharBlock(
        label=_("Short name"),
        max_length=80,
        help_text=_("Stays the same when the wording changes."),
    )
    text = blocks.CharBlock(
        label=_("Outcome"),
        max_length=120,
        help_text=_("What the learner can do afterwards. It is printed on the certificate."),
    )
