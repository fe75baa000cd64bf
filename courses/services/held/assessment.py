"""What people did in assessments."""

from django.utils.translation import gettext_lazy as _

from accounts.services.held import Facts, Holding, each
from courses.models import AttemptQuestion
from courses.services.held.learning import SIX_YEARS, plain, response_in_words


def _question_facts(drawn: AttemptQuestion) -> Facts:
    content = drawn.revision.content
    return {
        _("Question"): plain(content["stem"]),
        _("Your answer"): response_in_words(content, drawn.response or {}),
        _("Attempt"): drawn.attempt.number,
        _("Right"): drawn.is_correct,
        _("Saved"): drawn.saved_at,
    }


HOLDINGS = [
    Holding(
        model="courses.Attempt",
        label=_("Assessments you took"),
        why=_("To know when a course is passed, and how many attempts are left."),
        kept=SIX_YEARS,
        people=("enrolment__user",),
        related=("assessment__course",),
        order=("-started_at", "-pk"),
        facts=each(
            lambda attempt: {
                _("Course"): attempt.assessment.course.title,
                _("Attempt"): attempt.number,
                _("Begun"): attempt.started_at,
                _("Handed in"): attempt.submitted_at,
                _("Right answers"): attempt.right,
                _("Questions"): attempt.out_of,
                _("Passed"): attempt.is_passed,
            }
        ),
    ),
    Holding(
        model="courses.AttemptQuestion",
        label=_("Your answers in assessments"),
        why=_(
            "To mark them, to show you what was right, and to see which questions are badly put."
        ),
        kept=SIX_YEARS,
        people=("attempt__enrolment__user",),
        related=("attempt", "revision"),
        order=("-attempt__started_at", "position", "-pk"),
        facts=each(_question_facts),
    ),
]
