"""A holder says that their name is wrong on a certificate, and staff answer."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from certificates.enums import AwardStatus, NameCorrectionState
from certificates.models.awards import Award
from lms.core.models import PublicIdModel, TimeStampedModel


class NameCorrectionQuerySet(models.QuerySet["NameCorrection"]):
    def waiting(self) -> NameCorrectionQuerySet:
        """Keep requests that nobody has answered, of certificates that still stand.

        One whose certificate was replaced or revoked meanwhile is past: nothing is left to decide.
        """
        return self.filter(state=NameCorrectionState.ASKED, award__status=AwardStatus.VALID)

    def visible_to(self, user: User, *, on: datetime.date) -> NameCorrectionQuerySet:
        """Keep the requests about certificates that a person's roles let them correct, not theirs.

        Nobody decides about their own name.
        """
        managed = Award.objects.managed_by(user, on=on)
        return self.filter(award__in=managed.values("pk")).exclude(user=user)


class NameCorrection(PublicIdModel, TimeStampedModel):
    """The holder of a certificate asks for another name on it: what it should be, and why.

    One is open for a certificate. It is answered by a new certificate with the right name, or
    declined with a reason that the holder reads; until then they can take it back. The row stays.
    """

    award = models.ForeignKey(
        Award, models.PROTECT, related_name="name_corrections", verbose_name=_("certificate")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="name_corrections",
        verbose_name=_("holder"),
    )
    wanted_name = models.CharField(_("the name it should be"), max_length=150)
    why = models.CharField(_("what is wrong"), max_length=300)
    is_for_account = models.BooleanField(
        _("change the account's name too"),
        default=False,
        help_text=_("So that later certificates have the right name."),
    )
    asked_at = models.DateTimeField(_("asked"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=NameCorrectionState.choices,
        default=NameCorrectionState.ASKED,
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("why it was declined"), max_length=300, blank=True)
    new_award = models.OneToOneField(
        Award,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("new certificate"),
    )

    objects = NameCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of a name")
        verbose_name_plural = _("corrections of names")
        constraints = [
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(state=NameCorrectionState.ASKED),
                name="name_correction_open_once",
                violation_error_message=_("A correction of this name has been asked for already."),
            ),
            models.CheckConstraint(
                condition=Q(state=NameCorrectionState.ASKED, decided_at=None, decided_by=None)
                | (
                    ~Q(state=NameCorrectionState.ASKED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="name_correction_decided_says_who",
                violation_error_message=_("A request that was answered says by whom and when."),
            ),
            models.CheckConstraint(
                condition=Q(state=NameCorrectionState.MADE, new_award__isnull=False)
                | (~Q(state=NameCorrectionState.MADE) & Q(new_award__isnull=True)),
                name="name_correction_made_has_award",
                violation_error_message=_("A corrected name stands on a new certificate."),
            ),
            models.CheckConstraint(
                condition=(Q(state=NameCorrectionState.DECLINED) & ~Q(reason=""))
                | (~Q(state=NameCorrectionState.DECLINED) & Q(reason="")),
                name="name_correction_declined_says_why",
                violation_error_message=_("A request that was declined says why."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state=NameCorrectionState.ASKED),
                name="name_correction_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.award.holder_name} → {self.wanted_name}"

    def get_absolute_url(self) -> str:
        return reverse("certificates:name", args=[self.public_id])
