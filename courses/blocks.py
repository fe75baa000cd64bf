"""What a lesson is written in. Each block has one template in templates/blocks/.

A block that asks something keeps its identity in the id Wagtail gives it in the stream, and each of
its choices in the id of the list item: answers hang on these, so editing wording loses none.
"""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from courses.enums import QuestionKind, Verdict

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


class QuestionBlock(CheckedBlock):
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


def _same_choices(choices: Any) -> dict[str, ValidationError]:
    problem = {"text": ValidationError(_("Another choice reads the same."))}
    places = repeated([choice["text"] for choice in choices])
    errors = {place: StructBlockValidationError(block_errors=problem) for place in places}
    return {"choices": ListBlockValidationError(block_errors=errors)} if errors else {}


class ChoiceQuestionBlock(QuestionBlock):
    choices = blocks.ListBlock(ChoiceBlock(), label=_("Choices"), min_num=2, max_num=8)

    def problems(self, value: Any) -> dict[str, ValidationError]:
        problem = self.problem_with([bool(choice["correct"]) for choice in value["choices"]])
        if problem:
            return {"choices": ListBlockValidationError(non_block_errors=ErrorList([problem]))}
        return _same_choices(value["choices"])

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

    def problems(self, value: Any) -> dict[str, ValidationError]:
        if not repeated(list(value["items"])):
            return {}
        problem = str(_("Two steps read the same."))
        return {"items": ListBlockValidationError(non_block_errors=ErrorList([problem]))}

    class Meta:
        label = _("Check: put in order")


class ShortBlock(QuestionBlock):
    kind = QuestionKind.SHORT
    accepted = blocks.ListBlock(
        blocks.CharBlock(max_length=120),
        label=_("Accepted forms"),
        min_num=1,
        max_num=60,
        help_text=_("An answer is right if it has one of these in it as whole words."),
    )
    model_answer = blocks.CharBlock(label=_("Model answer"), max_length=300)
    explanation = blocks.RichTextBlock(features=SENTENCES, label=_("Explanation"))

    def problems(self, value: Any) -> dict[str, ValidationError]:
        problem = ValidationError(_("Nobody can write this: it has no letter or digit in it."))
        errors = {n: problem for n, form in enumerate(value["accepted"]) if not normalise(form)}
        return {"accepted": ListBlockValidationError(block_errors=errors)} if errors else {}

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

    def problems(self, value: Any) -> dict[str, ValidationError]:
        if not any(choice["verdict"] == Verdict.GOOD for choice in value["choices"]):
            problem = str(_("At least one choice must be a good step."))
            return {"choices": ListBlockValidationError(non_block_errors=ErrorList([problem]))}
        return _same_choices(value["choices"])

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


class OutcomesBlock(blocks.StreamBlock):
    outcome = OutcomeBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        problem = {"key": ValidationError(_("Another outcome has this short name."))}
        places = repeated([block.value["key"] for block in cleaned])
        if places and not self.is_deferred_validation:
            raise StreamBlockValidationError(
                block_errors={n: StructBlockValidationError(block_errors=problem) for n in places}
            )
        return cleaned
