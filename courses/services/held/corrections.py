"""What is recorded beside a learner's own work, and how the audit lines about it read."""

from django.utils.translation import gettext_lazy as _

from accounts.services.held import Holding, each
from courses.enums import CorrectionKind
from courses.models import Enrolment
from courses.services.held.learning import SIX_YEARS

HOLDINGS = [
    Holding(
        model="courses.SessionCredit",
        label=_("Training sessions you attended"),
        why=_("To know whether you were there for as much of it as the course asks."),
        kept=SIX_YEARS,
        people=("enrolment__user",),
        order=("-held_on", "-pk"),
        facts=each(
            lambda credit: {
                _("Session"): credit.title,
                _("Held on"): credit.held_on,
                _("Minutes you were there"): credit.minutes,
                _("Minutes of the session"): credit.of_minutes,
            }
        ),
    ),
    Holding(
        model="courses.Correction",
        label=_("What was put right in your learning record"),
        why=_("To be able to say later what was changed by hand, by whom and why."),
        kept=SIX_YEARS,
        people=("enrolment__user",),
        related=("enrolment__course", "lesson", "made_by"),
        order=("-made_at", "-pk"),
        facts=each(
            lambda correction: {
                _("Course"): correction.enrolment.course.title,
                _("What"): correction.get_kind_display(),
                _("Lesson"): correction.lesson and correction.lesson.title,
                _("Why"): correction.reason,
                _("By"): correction.made_by and str(correction.made_by),
                _("When"): correction.made_at,
            }
        ),
    ),
    Holding(
        model="courses.CompletionWithdrawal",
        label=_("Completions that were withdrawn"),
        why=_("To show that a completion no longer counts, and why."),
        kept=SIX_YEARS,
        people=("completion__user",),
        related=("completion", "withdrawn_by"),
        order=("-withdrawn_at", "-pk"),
        facts=each(
            lambda withdrawal: {
                _("Course"): withdrawal.completion.course_title,
                _("Completed"): withdrawal.completion.completed_at,
                _("Withdrawn"): withdrawal.withdrawn_at,
                _("Why"): withdrawal.reason,
                _("By"): withdrawal.withdrawn_by and str(withdrawal.withdrawn_by),
            }
        ),
    ),
    # Of the other person no more than it takes to know which it was.
    Holding(
        model="courses.Correction",
        label=_("What you put right in other people’s learning records"),
        why=_("To know who changed what by hand."),
        kept=_("As long as the record of the person it is about."),
        people=("made_by",),
        related=("enrolment__course",),
        order=("-made_at", "-pk"),
        facts=each(
            lambda correction: {
                _("Course"): correction.enrolment.course.title,
                _("What"): correction.get_kind_display(),
                _("When"): correction.made_at,
            }
        ),
    ),
    Holding(
        model="courses.CompletionWithdrawal",
        label=_("Completions of others that you withdrew"),
        why=_("To know who changed what by hand."),
        kept=_("As long as the record of the person it is about."),
        people=("withdrawn_by",),
        related=("completion",),
        order=("-withdrawn_at", "-pk"),
        facts=each(
            lambda withdrawal: {
                _("Course"): withdrawal.completion.course_title,
                _("Withdrawn"): withdrawal.withdrawn_at,
            }
        ),
    ),
    Holding(
        model="courses.Enrolment",
        label=_("Courses you enrolled others on"),
        why=_("To know who enrolled whom, where it was not themselves."),
        kept=_("As long as the record of the person it is about."),
        people=("enrolled_by",),
        related=("course",),
        order=("-started_at", "-pk"),
        facts=each(
            lambda enrolment: {
                _("Course"): enrolment.course.title,
                _("Enrolled"): enrolment.started_at,
            }
        ),
    ),
]


def _courses_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    found = Enrolment.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
    return {
        str(each.pk): {"course": each.course.title, "learner": str(each.user)}
        for each in found.select_related("course", "user")
    }


_SENTENCES = {
    CorrectionKind.LESSON_FINISHED: _(
        "%(actor)s marked a lesson of “%(course)s” as finished for %(subject)s."
    ),
    CorrectionKind.LESSON_REOPENED: _(
        "%(actor)s opened a lesson of “%(course)s” again for %(subject)s."
    ),
    CorrectionKind.ASSESSMENT_PASSED: _(
        "%(actor)s counted the assessment of “%(course)s” as passed for %(subject)s."
    ),
    CorrectionKind.ATTEMPT_ALLOWED: _(
        "%(actor)s allowed %(subject)s one more attempt at the assessment of “%(course)s”."
    ),
    CorrectionKind.ATTENDANCE_COUNTED: _(
        "%(actor)s counted a training session of “%(course)s” as attended for %(subject)s."
    ),
    CorrectionKind.EVALUATION_WAIVED: _(
        "%(actor)s let %(subject)s off the evaluation of “%(course)s”."
    ),
    CorrectionKind.ROUTE_CHANGED: _("%(actor)s changed how %(subject)s takes “%(course)s”."),
    CorrectionKind.MOVED_UP: _("%(actor)s moved %(subject)s to a later version of “%(course)s”."),
    CorrectionKind.WITHDRAWN: _("%(actor)s withdrew %(subject)s from “%(course)s”."),
    CorrectionKind.REINSTATED: _("%(actor)s took %(subject)s back into “%(course)s”."),
    CorrectionKind.COMPLETION_WITHDRAWN: _(
        "%(actor)s withdrew %(subject)s’s completion of “%(course)s”."
    ),
    CorrectionKind.COMPLETION_ALLOWED: _("%(actor)s let %(subject)s complete “%(course)s” again."),
    CorrectionKind.TAKEN_BACK: _(
        "%(actor)s took back a correction of %(subject)s’s record of “%(course)s”."
    ),
}
ACTIONS = {
    **{f"learning.{kind}": (sentence, _courses_by_id) for kind, sentence in _SENTENCES.items()},
    "learning.enrolled": (_("%(actor)s enrolled %(learner)s on “%(course)s”."), _courses_by_id),
    "learning.left": (_("%(actor)s left “%(course)s”."), _courses_by_id),
}
