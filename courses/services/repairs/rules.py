"""Repairs of single rules: a lesson, the assessment, the session, the evaluation."""

import datetime
import uuid
from typing import Any

from accounts.models import User
from courses.enums import CorrectionKind
from courses.models import Enrolment, Lesson, LessonProgress, VersionLesson
from courses.queries.completion import (
    ASSESSMENT,
    EVALUATION,
    HELD,
    SESSION,
    rules_of,
    standing_corrections,
)
from courses.services.progress import LessonNotYours
from courses.services.repairs.doing import (
    Change,
    MetAlready,
    NotAskedFor,
    NotFinished,
    NothingToTakeBack,
    Repaired,
    repair,
)


def _finished_row(enrolment: Enrolment, lesson: Lesson) -> LessonProgress | None:
    """Find the finished progress on a lesson of the enrolment's own version."""
    if not VersionLesson.objects.filter(version=enrolment.version_id, lesson=lesson).exists():
        raise LessonNotYours
    return LessonProgress.objects.filter(
        enrolment=enrolment, lesson=lesson, finished_at__isnull=False
    ).first()


def count_lesson(
    *, enrolment: Enrolment, lesson: Lesson, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Mark `lesson` as finished for the learner, whatever of its questions they answered.

    Raises: LessonNotYours when the version does not ask for it; MetAlready; as `repair`.
    """

    def change(enrolment: Enrolment) -> dict[str, Any]:
        if _finished_row(enrolment, lesson):
            raise MetAlready
        LessonProgress.objects.update_or_create(
            enrolment=enrolment,
            lesson=lesson,
            defaults={"finished_at": now},
            create_defaults={"started_at": now, "finished_at": now},
        )
        return {}

    kind = CorrectionKind.LESSON_FINISHED
    return repair(kind, change, enrolment=enrolment, lesson=lesson, reason=reason, by=by, now=now)


def reopen_lesson(
    *, enrolment: Enrolment, lesson: Lesson, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Open a finished `lesson` again; a completion that stood on it is withdrawn. Answers stay.

    Raises: LessonNotYours when the version does not ask for it; NotFinished; as `repair`.
    """

    def change(enrolment: Enrolment) -> dict[str, Any]:
        progress = _finished_row(enrolment, lesson)
        if progress is None or progress.finished_at is None:
            raise NotFinished
        was = progress.finished_at
        progress.finished_at = None
        progress.save(update_fields=["finished_at", "updated_at"])
        return {"finished_at": was.isoformat()}

    kind = CorrectionKind.LESSON_REOPENED
    return repair(kind, change, enrolment=enrolment, lesson=lesson, reason=reason, by=by, now=now)


def _unmet(kind: str) -> Change:
    """Change nothing but what the correction itself stands for: the rule must be there and open."""

    def change(enrolment: Enrolment) -> dict[str, Any]:
        rule = next((rule for rule in rules_of(enrolment) if rule.kind == kind), None)
        if rule is None:
            raise NotAskedFor
        if rule.is_met:
            raise MetAlready
        return {}

    return change


def count_assessment(
    *, enrolment: Enrolment, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Count the assessment as passed. Raises: NotAskedFor, MetAlready; as `repair`."""
    kind = CorrectionKind.ASSESSMENT_PASSED
    return repair(kind, _unmet(ASSESSMENT), enrolment=enrolment, reason=reason, by=by, now=now)


def allow_attempt(
    *, enrolment: Enrolment, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Allow one attempt more at the assessment. Raises: NotAskedFor, MetAlready; as `repair`."""
    kind = CorrectionKind.ATTEMPT_ALLOWED
    return repair(kind, _unmet(ASSESSMENT), enrolment=enrolment, reason=reason, by=by, now=now)


def count_attendance(
    *, enrolment: Enrolment, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Count a training session as attended. Raises: NotAskedFor, MetAlready; as `repair`."""
    kind = CorrectionKind.ATTENDANCE_COUNTED
    return repair(kind, _unmet(SESSION), enrolment=enrolment, reason=reason, by=by, now=now)


def waive_evaluation(
    *, enrolment: Enrolment, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Ask for no evaluation any more. Raises: NotAskedFor, MetAlready; as `repair`."""
    kind = CorrectionKind.EVALUATION_WAIVED
    return repair(kind, _unmet(EVALUATION), enrolment=enrolment, reason=reason, by=by, now=now)


def allow_completion(
    *, enrolment: Enrolment, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Let a held enrolment complete again, at once. Raises: NotAskedFor; as `repair`."""
    kind = CorrectionKind.COMPLETION_ALLOWED
    return repair(kind, _unmet(HELD), enrolment=enrolment, reason=reason, by=by, now=now)


def take_back(
    *, enrolment: Enrolment, correction_id: int, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Take back what stood in for evidence; a completion that stood on it is withdrawn.

    Raises: NothingToTakeBack when the correction is not one, or not this enrolment's; as `repair`.
    """

    def change(enrolment: Enrolment) -> dict[str, Any]:
        for correction in standing_corrections(enrolment).values():
            if correction.pk == correction_id:
                return {"correction": correction.pk, "kind": correction.kind}
        raise NothingToTakeBack

    kind = CorrectionKind.TAKEN_BACK
    return repair(kind, change, enrolment=enrolment, reason=reason, by=by, now=now)


def lesson_of_version(enrolment: Enrolment, public_id: uuid.UUID) -> Lesson:
    """Find a lesson of the enrolment's own version. Raises: LessonNotYours."""
    found = (
        VersionLesson.objects.filter(version=enrolment.version_id, lesson__public_id=public_id)
        .select_related("lesson")
        .first()
    )
    if found is None:
        raise LessonNotYours
    return found.lesson
