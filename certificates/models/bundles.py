"""Many certificates in one zip file: asked for by a person, made by a worker, gone after a week."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from certificates.enums import BundleState, PackOutcome
from certificates.models.awards import Award
from courses.models import Course
from lms.core.models import PublicIdModel, TimeStampedModel

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class BundleQuerySet(models.QuerySet["Bundle"]):
    def visible_to(self, user: User) -> BundleQuerySet:
        """Keep the files that a person asked for: they are nobody else's business."""
        return self.filter(asked_by=user)

    def to_make(self, now: datetime.datetime) -> BundleQuerySet:
        """Keep what a worker has to do at `now` and nobody has claimed until later."""
        return self.filter(state=BundleState.MAKING, due_at__lte=now)


class Bundle(PublicIdModel, TimeStampedModel):
    """A zip file of certificates, from the asking to the day it is swept away.

    The row is the queue. Which certificates go in is written down when it is asked for
    (`BundledAward`), so any list of them can be packed: `organisation`, `course` and the two days
    only say in words what was chosen, and `choice` says it in one line for comparing.

    `due_at` is when a worker may next take it up: now, after the lease of the one that has it
    (`claim`), or after the wait that follows a failure.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="bundles",
        verbose_name=_("asked for by"),
    )
    title = models.CharField(_("certificates of"), max_length=255)
    choice = models.CharField(_("choice"), max_length=200, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("course")
    )
    completed_from = models.DateField(_("completed from"), null=True, blank=True)
    completed_until = models.DateField(_("completed until"), null=True, blank=True)
    not_standing = models.PositiveIntegerField(_("replaced or revoked"), default=0)
    total = models.PositiveIntegerField(_("certificates"), default=0)
    done = models.PositiveIntegerField(_("looked at"), default=0)
    state = models.CharField(
        _("state"), max_length=8, choices=BundleState.choices, default=BundleState.MAKING
    )
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("due"))
    claim = models.UUIDField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    file_name = models.CharField(_("stored file"), max_length=250, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    objects = BundleQuerySet.as_manager()

    if TYPE_CHECKING:
        bundled: RelatedManager[BundledAward]

    class Meta:
        verbose_name = _("zip file of certificates")
        verbose_name_plural = _("zip files of certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "choice"],
                condition=Q(state=BundleState.MAKING),
                name="bundle_under_way_once",
                violation_error_message=_("This file is being made already."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=BundleState.READY, finished_at__isnull=False, expires_at__isnull=False)
                    & ~Q(file_name="")
                )
                | (~Q(state=BundleState.READY) & Q(file_name="")),
                name="bundle_ready_has_its_file",
                violation_error_message=_("A file that is ready is stored, for a time."),
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")),
                name="bundle_done_within_total",
                violation_error_message=_("No more can be done than there is."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state=BundleState.MAKING),
                name="bundle_still_to_make",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(state=BundleState.READY),
                name="bundle_to_sweep_away",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("certificates:bundle", args=[self.public_id])


class BundledAward(models.Model):
    """One certificate of a zip file, in its place, and what came of it."""

    bundle = models.ForeignKey(
        Bundle, models.CASCADE, related_name="bundled", verbose_name=_("zip file")
    )
    award = models.ForeignKey(
        Award, models.PROTECT, related_name="+", verbose_name=_("certificate")
    )
    position = models.PositiveIntegerField(_("place"))
    outcome = models.CharField(
        _("what came of it"), max_length=8, choices=PackOutcome.choices, blank=True
    )

    class Meta:
        verbose_name = _("certificate in a zip file")
        verbose_name_plural = _("certificates in zip files")
        constraints = [
            models.UniqueConstraint(
                fields=["bundle", "position"],
                name="bundled_award_place_once",
                violation_error_message=_("This place of the file is taken."),
            ),
            models.UniqueConstraint(
                fields=["bundle", "award"],
                name="bundled_award_once",
                violation_error_message=_("This certificate is in the file already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id} #{self.position}"
