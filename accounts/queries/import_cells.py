"""What one row of a file says, by the columns that were matched."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from accounts.enums import ImportField


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one row. `email` keeps the spaces it came with; the rest is without."""

    number: int
    full_name: str
    email: str
    job_role: str
    organisation: str
    kind: str
    area: str
    postcode: str
    has_more_cells: bool

    @property
    def address(self) -> str:
        return self.email.strip().lower()


def read_cells(
    number: int,
    values: Sequence[str],
    *,
    width: int,
    mapping: Mapping[str, int],
    constants: Mapping[str, str],
) -> Said:
    """Read a row by the matched columns; what is the same for all rows fills in for a column."""

    def cell(field: ImportField) -> str:
        index = mapping.get(field)
        if index is None:
            return constants.get(field, "")
        return values[index] if index < len(values) else ""

    def tidy(field: ImportField) -> str:
        return " ".join(cell(field).split())

    return Said(
        number=number,
        full_name=tidy(ImportField.FULL_NAME) or _joined(tidy),
        email=cell(ImportField.EMAIL),
        job_role=tidy(ImportField.JOB_ROLE),
        organisation=tidy(ImportField.ORGANISATION),
        kind=tidy(ImportField.KIND),
        area=tidy(ImportField.AREA),
        postcode=re.sub(r"\s+", " ", tidy(ImportField.POSTCODE)).upper(),
        has_more_cells=len(values) > width,
    )


def _joined(tidy: Callable[[ImportField], str]) -> str:
    return f"{tidy(ImportField.FIRST_NAME)} {tidy(ImportField.LAST_NAME)}".strip()
