"""What people change about themselves."""

import datetime

from django.db import transaction

from accounts.models import JobRole, User
from accounts.services.audit import record_audit


@transaction.atomic
def change_profile(
    *, user: User, full_name: str, job_role: JobRole, now: datetime.datetime
) -> list[str]:
    """Write the name and work of `user` as they give them; list the fields that changed.

    Certificates keep the name of their day, and enrolments the audience of theirs.
    """
    user_now = User.objects.select_for_update().get(pk=user.pk)
    wanted = {"full_name": full_name, "job_role_id": job_role.pk}
    changed = [name for name, value in wanted.items() if getattr(user_now, name) != value]
    if changed:
        for name in changed:
            setattr(user, name, wanted[name])
        fields = [name.removesuffix("_id") for name in changed]
        user.save(update_fields=fields)
        record_audit(actor=user, action="profile.changed", target=user, now=now, fields=fields)
    return changed


@transaction.atomic
def correct_name(*, user: User, full_name: str, corrected_by: User, now: datetime.datetime) -> User:
    """Write the name of `user` as they asked for it and somebody else agreed.

    Whether `corrected_by` may agree is the caller's to say: it depends on what they asked about.
    """
    user_now = User.objects.select_for_update().get(pk=user.pk)
    if user_now.full_name != full_name:
        user_now.full_name = full_name
        user_now.save(update_fields=["full_name"])
        record_audit(
            actor=corrected_by,
            action="profile.name_corrected",
            target=user_now,
            now=now,
            fields=["full_name"],
        )
    return user_now
