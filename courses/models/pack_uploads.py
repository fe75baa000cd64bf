"""Course packs that somebody uploaded: looked at, then imported or given up; gone after a day."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.enums import WORKING_PACK, PackState
from courses.models.catalogue import Course
from lms.core.models import PublicIdModel, TimeStampedModel

# An upload, and what is said of it, are for the day on which somebody imports it.
KEPT_FOR = datetime.timedelta(days=1)


class PackUploadQuerySet(models.QuerySet["PackUpload"]):
    def visible_to(self, user: User) -> PackUploadQuerySet:
        """Keep the packs that `user` uploaded: it is their business until it is imported."""
        return self.filter(uploaded_by=user)

    def claimable(self, now: datetime.datetime, lease: datetime.timedelta) -> PackUploadQuerySet:
        """Keep what a worker has to do and no living worker is at."""
        free = models.Q(claim=None) | models.Q(claimed_at__lt=now - lease)
        return self.filter(free, state__in=WORKING_PACK)

    def over(self, now: datetime.datetime) -> PackUploadQuerySet:
        """Keep what nobody has carried on for a day."""
        return self.filter(updated_at__lt=now - KEPT_FOR)


class PackUpload(PublicIdModel, TimeStampedModel):
    """One zip of a course, from its upload to a day after the last step.

    The zip lies in private storage under `stored_as`, until it is imported or given up. `problems`
    are {path, line, problem, quote}; `preview` is what importing it would do and `fingerprint` what
    that came from: when the site has changed since, it is another. `report` is what was done.
    """

    uploaded_by = models.ForeignKey(
        User, models.PROTECT, related_name="pack_uploads", verbose_name=_("uploaded by")
    )
    file_name = models.CharField(_("file"), max_length=120)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    stored_as = models.CharField(_("stored as"), max_length=120, blank=True)
    is_long = models.BooleanField(_("a worker’s work"), default=False)
    state = models.CharField(
        _("state"), max_length=12, choices=PackState.choices, default=PackState.READING
    )
    problems = models.JSONField(_("what is wrong"), default=list)
    preview = models.JSONField(_("what would change"), default=dict)
    fingerprint = models.CharField(_("mark of the preview"), max_length=64, blank=True)
    note = models.TextField(_("why nothing was imported"), blank=True)
    report = models.JSONField(_("what was done"), default=dict)
    course = models.ForeignKey(
        Course,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("course"),
    )
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PackUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded course pack")
        verbose_name_plural = _("uploaded course packs")
        indexes = [models.Index(fields=["state", "claimed_at"], name="pack_upload_to_do")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"

    @property
    def is_working(self) -> bool:
        """Whether a worker has something to do."""
        return self.state in WORKING_PACK
