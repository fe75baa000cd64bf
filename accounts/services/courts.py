"""The Crown Courts, as a beginning: each is to be checked by the charity before use."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from accounts.enums import VenueKind
from accounts.models import Venue

CROWN_COURTS = Path(__file__).resolve().parent.parent / "data" / "crown_courts.csv"


@dataclass(frozen=True, slots=True)
class Court:
    name: str
    code: str
    postcode: str
    venue_code: str


@dataclass(frozen=True, slots=True)
class LoadedCourts:
    created: int
    kept: int


def read_courts(path: Path = CROWN_COURTS) -> list[Court]:
    """Read the courts of a file with the columns of `accounts/data/crown_courts.csv`."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Court(
                name=row["name"].strip(),
                code=row["register_code"].strip(),
                postcode=row["postcode"].strip(),
                venue_code=row["hmcts_venue_code"].strip(),
            )
            for row in csv.DictReader(file)
        ]


@transaction.atomic
def load_courts(*, courts: Iterable[Court]) -> LoadedCourts:
    """Add the courts that are not there yet, as not checked. What is there is left as it is.

    A court is known by its register code, or by its name: whoever corrected one of them keeps it.
    """
    codes = set(Venue.objects.exclude(code="").values_list("code", flat=True))
    courts_there = Venue.objects.filter(kind=VenueKind.COURT).values_list("name", flat=True)
    names = {name.casefold() for name in courts_there}
    new = [
        Venue(
            name=court.name,
            kind=VenueKind.COURT,
            code=court.code,
            venue_code=court.venue_code,
            postcode=court.postcode,
        )
        for court in courts
        if court.code not in codes and court.name.casefold() not in names
    ]
    for venue in new:
        venue.full_clean(validate_unique=False, validate_constraints=False)
    created = len(Venue.objects.bulk_create(new))
    return LoadedCourts(created=created, kept=len(names))
