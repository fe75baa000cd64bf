from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 250


class SecondFactorReset(models.Model):
    """An administrator let somebody start afresh who had lost every second step, and why."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="second_factor_resets",
        verbose_name=_("whose"),
    )
    reset_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("second steps forgotten")
        verbose_name_plural = _("second steps forgotten")

    def __str__(self) -> str:
        return f"{self.user}, {self.at:%Y-%m-%d}"
