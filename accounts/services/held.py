"""What is held about a person: every app says what it keeps, why and how long.

An app registers each of its models with a person in it, from `AppConfig.ready`. A test walks all
installed models and fails on one that nobody has registered.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.audit import record_audit
from lms.core.words import moment_in_words

# One record in words: what stands in it, by the name of each thing. Values are plain: texts,
# numbers, days, times, yes or no, lists of texts, or nothing.
Facts = Mapping[str | Promise, Any]
ROWS_ON_PAGE = 10


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing that is held about people.

    `model` is 'app.Model'; `people` are the fields (lookups) of it that lead to the person, and
    `addresses` those that hold an e-mail address.
    `facts` says a list of records in words, in their order, without a query for each: name what it
    needs in `related`.
    """

    model: str
    label: str | Promise
    why: str | Promise
    kept: str | Promise
    people: tuple[str, ...]
    facts: Callable[[list[Any]], list[Facts]]
    addresses: tuple[str, ...] = ()  # fields that hold an e-mail address, perhaps the person's
    related: tuple[str, ...] = ()
    order: tuple[str, ...] = ("-pk",)

    def records_of(self, user: User) -> QuerySet[Any]:
        """Select what is held about `user`, the latest first.

        By address only what names nobody: an address may have been another person's before.
        """
        about, nobody = Q(), Q()
        for lookup in self.people:
            about |= Q(**{lookup: user.pk})
            nobody &= Q(**{f"{lookup}__isnull": True}) if lookup != "pk" else Q()
        for lookup in self.addresses:
            about |= nobody & Q(**{f"{lookup}__iexact": user.email})
        model: type[models.Model] = apps.get_model(self.model)
        records = model._default_manager.filter(about)
        if self.related:
            records = records.select_related(*self.related)
        return records.order_by(*self.order)


def each(facts: Callable[[Any], Facts]) -> Callable[[list[Any]], list[Facts]]:
    """Say a list of records in words by saying each."""
    return lambda records: [facts(record) for record in records]


_holdings: list[Holding] = []
_not_personal: dict[str, str] = {}


def register_holdings(holdings: Sequence[Holding]) -> None:
    """Make known what an app holds about people. Several may be about one model.

    What the lower apps hold is listed first: who somebody is, then what they do.
    """
    _holdings[:0] = [holding for holding in holdings if holding not in _holdings]


def register_not_personal(field: str, reason: str) -> None:
    """Say why a field 'app.Model.field' that leads to a person, or looks so, needs no entry."""
    _not_personal[field.lower()] = reason


def holdings() -> Sequence[Holding]:
    """List what is registered, of the apps that are installed."""
    return [x for x in _holdings if apps.is_installed(_app_of(x.model))]


def not_personal() -> Mapping[str, str]:
    """Give the fields that need no entry, in small letters, each with the reason."""
    return _not_personal


def _app_of(model: str) -> str:
    label = model.split(".")[0]
    return next((x.name for x in apps.get_app_configs() if x.label == label), "")


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one kind: how many records, and the latest few in words."""

    label: str
    why: str
    kept: str
    count: int
    rows: list[list[tuple[str, str]]]

    @property
    def more(self) -> int:
        """How many records are not shown."""
        return self.count - len(self.rows)


def held_about(user: User) -> list[Held]:
    """List what is held about `user`, in the order it was registered; nothing is left out.

    One query for each kind, two where there are more records than the page shows.
    """
    found = []
    for holding in holdings():
        records = holding.records_of(user)
        first = list(records[: ROWS_ON_PAGE + 1])
        count = len(first) if len(first) <= ROWS_ON_PAGE else records.count()
        rows = [_row(facts) for facts in holding.facts(first[:ROWS_ON_PAGE])]
        found.append(Held(str(holding.label), str(holding.why), str(holding.kept), count, rows))
    return found


def _row(facts: Facts) -> list[tuple[str, str]]:
    said = {str(name): in_words(value) for name, value in facts.items() if value is not None}
    return [(name, text) for name, text in said.items() if text]


@transaction.atomic
def held_document(*, user: User, now: datetime.datetime) -> dict[str, Any]:
    """Write all that is held about `user` as plain data for one file, and that they took it."""
    record_audit(actor=user, action="held.downloaded", target=user, now=now)
    return {
        "about": {"name": user.full_name, "email": user.email},
        "written_at": now.isoformat(),
        "held": [
            {
                "what": str(holding.label),
                "why": str(holding.why),
                "how_long": str(holding.kept),
                "records": [
                    {str(name): _as_data(value) for name, value in facts.items()}
                    for facts in holding.facts(list(holding.records_of(user)))
                ],
            }
            for holding in holdings()
        ],
    }


def in_words(value: Any) -> str:
    """Write one value for a page: days and times in our way, yes and no, lists with commas."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime.datetime):
        return moment_in_words(value)
    if isinstance(value, datetime.date):
        return date_format(value)
    if isinstance(value, list | tuple):
        return ", ".join(in_words(x) for x in value)
    return str(value)


def _as_data(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_as_data(x) for x in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
