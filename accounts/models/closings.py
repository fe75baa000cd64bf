from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.second_factor import LONGEST_REASON


class AccountClosing(models.Model):
    """An administrator closed somebody's account, and why; and who opened it again, if anybody did.

    Records, certificates and memberships stay as they are: a closed account cannot sign in.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="account_closings",
        verbose_name=_("whose"),
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"))
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opened again by"),
    )
    opened_at = models.DateTimeField(_("opened again"), null=True, blank=True)

    class Meta:
        verbose_name = _("closed account")
        verbose_name_plural = _("closed accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(opened_at__isnull=True),
                name="account_closed_once",
                violation_error_message=_("This account is closed already."),
            ),
            models.CheckConstraint(
                condition=models.Q(opened_at__isnull=True, opened_by__isnull=True)
                | models.Q(opened_at__isnull=False, opened_by__isnull=False),
                name="account_opened_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.closed_at:%Y-%m-%d}"
