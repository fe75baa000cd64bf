"""Questions, each kept in every wording that somebody answered it in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.enums import QuestionKind
from courses.models.catalogue import Lesson
from lms.core.models import PublicIdModel, TimeStampedModel


class Question(PublicIdModel, TimeStampedModel):
    """A question of a lesson, known by the id of its block in the lesson's stream."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="questions")
    block_id = models.CharField(_("block"), max_length=40)
    key = models.CharField(_("short name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=QuestionKind.choices)
    is_live = models.BooleanField(
        _("live"), default=True, help_text=_("Whether the published lesson asks it.")
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
            )
        ]

    def __str__(self) -> str:
        return self.key or self.block_id


class QuestionRevision(models.Model):
    """One wording of a question with its right answer. Never changed: a new wording is a new row.

    `content` holds stem, outcome and, by kind: choices (id, text, correct or verdict, explanation),
    items (id, text, in the right order), accepted forms, model answer, explanation.
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
