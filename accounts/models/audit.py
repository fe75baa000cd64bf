"""The audit trail: who did what to which row, when. Ids and field names only, never content.

That nothing here is changed is held three times: by the methods below, and by triggers in the
database itself (migration `audit_is_final`, docs/decisions).
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntryIsFinal(TypeError):
    """An audit entry is written once; nothing changes or removes it one by one."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Reads, and refuses to write. Old entries go by `accounts.services.purge_audit` alone."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AuditEntryIsFinal("Audit entries cannot be changed.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditEntryIsFinal("Audit entries cannot be changed.")

    def delete(self) -> NoReturn:
        raise AuditEntryIsFinal("Audit entries cannot be deleted.")


class AuditEntry(models.Model):
    """One line: somebody did something to one record, or to `count` records of a kind."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
        help_text=_("Empty when the system did it."),
    )
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("whom it is about"),
        help_text=_("The person the record belongs to, where it belongs to one."),
    )
    action = models.CharField(_("action"), max_length=80)
    target_type = models.CharField(_("kind of record"), max_length=80)
    target_id = models.CharField(
        _("record"), max_length=40, help_text=_("Empty when it is about the kind as a whole.")
    )
    fields = models.JSONField(_("fields"), default=list)
    count = models.PositiveIntegerField(
        _("how many"), null=True, help_text=_("Where one line stands for several records.")
    )
    at = models.DateTimeField(_("when"), db_index=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        base_manager_name = "objects"
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_by_target")]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AuditEntryIsFinal("An audit entry cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AuditEntryIsFinal("An audit entry cannot be deleted.")
