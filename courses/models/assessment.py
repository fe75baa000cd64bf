"""The assessment a course may end in: its settings, and each attempt with what was drawn for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from courses.models.catalogue import Course
from lms.core.models import PublicIdModel, TimeStampedModel

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from courses.models.attempts import Attempt
    from courses.models.questions import Question


class AssessmentRules(models.Model):
    """How an assessment is drawn and passed, on its page and in the row that learners meet."""

    introduction = RichTextField(_("introduction"), blank=True)
    draw_count = models.PositiveSmallIntegerField(
        _("questions in an attempt"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("They are drawn from the bank, as evenly as can be over the outcomes."),
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, in percent"),
        default=75,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    max_attempts = models.PositiveSmallIntegerField(
        _("attempts"), default=0, help_text=_("0 means as many as somebody needs.")
    )
    wait_hours = models.PositiveSmallIntegerField(
        _("hours to wait before the next attempt"),
        default=0,
        validators=[MaxValueValidator(24 * 14)],
    )

    RULES = ("introduction", "draw_count", "pass_mark", "max_attempts", "wait_hours")

    class Meta:
        abstract = True


class Assessment(AssessmentRules, PublicIdModel, TimeStampedModel):
    """A course's assessment as last published. Its bank is the questions that point at it."""

    course = models.OneToOneField(Course, models.PROTECT, related_name="assessment")
    title = models.CharField(_("title"), max_length=255)
    is_live = models.BooleanField(_("live"), default=False)

    if TYPE_CHECKING:
        bank: RelatedManager[Question]
        attempts: RelatedManager[Attempt]

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return f"{self.course}: {self.title}"
