import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User, Venue
from accounts.services.audit import record_audit


@transaction.atomic
def check_venue(*, venue: Venue, checked_by: User, now: datetime.datetime) -> Venue:
    """Write that somebody made sure of a venue's details on the day of `now`."""
    venue.checked_on = timezone.localdate(now)
    venue.save(update_fields=["checked_on", "updated_at"])
    record_audit(
        actor=checked_by, action="venue.checked", target=venue, now=now, fields=["checked_on"]
    )
    return venue
