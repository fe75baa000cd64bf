import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.enums import KNOWLEDGE_CHECKS
from courses.models import (
    Answer,
    Completion,
    Enrolment,
    Lesson,
    LessonProgress,
    Question,
    VersionLesson,
)
from courses.services.completion import complete_locked
from lms.core.errors import DomainError


class LessonNotYours(DomainError):
    code = "lesson_not_in_version"
    status = 404
    message = _("This lesson is not part of the course you are taking.")


class ChecksUnanswered(DomainError):
    code = "checks_unanswered"
    status = 422

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            ngettext(
                "One question in this lesson is still waiting for your answer.",
                "%(n)d questions in this lesson are still waiting for your answers.",
                count,
            )
            % {"n": count}
        )


def lesson_of(enrolment: Enrolment, public_id: uuid.UUID) -> Lesson:
    """Find a lesson that an enrolment's version requires, or that the latest version has besides.

    Whether it is still published does not count. What the latest version added may be read and
    finished, and is not required.

    Raises: LessonNotYours when neither version has it.
    """
    versions = (enrolment.version_id, enrolment.course.latest_version_id)
    found = (
        VersionLesson.objects.filter(version__in=versions, lesson__public_id=public_id)
        .select_related("lesson")
        .first()
    )
    if found is None:
        raise LessonNotYours
    return found.lesson


def open_lesson(*, enrolment: Enrolment, lesson: Lesson, now: datetime.datetime) -> None:
    """Note that the learner opened `lesson`: it is where they left off, and it has been begun."""
    if enrolment.last_lesson_id == lesson.pk:
        return  # opened again: most views of a lesson write nothing
    with transaction.atomic():
        LessonProgress.objects.get_or_create(
            enrolment=enrolment, lesson=lesson, defaults={"started_at": now}
        )
        Enrolment.objects.filter(pk=enrolment.pk).update(last_lesson=lesson, last_block="")


@transaction.atomic
def keep_place(*, enrolment: Enrolment, lesson: Lesson, block_id: str) -> None:
    """Remember the block of `lesson` the learner read last.

    A block it does not have is ignored, and so is news of a lesson that was left meanwhile: a page
    that is closing speaks after the next one has opened.
    """
    if any(block.id == block_id for block in lesson.body):
        Enrolment.objects.filter(pk=enrolment.pk, last_lesson=lesson).update(last_block=block_id)


@transaction.atomic
def finish_lesson(
    *, enrolment: Enrolment, lesson: Lesson, now: datetime.datetime
) -> Completion | None:
    """Finish `lesson`: allowed once each of its knowledge checks has been answered, right or wrong.

    Finishing again changes nothing. Returns the completion when this lesson was the last thing the
    route asks for.

    Raises: ChecksUnanswered with how many are left.
    """
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    unanswered = unanswered_checks(enrolment, lesson)
    if unanswered:
        raise ChecksUnanswered(unanswered)
    progress, _created = LessonProgress.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"started_at": now}
    )
    if progress.finished_at is None:
        progress.finished_at = now
        progress.save(update_fields=["finished_at", "updated_at"])
    return complete_locked(enrolment=enrolment, now=now)


def unanswered_checks(enrolment: Enrolment, lesson: Lesson) -> int:
    """Count the knowledge checks the lesson asks now that this enrolment has never answered."""
    return (
        Question.objects.filter(lesson=lesson, is_live=True, kind__in=KNOWLEDGE_CHECKS)
        .exclude(pk__in=Answer.objects.filter(enrolment=enrolment).values("question"))
        .count()
    )
