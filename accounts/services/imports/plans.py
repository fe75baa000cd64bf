"""What an import would do with one row, before anything is written."""

from dataclasses import dataclass, field

from accounts.enums import RowVerdict
from accounts.queries.import_cells import Said
from accounts.services.imports.directory import Person
from accounts.services.imports.words import fold


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose about one row: whether it is the same person, whose name stands."""

    choice: str = ""
    takes_name: bool = False
    likeness_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row puts a person: an organisation that is here, or one that is to be made."""

    name: str
    area_name: str
    organisation_id: int | None = None
    area_id: int | None = None  # None: the area is to be made as well
    kind: str = ""
    postcode: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return fold(self.name), fold(self.area_name)


@dataclass
class RowPlan:
    """The judgement on one row. `joins` and `is_only_invited` say how the person comes there."""

    said: Said
    verdict: RowVerdict = RowVerdict.NEW
    problems: list[dict[str, str]] = field(default_factory=list)
    changes: list[dict[str, object]] = field(default_factory=list)
    person: Person | None = None
    job_role_id: int | None = None
    place: Place | None = None
    joins: bool = False
    is_only_invited: bool = False
    has_other_name: bool = False
    has_untidy_address: bool = False
    likeness_id: int | None = None
    likeness_row: int | None = None

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """What was shown and agreed to: if it is another when the import runs, nobody agreed."""
        told = [(c["field"], c["new"]) for c in self.changes if not c.get("is_kept")]
        return (self.verdict, self.person.pk if self.person else None, told)
