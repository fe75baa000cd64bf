"""What people think of a course: the questions, and replies that name nobody.

A reply has no key to a person or an enrolment, no time and no order: that an enrolment was
evaluated is noted there (`Enrolment.evaluated_at`), what was said is noted here.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from courses.enums import EvaluationKind, EvaluationStage
from courses.models.catalogue import Course
from courses.models.learning import Enrolment
from lms.core.models import TimeStampedModel

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class EvaluationForm(  # type: ignore[django-manager-missing]  # managers of modelcluster
    ClusterableModel, TimeStampedModel
):
    """The questions of one stage: of a course that has its own, or of every other course."""

    course = models.ForeignKey(
        Course,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evaluation_forms",
        verbose_name=_("course"),
        help_text=_("Empty: for every course that has no form of its own."),
    )
    stage = models.CharField(
        _("when it is asked"),
        max_length=16,
        choices=EvaluationStage.choices,
        default=EvaluationStage.END,
    )
    introduction = models.TextField(
        _("introduction"),
        max_length=600,
        blank=True,
        help_text=_("One or two sentences. Who sees the replies is said below it."),
    )

    if TYPE_CHECKING:
        questions: RelatedManager[EvaluationQuestion]

    class Meta:
        verbose_name = _("evaluation form")
        verbose_name_plural = _("evaluation forms")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "stage"],
                name="evaluation_form_once_per_course",
                violation_error_message=_("This course has a form of its own already."),
            ),
            models.UniqueConstraint(
                fields=["stage"],
                condition=Q(course__isnull=True),
                name="evaluation_form_of_the_site_once",
                violation_error_message=_(
                    "There is a form for every course already. Choose a course for this one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.course.title if self.course else str(_("Every course"))


class EvaluationQuestion(Orderable):
    """One question of a form. `key` is its own for good, whatever becomes of its words."""

    form = ParentalKey(EvaluationForm, on_delete=models.CASCADE, related_name="questions")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=16, choices=EvaluationKind.choices, default=EvaluationKind.RATING
    )
    text = models.CharField(_("question"), max_length=250)
    hint = models.CharField(_("hint"), max_length=250, blank=True)
    low = models.CharField(
        _("what 1 means"),
        max_length=60,
        blank=True,
        help_text=_("Of a rating or confidence. Empty: ‘Not at all’."),
    )
    high = models.CharField(
        _("what 5 means"), max_length=60, blank=True, help_text=_("Empty: ‘Very much’.")
    )
    choices = models.TextField(
        _("choices"), blank=True, help_text=_("Of a single choice, one on each line.")
    )
    is_required = models.BooleanField(
        _("must be answered"),
        default=False,
        help_text=_("‘I would rather not say’ is an answer too."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("evaluation question")
        verbose_name_plural = _("evaluation questions")

    def __str__(self) -> str:
        return self.text

    @property
    def choice_list(self) -> list[str]:
        """The choices, each once, in their order."""
        lines = (" ".join(line.split()) for line in self.choices.splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> None:
        super().clean()
        wrong: dict[str, Any] = {}
        if self.kind == EvaluationKind.CHOICE and len(self.choice_list) < 2:
            wrong["choices"] = _("Give at least two choices, one on each line.")
        if self.kind == EvaluationKind.CHOICE and any(len(x) > 120 for x in self.choice_list):
            wrong["choices"] = _("Keep each choice under 120 characters.")
        if self.kind == EvaluationKind.TEXT and self.is_required:
            wrong["is_required"] = _("Nobody has to write something in their own words.")
        if wrong:
            raise ValidationError(wrong)


class EvaluationDraft(models.Model):
    """An evaluation that is half filled in: its writer's own, gone once it is sent."""

    wagtail_reference_index_ignore = True

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="evaluation_draft")
    answers = models.JSONField(_("answers"), default=dict)  # by the key of the question
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("half-filled evaluation")
        verbose_name_plural = _("half-filled evaluations")

    def __str__(self) -> str:
        return str(self.enrolment)


class EvaluationWording(models.Model):
    """A question as it was asked. Replies keep the wording they answered; it never changes.

    Of a confidence question there is one for each outcome.
    """

    question = models.UUIDField(_("key of the question"), db_index=True)
    digest = models.CharField(_("digest"), max_length=64)
    kind = models.CharField(_("kind"), max_length=16, choices=EvaluationKind.choices)
    text = models.CharField(_("question"), max_length=250)
    outcome = models.TextField(_("outcome"), blank=True)
    # What 1 and 5 mean, or what could be chosen.
    options = models.JSONField(_("options"), default=list)

    class Meta:
        verbose_name = _("wording of an evaluation question")
        verbose_name_plural = _("wordings of evaluation questions")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "digest"], name="evaluation_wording_once_per_question"
            )
        ]

    def __str__(self) -> str:
        return self.outcome or self.text


class EvaluationReply(models.Model):
    """One filled-in form. Nothing here leads to whoever filled it in.

    Its id is drawn by chance, and of its time only the month is kept: neither tells the order in
    which replies came.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="evaluation_replies")
    stage = models.CharField(_("stage"), max_length=16, choices=EvaluationStage.choices)
    month = models.DateField(_("first day of the month"))

    if TYPE_CHECKING:
        answers: RelatedManager[EvaluationAnswer]

    class Meta:
        verbose_name = _("evaluation reply")
        verbose_name_plural = _("evaluation replies")

    def __str__(self) -> str:
        return f"{self.course}: {self.month:%m/%Y}"


class EvaluationAnswer(models.Model):
    """What one reply says to one wording; nothing at all where somebody would rather not say."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reply = models.ForeignKey(EvaluationReply, models.PROTECT, related_name="answers")
    wording = models.ForeignKey(EvaluationWording, models.PROTECT, related_name="answers")
    # From 1 to 5, or the number of the choice.
    value = models.PositiveSmallIntegerField(_("value"), null=True)
    before = models.PositiveSmallIntegerField(_("thinking back"), null=True)
    text = models.TextField(_("in their own words"), blank=True)

    class Meta:
        verbose_name = _("evaluation answer")
        verbose_name_plural = _("evaluation answers")
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "wording"], name="evaluation_answer_once_per_wording"
            )
        ]

    def __str__(self) -> str:
        return f"{self.wording}: {self.value}"
