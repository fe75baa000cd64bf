"""When messages may go out."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from notifications.models import (
    DIGEST_AT,
    QUIET_FROM,
    QUIET_UNTIL,
    MessageSettings,
    is_between,
)


@dataclass(frozen=True, slots=True)
class MessageHours:
    """When messages go out, as clocks on the wall of the site's time zone show it."""

    quiet_from: datetime.time = QUIET_FROM
    quiet_until: datetime.time = QUIET_UNTIL
    digest_at: datetime.time = DIGEST_AT

    @property
    def has_quiet(self) -> bool:
        return self.quiet_from != self.quiet_until

    def end_of_quiet(self, now: datetime.datetime) -> datetime.datetime | None:
        """Find when the quiet hours that `now` lies in are over; None outside of them."""
        local = now.astimezone(_zone())
        if not is_between(local.time(), self.quiet_from, self.quiet_until):
            return None
        ends_tomorrow = local.time() >= self.quiet_until
        day = local.date() + datetime.timedelta(days=1 if ends_tomorrow else 0)
        end = _on_the_wall(day, self.quiet_until)
        if end <= now:  # the hour that comes twice in October, seen from its second time
            end = _on_the_wall(day, self.quiet_until, fold=1)
        return end

    def last_digest(self, now: datetime.datetime) -> datetime.datetime:
        """Find the latest moment up to `now` at which a daily summary was due."""
        today = now.astimezone(_zone()).date()
        due = _on_the_wall(today, self.digest_at)
        if due > now:
            due = _on_the_wall(today - datetime.timedelta(days=1), self.digest_at)
        return due


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _on_the_wall(day: datetime.date, at: datetime.time, *, fold: int = 0) -> datetime.datetime:
    """Give the moment at which a clock shows `at` on `day`, in UTC: those can be compared.

    A time that the clock skips in March is as long after midnight as it says.
    """
    return datetime.datetime.combine(day, at, _zone()).replace(fold=fold).astimezone(datetime.UTC)


def day_of(moment: datetime.datetime) -> datetime.date:
    """Give the date on the site's own calendar."""
    return moment.astimezone(_zone()).date()


def message_hours() -> MessageHours:
    """Read when messages go out; as the site was delivered, until somebody changes it."""
    kept = MessageSettings.objects.order_by("pk").first()
    if kept is None:
        return MessageHours()
    return MessageHours(kept.quiet_from, kept.quiet_until, kept.digest_at)
