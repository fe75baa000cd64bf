"""Where a learner stands with the assessment of their course."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import AssessmentStage, CorrectionKind
from courses.models import Assessment, Attempt, Correction, Course, Enrolment

_COUNTED = (CorrectionKind.ASSESSMENT_PASSED, CorrectionKind.ATTEMPT_ALLOWED)


@dataclass(frozen=True)
class AssessmentState:
    """Where somebody stands. `attempts` are those handed in, the first one first.

    `attempts_left` is None where there is no limit. `next_at` is when the next attempt may begin;
    None when it may at once, or none may at all.
    """

    stage: AssessmentStage
    assessment: Assessment | None = None
    attempts: list[Attempt] = field(default_factory=list)
    open_attempt: Attempt | None = None
    attempts_left: int | None = None
    next_at: datetime.datetime | None = None

    @property
    def is_met(self) -> bool:
        """Say whether nothing of the assessment is left to do: passed, or not asked for."""
        return self.stage in (AssessmentStage.PASSED, AssessmentStage.NOT_NEEDED)

    @property
    def is_final(self) -> bool:
        """Say whether no further attempt follows, so that right answers may be shown."""
        return self.stage in (AssessmentStage.PASSED, AssessmentStage.NO_ATTEMPTS_LEFT)


def assessment_state(enrolment: Enrolment) -> AssessmentState:
    """Say where `enrolment` stands with the assessment its route asks for.

    Passed is passed, by an attempt or by staff with a reason. Attempts that staff allowed come on
    top of the assessment's own, and one allowed since the last was handed in need not be waited
    for. An assessment that was taken down is still there for those whose route asks for it. No
    query where the route does not ask for it, otherwise three.
    """
    if not enrolment.route.requires_assessment:
        return AssessmentState(AssessmentStage.NOT_NEEDED)
    assessment = Assessment.objects.filter(course=enrolment.course_id).first()
    corrections = list(
        Correction.objects.filter(enrolment=enrolment, kind__in=_COUNTED).values_list(
            "kind", "made_at"
        )
    )
    attempts = list(Attempt.objects.filter(enrolment=enrolment).order_by("number", "pk"))
    handed_in = [attempt for attempt in attempts if attempt.submitted_at is not None]
    still_open = next((attempt for attempt in attempts if attempt.submitted_at is None), None)
    allowed = [at for kind, at in corrections if kind == CorrectionKind.ATTEMPT_ALLOWED]
    is_passed = any(attempt.is_passed for attempt in handed_in) or any(
        kind == CorrectionKind.ASSESSMENT_PASSED for kind, _at in corrections
    )
    left = _attempts_left(assessment, handed_in, len(allowed))
    return AssessmentState(
        stage=_stage(assessment, handed_in, still_open, left, is_passed=is_passed),
        assessment=assessment,
        attempts=handed_in,
        open_attempt=still_open,
        attempts_left=left,
        next_at=_next_at(assessment, handed_in, allowed) if left != 0 and not is_passed else None,
    )


def _attempts_left(
    assessment: Assessment | None, handed_in: list[Attempt], allowed: int
) -> int | None:
    if assessment is None or not assessment.max_attempts:
        return None
    return max(0, assessment.max_attempts + allowed - len(handed_in))


def _stage(
    assessment: Assessment | None,
    handed_in: list[Attempt],
    still_open: Attempt | None,
    left: int | None,
    *,
    is_passed: bool,
) -> AssessmentStage:
    if is_passed:
        return AssessmentStage.PASSED
    if assessment is None:
        return AssessmentStage.UNAVAILABLE
    if still_open is not None:
        return AssessmentStage.OPEN
    if left == 0:
        return AssessmentStage.NO_ATTEMPTS_LEFT
    return AssessmentStage.FAILED if handed_in else AssessmentStage.NOT_BEGUN


def _next_at(
    assessment: Assessment | None, handed_in: list[Attempt], allowed: list[datetime.datetime]
) -> datetime.datetime | None:
    last = handed_in[-1].submitted_at if handed_in else None
    if assessment is None or last is None or not assessment.wait_hours:
        return None
    if any(at >= last for at in allowed):
        return None
    return last + datetime.timedelta(hours=assessment.wait_hours)


def in_words(moment: datetime.datetime) -> str:
    """Write a moment as people say it: '3 May 2027 at 9:30am'."""
    local = timezone.localtime(moment)
    return _("%(day)s at %(time)s") % {
        "day": date_format(local, "DATE_FORMAT"),
        "time": time_format(local, "TIME_FORMAT"),
    }


def pass_mark_in_words(out_of: int, pass_mark: int) -> str:
    """Say how many of the questions must be right: '9 of 12'."""
    needed = -(-out_of * pass_mark // 100)
    return _("%(needed)d of %(all)d") % {"needed": needed, "all": out_of}


@dataclass(frozen=True)
class AssessmentStep:
    """The assessment as the last step of a course's page."""

    tasks: list[dict[str, str]]


