"""Telling somebody that their learning record was put right by staff."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from courses.enums import CorrectionKind
from courses.models import Correction
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import NoticeKind, Placeholder, enqueue_notice

WHAT = {
    CorrectionKind.LESSON_FINISHED: _l("The lesson “%(lesson)s” now counts as finished."),
    CorrectionKind.LESSON_REOPENED: _l("The lesson “%(lesson)s” is open again, to be finished."),
    CorrectionKind.ASSESSMENT_PASSED: _l("The assessment now counts as passed."),
    CorrectionKind.ATTEMPT_ALLOWED: _l("You have one more attempt at the assessment."),
    CorrectionKind.ATTENDANCE_COUNTED: _l("The training session now counts as attended."),
    CorrectionKind.EVALUATION_WAIVED: _l("You need not fill in the evaluation any more."),
    CorrectionKind.ROUTE_CHANGED: _l("You now take the course in another way: %(route)s."),
    CorrectionKind.MOVED_UP: _l("You are now on the newest version of the course."),
    CorrectionKind.WITHDRAWN: _l("You are no longer enrolled on the course."),
    CorrectionKind.REINSTATED: _l("You are enrolled on the course again, as far as you had come."),
    CorrectionKind.COMPLETION_WITHDRAWN: _l(
        "Your completion of the course was withdrawn. What you have done in it is kept."
    ),
    CorrectionKind.COMPLETION_ALLOWED: _l("The course may be completed again."),
    CorrectionKind.TAKEN_BACK: _l("An earlier correction was taken back: %(taken_back)s."),
}


def tell_record_changed(*, correction: Correction, follows: str, now: datetime.datetime) -> Notice:
    """Tell the learner what was put right, and what followed; once for a correction."""
    return enqueue_notice(
        kind=RECORD_CHANGED.code,
        dedupe_key=f"learning-record-changed-{correction.pk}",
        recipient=correction.enrolment.user,
        context={"correction": correction.pk, "follows": follows},
        now=now,
    )


def _correction_of(notice: Notice) -> Correction:
    return Correction.objects.select_related(
        "enrolment__user", "enrolment__course", "enrolment__route", "lesson"
    ).get(pk=notice.context["correction"])


def _follows(notice: Notice) -> str:
    return {
        "completed": _("With that you have completed the course, and your certificate follows."),
        "withdrawn": _(
            "With that your completion of the course was withdrawn. What you have done in it is "
            "kept."
        ),
    }.get(str(notice.context["follows"]), "")


def what_was_changed(correction: Correction) -> str:
    """Say to the learner what a correction did. Load its lesson and its enrolment's route."""
    kinds = dict(CorrectionKind.choices)
    return str(WHAT[CorrectionKind(correction.kind)]) % {
        "lesson": correction.lesson.title if correction.lesson else "",
        "route": str(correction.enrolment.route.get_kind_display()).lower(),
        "taken_back": str(kinds.get(correction.detail.get("kind", ""), "")).lower(),
    }


def _context(notice: Notice) -> dict[str, str]:
    correction = _correction_of(notice)
    user, course = correction.enrolment.user, correction.enrolment.course
    return {
        "name": user.full_name or user.email,
        "course": course.title,
        "what_happened": what_was_changed(correction),
        "what_follows": _follows(notice),
        "course_url": settings.SITE_URL + course.get_absolute_url(),
        "held_url": settings.SITE_URL + reverse("accounts:held"),
    }


def _course_path(notice: Notice) -> str:
    return _correction_of(notice).enrolment.course.get_absolute_url()


def _is_active(notice: Notice) -> bool:
    return _correction_of(notice).enrolment.user.is_active


RECORD_CHANGED = NoticeKind(
    code="courses.record_changed",
    template="courses/email/record_changed",
    context=_context,
    still_holds=_is_active,
    label=_l("Your course record was put right"),
    when=_l("To a learner whose record somebody has put right: a lesson, a session, a completion."),
    why=_l("You get this because your record of a course was changed by somebody else."),
    placeholders={
        "name": Placeholder(_l("The name of the learner, or their address"), "Nadia Rahman"),
        "course": Placeholder(_l("The title of the course"), "Hidden Sentence", is_required=True),
        "what_happened": Placeholder(
            _l("What was put right: a sentence"),
            "The training session now counts as attended.",
            is_required=True,
        ),
        "what_follows": Placeholder(
            _l("What follows from it, if anything: a sentence"),
            "With that you have completed the course, and your certificate follows.",
        ),
        "course_url": Placeholder(
            _l("The address of the course"),
            "https://example.org/courses/hidden-sentence/",
            is_link=True,
        ),
        "held_url": Placeholder(
            _l("The address where the learner reads what is held about them, the reason included"),
            "https://example.org/account/held/",
            is_link=True,
        ),
    },
    group=MessageGroup.COURSES,
    is_necessary=True,
    necessary_because=_l("You should always know when somebody else changes your record."),
    link=_course_path,
    link_text=_l("Open the course"),
)
