"""What somebody did in an assessment, and half-filled answers that wait for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.assessment import Assessment
from courses.models.learning import Enrolment
from courses.models.questions import Question, QuestionRevision
from lms.core.models import PublicIdModel, TimeStampedModel

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Attempt(PublicIdModel, TimeStampedModel):
    """One try at an assessment: the questions drawn for it stay its own, and so does the mark."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attempts")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    pass_mark = models.PositiveSmallIntegerField(_("pass mark, in percent"))
    started_at = models.DateTimeField(_("started"))
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    right = models.PositiveSmallIntegerField(_("right answers"), null=True, blank=True)
    out_of = models.PositiveSmallIntegerField(_("questions"))
    is_passed = models.BooleanField(_("passed"), null=True, blank=True)

    if TYPE_CHECKING:
        drawn: RelatedManager[AttemptQuestion]

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "number"], name="attempt_number_once_per_enrolment"
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(submitted_at__isnull=True),
                name="attempt_open_once_per_enrolment",
                violation_error_message=_("An attempt is open already."),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, right__isnull=True, is_passed__isnull=True)
                | Q(
                    submitted_at__isnull=False,
                    right__isnull=False,
                    is_passed__isnull=False,
                    right__lte=F("out_of"),
                ),
                name="attempt_is_marked_when_handed_in",
                violation_error_message=_("An attempt is marked when it is handed in."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.number}"


class AttemptQuestion(models.Model):
    """A question drawn for an attempt, in the wording it is marked against, with the answer."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="drawn")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    revision = models.ForeignKey(QuestionRevision, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"))
    response = models.JSONField(_("response"), null=True, blank=True)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    is_correct = models.BooleanField(
        _("right"), null=True, help_text=_("Empty until the attempt is handed in.")
    )

    class Meta:
        verbose_name = _("question of an attempt")
        verbose_name_plural = _("questions of attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question"], name="question_once_per_attempt"
            ),
            models.UniqueConstraint(
                fields=["attempt", "position"], name="position_once_per_attempt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.position}"


class DraftAnswer(models.Model):
    """A half-filled answer of a lesson, kept so that another device or day finds it again.

    Of a branching scenario it holds the way walked so far, on the revision it was begun on. It goes
    when the answer is given; one of an attempt that was answered meanwhile is not shown.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="drafts")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    revision = models.ForeignKey(QuestionRevision, models.PROTECT, null=True, related_name="+")
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    response = models.JSONField(_("response"))
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("half-filled answer")
        verbose_name_plural = _("half-filled answers")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "question"], name="draft_answer_once_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.question}"


class Reflection(models.Model):
    """What a learner wrote for themselves. Nobody else reads it, staff included.

    `prompt` is the question as they read it: it stays beside their words when the lesson changes.
    """

    # Wagtail keeps no note of what stands in them.
    wagtail_reference_index_ignore = True

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="reflections")
    lesson = models.ForeignKey("courses.Lesson", models.PROTECT, related_name="+")
    block_id = models.CharField(_("block"), max_length=40)
    title = models.CharField(_("heading"), max_length=120)
    prompt = models.TextField(_("question"))
    text = models.TextField(_("what they wrote"))
    is_in_cpd = models.BooleanField(_("part of their CPD record"), default=False)
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("reflection")
        verbose_name_plural = _("reflections")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson", "block_id"], name="reflection_once_per_block"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.title}"
