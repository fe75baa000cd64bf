"""Blocks that ask. Each keeps its identity in the id Wagtail gives it in the stream, and each of
its choices in the id of the list item: answers hang on these, so editing wording loses none.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError

from courses.blocks.rules import SENTENCES, CheckedBlock, normalise, repeated, same_texts
from courses.enums import QuestionKind, Verdict


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


class ChoiceQuestionBlock(QuestionBlock):
    choices = blocks.ListBlock(ChoiceBlock(), label=_("Choices"), min_num=2, max_num=8)

    def problems(self, value: Any) -> dict[str, ValidationError]:
        problem = self.problem_with([bool(choice["correct"]) for choice in value["choices"]])
        if problem:
            return {"choices": ListBlockValidationError(non_block_errors=ErrorList([problem]))}
        return same_texts(value["choices"])

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


class PairBlock(blocks.StructBlock):
    prompt = blocks.CharBlock(label=_("This"), max_length=200)
    match = blocks.CharBlock(label=_("Belongs to this"), max_length=200)


class MatchBlock(QuestionBlock):
    kind = QuestionKind.MATCH
    pairs = blocks.ListBlock(
        PairBlock(),
        label=_("Pairs"),
        min_num=3,
        max_num=7,
        help_text=_("Learners see what belongs together shuffled, and put it together again."),
    )
    explanation = blocks.RichTextBlock(features=SENTENCES, label=_("Explanation"))

    def problems(self, value: Any) -> dict[str, ValidationError]:
        problem = str(_("Two of them read the same, so that nobody could tell them apart."))
        sides = ([pair["prompt"] for pair in value["pairs"]], [p["match"] for p in value["pairs"]])
        if any(repeated(side) for side in sides):
            return {"pairs": ListBlockValidationError(non_block_errors=ErrorList([problem]))}
        return {}

    class Meta:
        label = _("Check: match pairs")


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
        return same_texts(value["choices"])

    class Meta:
        label = _("Scenario")
        icon = "group"
        group = _("Knowledge checks")