def assessment_step(
    course: Course, enrolment: Enrolment | None, *, is_asked_for: bool, now: datetime.datetime
) -> AssessmentStep | None:
    """Lay the assessment out as a step, with where the learner stands; None where none is asked.

    `is_asked_for` says of somebody who is not enrolled whether a route of the course asks for it.
    """
    if enrolment is None:
        assessment = (
            Assessment.objects.filter(course=course, is_live=True).first() if is_asked_for else None
        )
        return AssessmentStep([_task(assessment, "", "", "")]) if assessment else None
    state = assessment_state(enrolment)
    if state.assessment is None:
        return None
    url = reverse("courses:assessment", args=[course.slug])
    colours = {
        AssessmentStage.PASSED: "",
        AssessmentStage.NOT_BEGUN: "teal",
        AssessmentStage.OPEN: "yellow",
        AssessmentStage.FAILED: "yellow",
        AssessmentStage.NO_ATTEMPTS_LEFT: "red",
    }
    words = ""
    if state.next_at and state.next_at > now and state.open_attempt is None:
        words = _("Next attempt from %(when)s") % {"when": in_words(state.next_at)}
    task = _task(state.assessment, url, str(state.stage.label), colours.get(state.stage, ""))
    return AssessmentStep([task | ({"hint": words} if words else {})])


def _task(assessment: Assessment, url: str, status: str, kind: str) -> dict[str, str]:
    questions = ngettext("%(n)d question", "%(n)d questions", assessment.draw_count)
    hint = (
        questions % {"n": assessment.draw_count}
        + ", "
        + _("%(share)d%% to pass") % {"share": assessment.pass_mark}
    )
    return {"title": assessment.title, "url": url, "hint": hint, "status": status, "kind": kind}


def assessments_in_words(enrolments: Iterable[Enrolment]) -> dict[int, str]:
    """Say for each enrolment whose route asks for it where its assessment stands.

    Two queries, none where no route asks for one.
    """
    asked = {e.pk: e for e in enrolments if e.route.requires_assessment}
    if not asked:
        return {}
    found = {
        row["enrolment"]: row
        for row in Attempt.objects.filter(enrolment__in=asked)
        .values("enrolment")
        .annotate(
            passed=Count("pk", filter=Q(is_passed=True)),
            still_open=Count("pk", filter=Q(submitted_at=None)),
        )
    }
    by_staff = set(
        Correction.objects.filter(
            enrolment__in=asked, kind=CorrectionKind.ASSESSMENT_PASSED
        ).values_list("enrolment", flat=True)
    )
    words = {}
    for pk in asked:
        row = found.get(pk)
        if pk in by_staff or (row and row["passed"]):
            words[pk] = _("Assessment passed")
        elif row and row["still_open"]:
            words[pk] = _("Assessment begun")
        else:
            words[pk] = _("Assessment not passed yet") if row else _("Assessment not begun")
    return words
