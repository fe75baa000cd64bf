import datetime
from collections.abc import Iterable, Sequence

from django.db import models

from accounts.models import AuditEntry, User


def record_audit(
    *,
    actor: User | None,
    action: str,
    target: models.Model,
    now: datetime.datetime,
    fields: Iterable[str] = (),
) -> AuditEntry:
    """Write one line of the audit trail, in the caller's transaction.

    `actor` is None when the system did it; `fields` are names of fields, never their content.
    """
    return AuditEntry.objects.create(
        actor=actor,
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        fields=sorted(fields),
        at=now,
    )


def record_audit_of_many(
    *,
    actor: User | None,
    action: str,
    targets: Sequence[models.Model],
    now: datetime.datetime,
    fields: Iterable[str] = (),
) -> None:
    """Write one line of the audit trail for each of `targets`, as `record_audit` does for one."""
    names = sorted(fields)
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                actor=actor,
                action=action,
                target_type=target._meta.label_lower,
                target_id=str(target.pk),
                fields=names,
                at=now,
            )
            for target in targets
        ],
        batch_size=500,
    )
