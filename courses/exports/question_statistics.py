"""Files of courses for who works on in a spreadsheet."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from courses.queries.question_statistics import QuestionFigures, QuestionStatistics
from lms.core.tables import write_csv


def question_statistics_csv(figures: QuestionStatistics) -> bytes:
    """Write a line for each wording of each question; what was not told is empty."""
    header = [
        _("Where"),
        _("Question"),
        _("Short name"),
        _("Kind"),
        _("Outcome"),
        _("Wording"),
        _("Asked"),
        _("Right, percent"),
        _("What it tells"),
        _("Look at"),
        _("Wrong choices"),
    ]
    return write_csv(header, _rows([*figures.assessment, *figures.checks]))


def _rows(questions: list[QuestionFigures]) -> Iterator[list[str]]:
    for question in questions:
        yield [
            question.where or _("Assessment"),
            question.stem,
            question.key,
            question.kind,
            question.outcome,
            str(question.revision),
            str(question.asked),
            "" if question.right_percent is None else str(question.right_percent),
            question.tells_apart,
            question.flag,
            "; ".join(f"{choice.text}: {choice.share}" for choice in question.wrong),
        ]
