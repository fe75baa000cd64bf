"""Keeping the register of facts: checks, changes of wording, reminders."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Fact, FactCheck
from courses.notices.facts import tell_facts_to_check
from courses.queries.facts import keepers_of_facts
from lms.core.errors import DomainError


class CheckRefused(DomainError):
    """The check cannot be right as it was given; `field` says which of its days is wrong."""

    code = "check_refused"
    status = 422

    def __init__(self, field: str, message: str | Promise) -> None:
        self.field = field
        super().__init__(message)


@transaction.atomic
def record_check(
    *,
    fact: Fact,
    checked_on: datetime.date,
    review_on: datetime.date,
    checked_by: User,
    now: datetime.datetime,
    note: str = "",
) -> FactCheck:
    """Note that `fact` was looked up at its source on `checked_on` and still holds as it stands.

    It may be believed until `review_on`. The check is kept with the words as they stood.

    Raises: CheckRefused when the check is in the future or before the last one, or when the next
    review is not after today.
    """
    today = timezone.localdate(now)
    fact = Fact.objects.select_for_update().get(pk=fact.pk)
    if checked_on > today:
        raise CheckRefused("checked_on", _("This day is still to come."))
    if checked_on < fact.checked_on:
        raise CheckRefused("checked_on", _("It was checked after that day already."))
    if review_on <= today:
        raise CheckRefused("review_on", _("Choose a day after today for the next review."))
    last = FactCheck.objects.filter(fact=fact).order_by("-recorded_at", "-pk").first()
    if last is not None and fact.review_on == review_on and _is_same(last, checked_on, note):
        return last  # the form was sent twice
    fact.checked_on, fact.review_on, fact.checked_by = checked_on, review_on, checked_by
    fact.save(update_fields=["checked_on", "review_on", "checked_by", "updated_at"])
    return _keep(fact, now=now, note=note, has_changed=False)


@transaction.atomic
def note_edit(*, fact: Fact, edited_by: User, now: datetime.datetime) -> FactCheck | None:
    """Keep what somebody wrote into the register by hand: a new entry, other words, another day.

    Returns None when neither the words nor the day of the check differ from the last one kept.
    """
    last = FactCheck.objects.filter(fact=fact).order_by("-recorded_at", "-pk").first()
    has_changed = last is None or any(
        getattr(fact, name) != getattr(last, name) for name in Fact.WORDING
    )
    if last is not None and not has_changed and last.checked_on == fact.checked_on:
        return None
    fact.checked_by = edited_by
    fact.save(update_fields=["checked_by", "updated_at"])
    return _keep(fact, now=now, has_changed=has_changed and last is not None)


def _is_same(check: FactCheck, checked_on: datetime.date, note: str) -> bool:
    return (check.checked_on, check.note, check.has_changed) == (checked_on, note, False)


def _keep(fact: Fact, *, now: datetime.datetime, has_changed: bool, note: str = "") -> FactCheck:
    return FactCheck.objects.create(
        fact=fact,
        checked_on=fact.checked_on,
        checked_by=fact.checked_by,
        has_changed=has_changed,
        note=note.strip(),
        recorded_at=now,
        **{name: getattr(fact, name) for name in Fact.WORDING},
    )


@transaction.atomic
def remind_owners(*, now: datetime.datetime) -> int:
    """Tell whoever owns facts that are due or past their review, in one message a week each.

    Facts whose owner is gone, or that never had one, go to the people who edit courses. Returns to
    how many people the facts were told; asking again in the same week tells nobody twice.
    """
    today = timezone.localdate(now)
    owners: set[int] = set()
    for owner, is_active in (
        Fact.objects.to_check(today).values_list("owner_id", "owner__is_active").distinct()
    ):
        owners |= {owner} if owner and is_active else {user.pk for user in keepers_of_facts(today)}
    for user in User.objects.filter(pk__in=owners).order_by("pk"):
        tell_facts_to_check(user=user, on=today, now=now)
    return len(owners)
