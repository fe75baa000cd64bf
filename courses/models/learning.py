"""What people did: enrolment, progress, answers, completion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Audience, Organisation
from courses.enums import RouteKind
from courses.models.catalogue import Course, CourseVersion, Lesson, Route
from courses.models.questions import Question, QuestionRevision
from lms.core.models import PublicIdModel, TimeStampedModel

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def under_way(self) -> EnrolmentQuerySet:
        """Keep enrolments that are neither completed nor withdrawn."""
        return self.filter(completed_at__isnull=True, withdrawn_at__isnull=True)

    def counted(self) -> EnrolmentQuerySet:
        """Leave out editors' tests: figures and lists of people know nothing of them."""
        return self.filter(is_test=False)


class Enrolment(PublicIdModel, TimeStampedModel):
    """A person takes a course: one version of it, by one route, which stay theirs.

    Audience, organisation and area are those of the moment of enrolling.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="enrolments")
    route = models.ForeignKey(Route, models.PROTECT, related_name="enrolments")
    audience = models.ForeignKey(Audience, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(_("started"))
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    evaluated_at = models.DateTimeField(_("evaluated"), null=True, blank=True)
    is_test = models.BooleanField(
        _("test"),
        default=False,
        help_text=_("An editor walks through the course. It is counted nowhere."),
    )
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who enrolled them, where it was not themselves."),
    )
    last_lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, related_name="+")
    last_block = models.CharField(_("last block"), max_length=40, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    if TYPE_CHECKING:
        lesson_progress: RelatedManager[LessonProgress]
        answers: RelatedManager[Answer]
        completions: RelatedManager[Completion]

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course", "is_test"],
                condition=models.Q(completed_at__isnull=True, withdrawn_at__isnull=True),
                name="enrolment_under_way_once",
                violation_error_message=_("This person is already taking this course."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.course}"


class LessonProgress(TimeStampedModel):
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="lesson_progress")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("lesson progress")
        verbose_name_plural = _("lesson progress")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="progress_once_per_lesson")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.lesson}"


class Answer(models.Model):
    """What a learner answered, and the wording it was marked against.

    One row for each attempt: the same attempt sent twice is the same answer.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    revision = models.ForeignKey(QuestionRevision, models.PROTECT, related_name="answers")
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    response = models.JSONField(_("response"))
    is_correct = models.BooleanField(
        _("right"), null=True, help_text=_("Empty where nothing is right or wrong.")
    )
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "question", "attempt"], name="answer_once_per_attempt"
            ),
            models.CheckConstraint(
                condition=models.Q(attempt__gte=1), name="answer_attempts_count_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.question} ({self.attempt})"


class CompletionIsFinal(TypeError):
    """A completion is a fact; nothing changes it afterwards."""


class CompletionQuerySet(models.QuerySet["Completion"]):
    def standing(self) -> CompletionQuerySet:
        """Keep the completions that were not withdrawn."""
        return self.filter(withdrawal__isnull=True)

    def update(self, **kwargs: Any) -> int:
        raise CompletionIsFinal("A completion cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise CompletionIsFinal("A completion cannot be deleted.")


class Completion(PublicIdModel):
    """Somebody completed a course: a record in its own right, which never changes.

    Names and minutes are those of the moment: later editing of the course leaves them alone.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="completions")
    number = models.PositiveSmallIntegerField(
        _("number"),
        default=1,
        help_text=_("More than 1 where an earlier completion of the enrolment was withdrawn."),
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="completions")
    course = models.ForeignKey(Course, models.PROTECT, related_name="completions")
    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="completions")
    route = models.ForeignKey(Route, models.PROTECT, related_name="completions")
    route_kind = models.CharField(_("how"), max_length=16, choices=RouteKind.choices)
    course_title = models.CharField(_("course"), max_length=255)
    version_number = models.PositiveIntegerField(_("version"))
    outcomes = models.JSONField(_("outcomes"), help_text=_("Their texts, in order."))
    cpd_minutes = models.PositiveIntegerField(_("CPD minutes"))
    audience = models.ForeignKey(Audience, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    completed_at = models.DateTimeField(_("completed"), db_index=True)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "number"], name="completion_number_once_per_enrolment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.course_title} ({self.version_number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise CompletionIsFinal("A completion cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise CompletionIsFinal("A completion cannot be deleted.")
