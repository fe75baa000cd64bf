"""What came back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.enums import BounceKind, BounceSource
from notifications.models.notices import Notice


class BounceQuerySet(models.QuerySet["Bounce"]):
    def uncleared(self) -> BounceQuerySet:
        """Keep those that nobody has dealt with."""
        return self.filter(cleared_at__isnull=True)

    def holding(self) -> BounceQuerySet:
        """Keep those that say an address is no good, so that it should be left alone.

        A refusal by policy (5.7.x of RFC 3463) speaks of the sender, not of the address.
        """
        return self.uncleared().filter(kind=BounceKind.HARD).exclude(status__startswith="5.7.")


class Bounce(models.Model):
    """A message that did not reach its address, as the mail server or a later report said.

    `status` is the enhanced code of RFC 3463 ('5.1.1'). `report` tells one report from another: the
    same one read twice is one row.
    """

    address = models.EmailField(_("address"), max_length=254, help_text=_("In small letters."))
    notice = models.ForeignKey(
        Notice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bounces",
        verbose_name=_("notice"),
    )
    kind = models.CharField(_("kind"), max_length=4, choices=BounceKind.choices)
    source = models.CharField(_("source"), max_length=8, choices=BounceSource.choices)
    status = models.CharField(_("status code"), max_length=11)
    report = models.CharField(_("report"), max_length=64, unique=True, editable=False)
    at = models.DateTimeField(_("when"))
    cleared_at = models.DateTimeField(_("cleared"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cleared by"),
        help_text=_("Empty when the address was changed."),
    )

    objects = BounceQuerySet.as_manager()

    class Meta:
        verbose_name = _("returned message")
        verbose_name_plural = _("returned messages")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["address"], condition=Q(cleared_at__isnull=True), name="bounce_of_address"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_by__isnull=True) | Q(cleared_at__isnull=False),
                name="bounce_cleared_says_when",
                violation_error_message=_("What somebody cleared says when."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.status}"
