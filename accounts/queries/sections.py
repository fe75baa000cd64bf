"""The sections of an organisation's screens, those of the apps above included."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.enums import Permission


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an organisation's screens: its name, its address and who has it.

    `url_name` takes the public id of the organisation.
    """

    code: str
    label: str | Promise
    url_name: str
    permission: Permission


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Give an organisation's screens one section more; apps do so from `AppConfig.ready`."""
    _sections[section.code] = section


def sections_added() -> Sequence[Section]:
    """List the sections of the apps above, in the order they were given."""
    return list(_sections.values())
