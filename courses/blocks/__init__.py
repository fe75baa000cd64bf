"""What a lesson is written in. Each block has one template in templates/blocks/."""

from courses.blocks.body import LessonBody, OutcomesBlock, QuestionBank
from courses.blocks.branching import problem_with_steps
from courses.blocks.prose import RegisterFactBlock, TextBlock
from courses.blocks.rules import PROSE, SENTENCES, must_be_printable, normalise

__all__ = [
    "PROSE",
    "SENTENCES",
    "LessonBody",
    "OutcomesBlock",
    "QuestionBank",
    "RegisterFactBlock",
    "TextBlock",
    "must_be_printable",
    "normalise",
    "problem_with_steps",
]
