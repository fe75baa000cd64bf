"""Streams: what a lesson, a question bank and a course's outcomes are written in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.blocks.asking import (
    MatchBlock,
    OrderBlock,
    ScenarioBlock,
    SeveralBlock,
    ShortBlock,
    SingleBlock,
    TrueFalseBlock,
)
from courses.blocks.branching import BranchingBlock
from courses.blocks.prose import (
    FactBlock,
    ImageBlock,
    QuoteBlock,
    ReadingBlock,
    RegisterFactBlock,
    SupportBlock,
    TextBlock,
)
from courses.blocks.recordings import AudioBlock, DownloadBlock, VideoBlock
from courses.blocks.reflecting import ReflectionBlock
from courses.blocks.rules import must_be_printable, repeated


class LessonBody(blocks.StreamBlock):
    text = TextBlock()
    fact = FactBlock()
    register_fact = RegisterFactBlock()
    quote = QuoteBlock()
    image = ImageBlock()
    video = VideoBlock()
    audio = AudioBlock()
    download = DownloadBlock()
    support = SupportBlock()
    reading = ReadingBlock()
    reflection = ReflectionBlock()
    single = SingleBlock()
    several = SeveralBlock()
    true_false = TrueFalseBlock()
    order = OrderBlock()
    match = MatchBlock()
    short = ShortBlock()
    scenario = ScenarioBlock()
    branching = BranchingBlock()


class QuestionBank(blocks.StreamBlock):
    """The questions an assessment is drawn from. Each names the outcome it tests."""

    single = SingleBlock()
    several = SeveralBlock()
    true_false = TrueFalseBlock()
    order = OrderBlock()
    match = MatchBlock()
    short = ShortBlock()


class OutcomeBlock(blocks.StructBlock):
    key = blocks.CharBlock(
        label=_("Short name"),
        max_length=80,
        help_text=_("Stays the same when the wording changes."),
    )
    text = blocks.CharBlock(
        label=_("Outcome"),
        max_length=120,
        validators=[must_be_printable],
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
