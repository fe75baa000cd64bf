"""What people keep in their own CPD record. It is theirs: nobody else reads or changes it."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from courses.enums import CpdKind
from courses.models import CpdEntry, CpdYear, Reflection
from courses.queries.cpd import EARLIEST
from lms.core.errors import DomainError

MAX_WORDS = 5_000
_LEAP_DAY = (2, 29)


class CpdEntryRefused(DomainError):
    """The entry cannot be right as it was given; `field` says what is wrong with it."""

    code = "cpd_entry_refused"
    status = 422

    def __init__(self, field: str, message: str | Promise) -> None:
        self.field = field
        super().__init__(message)


class CpdYearRefused(DomainError):
    code = "cpd_year_refused"
    status = 422


@transaction.atomic
def add_cpd_entry(*, user: User, now: datetime.datetime, **said: Any) -> CpdEntry:
    """Add what `user` did elsewhere: `title`, `kind`, `starts_on`, `ends_on`, `minutes` and more.

    The same in every field is the same entry: a form that was sent twice adds one. Raises:
    CpdEntryRefused, with the field, when it cannot be right.
    """
    checked = _checked(said, now)
    # Locked, so that of two that are sent at once the second finds the first.
    User.objects.select_for_update().get(pk=user.pk)
    same = CpdEntry.objects.filter(user=user, **checked).order_by("pk").first()
    return same or CpdEntry.objects.create(user=user, **checked)


@transaction.atomic
def change_cpd_entry(*, entry: CpdEntry, now: datetime.datetime, **said: Any) -> CpdEntry:
    """Write an entry anew, all of it. Raises: CpdEntryRefused, as `add_cpd_entry`."""
    checked = _checked(said, now)
    entry = CpdEntry.objects.select_for_update().get(pk=entry.pk)
    for name, value in checked.items():
        setattr(entry, name, value)
    entry.save(update_fields=[*checked, "updated_at"])
    return entry


@transaction.atomic
def delete_cpd_entry(*, entry: CpdEntry) -> None:
    """Delete an entry for good: it is a note of the person's own, with nothing hanging on it."""
    CpdEntry.objects.filter(pk=entry.pk).delete()


def _checked(said: dict[str, Any], now: datetime.datetime) -> dict[str, Any]:
    starts_on: datetime.date = said["starts_on"]
    ends_on: datetime.date = said.get("ends_on") or starts_on
    if not said["title"].strip():
        raise CpdEntryRefused("title", _("Say in a few words what you did."))
    if said["kind"] not in CpdKind.values:
        raise CpdEntryRefused("kind", _("Choose what kind of activity it was."))
    if starts_on < EARLIEST:
        raise CpdEntryRefused("starts_on", _("This day is too long ago."))
    if ends_on < starts_on:
        raise CpdEntryRefused("ends_on", _("The last day cannot be before the first."))
    if ends_on > timezone.localdate(now):
        field = "ends_on" if said.get("ends_on") else "starts_on"
        raise CpdEntryRefused(field, _("This day is still to come. Add it when it is done."))
    _check_minutes(said["minutes"], (ends_on - starts_on).days + 1)
    words = {name: said.get(name, "").replace("\r\n", "\n").strip() for name in _WORDS}
    for name in ("learned", "applied"):
        if len(words[name]) > MAX_WORDS:
            told = {"n": f"{MAX_WORDS:,}", "written": f"{len(words[name]):,}"}
            message = _("Keep it under %(n)s characters. You have written %(written)s.")
            raise CpdEntryRefused(name, message % told)
    return {
        **words,
        "title": said["title"].strip(),
        "kind": said["kind"],
        "starts_on": starts_on,
        "ends_on": ends_on,
        "minutes": said["minutes"],
    }


_WORDS = ("provider", "learned", "applied", "url")


def _check_minutes(minutes: int, days: int) -> None:
    if minutes < 1:
        raise CpdEntryRefused("hours", _("Say how long it took, in hours and minutes."))
    if minutes > days * 24 * 60:
        raise CpdEntryRefused(
            "hours", _("No day has so many hours. Check the time, or give the first and last day.")
        )


@transaction.atomic
def set_cpd_year(*, user: User, month: int, day: int) -> CpdYear:
    """Let the CPD years of `user` begin on this day of each year.

    Raises: CpdYearRefused when not every year has such a day.
    """
    try:
        datetime.date(2028, month, day)
    except ValueError as wrong:
        raise CpdYearRefused(_("There is no such day in that month.")) from wrong
    if (month, day) == _LEAP_DAY:
        raise CpdYearRefused(_("Not every year has a 29 February. Choose 1 March."))
    year, _created = CpdYear.objects.update_or_create(
        user=user, defaults={"month": month, "day": day}
    )
    return year


@transaction.atomic
def choose_reflection(*, reflection: Reflection, is_in_cpd: bool) -> None:
    """Include a reflection in its writer's CPD record, or take it out. The text stays theirs."""
    Reflection.objects.filter(pk=reflection.pk).update(is_in_cpd=is_in_cpd)
