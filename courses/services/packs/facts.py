"""Entries of the register of facts that a pack brings: never made older than they are."""

from __future__ import annotations

import datetime

from courses.models import Fact, FactCheck
from courses.packfiles import PackFact


def fact_verdict(entry: PackFact) -> str:
    """Say what loading would do with an entry: "created", "changed" or "kept"."""
    known = Fact.objects.filter(key=entry.key).first()
    if known is None:
        return "created"
    return "changed" if entry.values["checked_on"] > known.checked_on else "kept"


def bring_fact(entry: PackFact, now: datetime.datetime) -> int:
    """Make the entry, or bring it up to a newer check. The check is kept; nobody here made it."""
    known = Fact.objects.select_for_update().filter(key=entry.key).first()
    if known is not None and entry.values["checked_on"] <= known.checked_on:
        return known.pk
    fact = known or Fact(key=entry.key)
    has_changed = known is not None and any(
        getattr(fact, name) != entry.values[name] for name in Fact.WORDING
    )
    for name, value in entry.values.items():
        setattr(fact, name, value)
    fact.checked_by = None
    fact.save()
    FactCheck.objects.create(
        fact=fact,
        checked_on=fact.checked_on,
        has_changed=has_changed,
        recorded_at=now,
        **{name: getattr(fact, name) for name in Fact.WORDING},
    )
    return fact.pk
