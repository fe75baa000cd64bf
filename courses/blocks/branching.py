"""A scenario in several steps: what somebody chooses decides what they meet next."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError

from courses.blocks.asking import QuestionBlock
from courses.blocks.rules import SENTENCES, repeated
from courses.enums import QuestionKind, Verdict


class BranchChoiceBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("What you would do"), max_length=300)
    outcome = blocks.RichTextBlock(features=SENTENCES, label=_("What follows"))
    verdict = blocks.ChoiceBlock(choices=Verdict.choices, label=_("How well it works"))
    leads_to = blocks.CharBlock(
        label=_("Leads to step"),
        required=False,
        max_length=40,
        help_text=_("The short name of a later step. Leave empty where the story ends."),
    )


class BranchStepBlock(blocks.StructBlock):
    key = blocks.RegexBlock(
        r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z",
        label=_("Short name"),
        max_length=40,
        error_messages={"invalid": _("Use small letters, digits and hyphens.")},
    )
    situation = blocks.RichTextBlock(features=[*SENTENCES, "ul"], label=_("Situation"))
    question = blocks.CharBlock(label=_("Question"), max_length=250)
    choices = blocks.ListBlock(BranchChoiceBlock(), label=_("Choices"), min_num=2, max_num=5)


class BranchingBlock(QuestionBlock):
    """Steps are met from the first on; a choice leads to a later step only, so every way ends."""

    kind = QuestionKind.BRANCHING
    title = blocks.CharBlock(label=_("Heading"), max_length=120)
    steps = blocks.ListBlock(BranchStepBlock(), label=_("Steps"), min_num=2, max_num=12)

    def problems(self, value: Any) -> dict[str, ValidationError]:
        problem = problem_with_steps([dict(step) for step in value["steps"]])
        if problem:
            errors = ErrorList([str(problem)])
            return {"steps": ListBlockValidationError(non_block_errors=errors)}
        return {}

    class Meta:
        template = "blocks/branching.html"
        label = _("Branching scenario")
        icon = "list-ul"
        group = _("Knowledge checks")


def problem_with_steps(steps: list[dict[str, Any]]) -> Any:
    """Say in words why a learner could not walk through `steps` from the first to an end, or None.

    Short names occur once; a choice leads to a step that stands later; every step but the first is
    led to.
    """
    keys = [step["key"] for step in steps]
    if places := repeated(keys):
        return _("Two steps have the short name “%(key)s”.") % {"key": keys[places[0]]}
    reached = {keys[0]}
    for number, step in enumerate(steps):
        for choice in step["choices"]:
            target = choice["leads_to"]
            if target and target not in keys:
                return _("No step has the short name “%(key)s”.") % {"key": target}
            if target and keys.index(target) <= number:
                return _(
                    "A choice of “%(step)s” leads back to “%(key)s”. Lead to a later step, so that "
                    "the story ends."
                ) % {"step": step["key"], "key": target}
            if target:
                reached.add(target)
    lost = [key for key in keys if key not in reached]
    return _("No choice leads to the step “%(key)s”.") % {"key": lost[0]} if lost else None
