"""Reminding people in time that a certificate is about to expire."""

import datetime
import logging

from django.db import transaction
from django.utils import timezone

from certificates.models import Award
from certificates.notices import tell_certificate_expires

logger = logging.getLogger(__name__)

STEPS = (60, 30, 7)  # days before it expires
_BATCH = 200


def reminders_passed(expires_on: datetime.date | None, *, on: datetime.date) -> int | None:
    """Say which reminder's day has come when a certificate is given: those up to it are left out.

    Nobody is reminded to refresh what they have just completed.
    """
    if expires_on is None:
        return None
    left = (expires_on - on).days
    return min((step for step in STEPS if left <= step), default=None)


def remind_of_expiry(*, now: datetime.datetime) -> int:
    """Write the reminders that are due at `now`, each once; say how many were written.

    Sixty, thirty and seven days before a certificate expires, its holder is told, unless it was
    revoked or replaced, they have completed the course again, or their account is closed. A day the
    sweep missed is made up for until the next step's. One bad row stops no other.
    """
    today = timezone.localdate(now)
    written = 0
    for step, after in zip(STEPS, (*STEPS[1:], -1), strict=True):
        last = 0
        while pks := list(
            Award.objects.to_remind(step, after, today)
            .filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:_BATCH]
        ):
            last = pks[-1]
            written += sum(_remind(pk, step, after, now) for pk in pks)
    return written


def _remind(pk: int, step: int, after: int, now: datetime.datetime) -> bool:
    """Write one reminder, and on the award that it was; of two sweeps, one finds it written."""
    try:
        with transaction.atomic():
            award = Award.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)
            due = Award.objects.to_remind(step, after, timezone.localdate(now))
            if not due.filter(pk=pk).exists():
                return False
            award.reminded_days = step
            award.save(update_fields=["reminded_days", "updated_at"])
            tell_certificate_expires(award=award, user=award.user, step=step, now=now)
    except Exception:  # whatever it is, the others must be reminded
        logger.exception("The holder of award %s was not reminded", pk)
        return False
    return True
