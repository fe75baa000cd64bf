"""What people think of a course, for who works on in a spreadsheet."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from courses.queries.evaluation_results import EvaluationResults, QuestionResult
from lms.core.tables import write_csv


def evaluation_csv(results: EvaluationResults) -> bytes:
    """Write a line for each figure; what is told on no page stands in no file."""
    header = [
        _("Question"),
        _("Kind"),
        _("Asked now"),
        _("Outcome or answer"),
        _("Answered"),
        _("Number"),
        _("Percent"),
        _("Mean"),
        _("Mean thinking back"),
        _("Change"),
    ]
    response = results.response
    first = [
        _("Replies"),
        "",
        "",
        _("of those who could have replied"),
        str(response.asked),
        str(response.replies),
        str(response.percent),
        "",
        "",
        "",
    ]
    rows = (row for question in results.questions for row in _rows(question))
    return write_csv(header, [first, *rows])


def _rows(question: QuestionResult) -> Iterator[list[str]]:
    head = [question.text, str(question.kind.label), _("Yes") if question.is_current else _("No")]
    answered = _counted(question.answered)
    for each in question.outcomes:
        figures = ["", "", each.now, each.before, each.change.replace("−", "-").lstrip("+")]
        yield [*head, each.outcome, _counted(each.answered), *figures]
    for comment in question.comments:
        yield [*head, comment, answered, "", "", "", "", ""]
    for share in question.shares:
        figures = [str(share.count), str(share.percent), question.mean, "", ""]
        yield [*head, share.label, answered, *figures]
    if not (question.outcomes or question.comments or question.shares):
        yield [*head, "", answered, "", "", "", "", ""]


def _counted(answered: int) -> str:
    return str(answered) if answered == 0 or answered >= 5 else _("fewer than 5")
