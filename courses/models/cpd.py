"""What people add to their CPD record, when their year begins, and the PDF made of it."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.enums import CpdKind
from lms.core.models import PublicIdModel, TimeStampedModel


class CpdEntry(PublicIdModel, TimeStampedModel):
    """Something a person did elsewhere for their professional development. Theirs alone.

    It counts in the year in which it ended.
    """

    # Wagtail keeps no note of what stands in them.
    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cpd_entries")
    title = models.CharField(_("what you did"), max_length=200)
    kind = models.CharField(_("kind of activity"), max_length=16, choices=CpdKind.choices)
    provider = models.CharField(_("who ran it"), max_length=200, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    minutes = models.PositiveIntegerField(_("minutes"))
    learned = models.TextField(_("what you learned"), blank=True)
    applied = models.TextField(_("how you use it"), blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("CPD entry")
        verbose_name_plural = _("CPD entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="cpd_entry_ends_after_it_starts",
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="cpd_entry_takes_time",
                violation_error_message=_("Say how long it took."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CpdYear(models.Model):
    """The day on which a person's CPD year begins; without one it is 1 January."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cpd_year")
    month = models.PositiveSmallIntegerField(
        _("month"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        _("day"), validators=[MinValueValidator(1), MaxValueValidator(31)]
    )

    class Meta:
        verbose_name = _("beginning of a CPD year")
        verbose_name_plural = _("beginnings of CPD years")

    def __str__(self) -> str:
        return f"{self.day}.{self.month}."


class CpdFileQuerySet(models.QuerySet["CpdFile"]):
    def to_make(self, now: datetime.datetime) -> CpdFileQuerySet:
        """Keep the files that are still to be made, and whose time has come."""
        return self.filter(made_at__isnull=True, expires_at__gt=now, due_at__lte=now)

    def over(self, now: datetime.datetime) -> CpdFileQuerySet:
        """Keep the files whose time here is over."""
        return self.filter(expires_at__lte=now)


class CpdFile(PublicIdModel):
    """A CPD record as a PDF that somebody asked for. Its row is the queue; it goes after a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The first day of the year it is about; empty for everything.
    year_from = models.DateField(_("year from"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked for"))
    expires_at = models.DateTimeField(_("kept until"), db_index=True)
    due_at = models.DateTimeField(_("to be made from"))
    claim = models.UUIDField(_("claim"), null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    error = models.CharField(_("what went wrong"), max_length=200, blank=True)

    objects = CpdFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("PDF of a CPD record")
        verbose_name_plural = _("PDFs of CPD records")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")),
                name="cpd_file_lasts",
                violation_error_message=_("A file must be kept for some time."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.asked_at}"
