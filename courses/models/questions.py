"""Questions, each kept in every wording that somebody answered it in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.enums import QuestionKind
from courses.models.assessment import Assessment
from courses.models.catalogue import Lesson
from lms.core.models import PublicIdModel, TimeStampedModel


class Question(PublicIdModel, TimeStampedModel):
    """A question of a lesson or of an assessment's bank, known by the id of its block there."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, related_name="questions")
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, related_name="bank")
    block_id = models.CharField(_("block"), max_length=40)
    key = models.CharField(_("short name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=QuestionKind.choices)
    is_live = models.BooleanField(
        _("live"),
        default=True,
        help_text=_("Whether the published lesson asks it, or the bank holds it."),
    )
    latest_revision = models.ForeignKey(
        "QuestionRevision", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "block_id"], name="question_block_once_per_lesson"
            ),
            models.UniqueConstraint(
                fields=["assessment", "block_id"], name="question_block_once_per_bank"
            ),
            models.CheckConstraint(
                condition=models.Q(lesson__isnull=False, assessment__isnull=True)
                | models.Q(lesson__isnull=True, assessment__isnull=False),
                name="question_in_a_lesson_or_a_bank",
                violation_error_message=_("A question stands in a lesson or in a bank."),
            ),
        ]

    def __str__(self) -> str:
        return self.key or self.block_id


class QuestionRevision(models.Model):
    """One wording of a question with its right answer. Never changed: a new wording is a new row.

    `content` holds stem, outcome and, by kind: choices (id, text, correct or verdict, explanation),
    items (id, text, in the right order), pairs (id, prompt, match), accepted forms, model answer,
    explanation, and steps (key, situation, question, choices, each with where it leads to).
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("content"))
    published_at = models.DateTimeField(_("published"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="question_revision_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} ({self.number})"
