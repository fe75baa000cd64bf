"""What is recorded beside a learner's own work: sessions attended, and what staff put right."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.enums import CorrectionKind
from courses.models.catalogue import Lesson
from courses.models.learning import Completion, Enrolment
from lms.core.models import TimeStampedModel


class SessionCredit(TimeStampedModel):
    """How much of a training session somebody was there for, as its register says.

    `source` names the register, so that telling it again changes the row instead of adding one.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="session_credits")
    source = models.CharField(_("register"), max_length=80)
    title = models.CharField(_("session"), max_length=255)
    held_on = models.DateField(_("held on"))
    minutes = models.PositiveIntegerField(_("minutes attended"))
    of_minutes = models.PositiveIntegerField(_("minutes of the session"))

    class Meta:
        verbose_name = _("session attended")
        verbose_name_plural = _("sessions attended")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "source"], name="session_credit_once_per_register"
            ),
            models.CheckConstraint(
                condition=Q(of_minutes__gte=1, minutes__lte=F("of_minutes")),
                name="session_credit_within_session",
                violation_error_message=_("Nobody attends more minutes than the session has."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.title}"


class Correction(models.Model):
    """One thing that staff put right in somebody's learning, by whom, when and why. Kept.

    Without a person it was the site, on a register's word, or the learner, who moved up.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="corrections")
    kind = models.CharField(_("what"), max_length=24, choices=CorrectionKind.choices)
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, blank=True, related_name="+")
    detail = models.JSONField(_("before and after"), default=dict)
    reason = models.CharField(_("why"), max_length=500)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="correction_says_why",
                violation_error_message=_("Say why."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.get_kind_display()}"


class CompletionWithdrawal(models.Model):
    """A completion written wrongly. It stays as it is, and this stands beside it."""

    completion = models.OneToOneField(Completion, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("why"), max_length=500)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("withdrawn completion")
        verbose_name_plural = _("withdrawn completions")

    def __str__(self) -> str:
        return f"{self.completion}"
