"""Judging rows: what an import would do with each, or what is wrong with it, in words."""

import re
from collections.abc import Callable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from accounts.enums import ImportField, LikenessChoice, OrganisationKind, RowVerdict
from accounts.models import Organisation
from accounts.permissions import is_name_of_person, is_plain_text, is_shared_address
from accounts.queries.import_cells import Said
from accounts.services.imports.directory import Directory, Person
from accounts.services.imports.plans import Chosen, Place, RowPlan
from accounts.services.imports.words import NEW, NONE, REFUSE, fold, word_key
from lms.core.pdf import undrawable_letters

ALIKE = 90
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")


class Planner:
    """Judges the rows of one import against one snapshot, in the order of the file.

    It remembers addresses, names and new organisations of the rows before, since rows of a file can
    contradict each other.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        labels: Mapping[str, str],
        words: Mapping[str, Mapping[str, str]],
        is_tidying: bool,
        with_likeness: bool = True,
    ) -> None:
        self.here = directory
        self.labels = labels
        self.words = words
        self.is_tidying = is_tidying
        self.with_likeness = with_likeness
        self._addresses: dict[str, int] = {}
        self._named: dict[tuple[str, tuple[str, str]], int] = {}
        self._new_places: dict[tuple[str, str], tuple[str, int]] = {}
        self._folded: dict[int, list[str]] = {}

    def plan(self, said: Said, chosen: Chosen) -> RowPlan:
        """Judge one row."""
        plan = RowPlan(said)
        if said.has_more_cells:
            self._wrong(
                plan,
                "",
                _(
                    "This row has more cells than there are columns. A comma inside a cell needs "
                    "quotation marks round the cell."
                ),
            )
        self._check_name(plan)
        self._check_address(plan)
        plan.job_role_id = self._job_role(plan)
        plan.place = self._place(plan)
        if plan.problems:
            plan.verdict = RowVerdict.WRONG
            return plan
        self._match(plan, chosen)
        if plan.problems:
            plan.verdict = RowVerdict.WRONG
        return plan

    def _wrong(self, plan: RowPlan, column: ImportField | str, sentence: str) -> None:
        label = self.labels.get(column, ImportField(column).label) if column else _("Whole row")
        plan.problems.append({"column": str(label), "sentence": sentence})

    # --- Cells ------------------------------------------------------------------------------------

    def _check_name(self, plan: RowPlan) -> None:
        name = plan.said.full_name
        column = (
            ImportField.FULL_NAME
            if ImportField.FIRST_NAME not in self.labels
            else ImportField.FIRST_NAME
        )
        if not name:
            self._wrong(plan, column, _("There is no name. Write the person’s full name."))
        elif not is_name_of_person(name):
            self._wrong(
                plan,
                column,
                _("“%(name)s” is not a name: it holds a formula, a script or a sign.")
                % {"name": _short(name)},
            )
        elif missing := undrawable_letters(name):
            self._wrong(
                plan,
                column,
                _("Certificates cannot print: %(letters)s. Write the name in Latin letters.")
                % {"letters": missing},
            )
        elif len(name) > 150:
            self._wrong(plan, column, _("This name is longer than 150 letters."))

    def _check_address(self, plan: RowPlan) -> None:
        said, wrong = plan.said, lambda text: self._wrong(plan, ImportField.EMAIL, text)
        address = said.address
        if not address:
            wrong(_("There is no e-mail address. Everybody needs one of their own."))
        elif not _is_address(address):
            wrong(
                _(
                    "“%(address)s” is not an e-mail address. It needs a name, an @ and a place, "
                    "like name@example.org."
                )
                % {"address": _short(said.email)}
            )
        elif is_shared_address(address):
            wrong(
                _(
                    "“%(address)s” looks like an address that several people read. Write one that "
                    "only this person reads."
                )
                % {"address": address}
            )
        elif first := self._addresses.get(address):
            wrong(
                _("Rows %(first)d and %(this)d have the same address. Each person has their own.")
                % {"first": first, "this": said.number}
            )
        else:
            self._addresses[address] = said.number
            self._check_spaces(plan, wrong)

    def _check_spaces(self, plan: RowPlan, wrong: Callable[[str], None]) -> None:
        plan.has_untidy_address = plan.said.email != plan.said.email.strip()
        if plan.has_untidy_address and not self.is_tidying:
            wrong(
                _("There are spaces around the address. Without them it is %(address)s.")
                % {"address": plan.said.address}
            )

    def _job_role(self, plan: RowPlan) -> int | None:
        word = plan.said.job_role
        if not word:
            return None
        value = self._meaning(ImportField.JOB_ROLE, word)
        if value is None:
            self._wrong(
                plan, ImportField.JOB_ROLE, _("“%(word)s” is no job role of ours.") % _w(word)
            )
        return int(value) if value and value != NONE else None

    def _meaning(self, column: ImportField, word: str) -> str | None:
        """Find what a word means: as answered, or as we understand it; None if it is refused."""
        answer = self.words.get(column, {}).get(word_key(word), "")
        if answer == REFUSE:
            return None
        if answer in (NEW, NONE) or answer in self.here.meanings.labels[column]:
            return answer
        return self.here.meanings.means(column, word)

    # --- Places -----------------------------------------------------------------------------------

    def _place(self, plan: RowPlan) -> Place | None:
        said = plan.said
        kind = self._meaning(ImportField.KIND, said.kind) if said.kind else ""
        if kind is None:
            self._wrong(
                plan,
                ImportField.KIND,
                _("“%(word)s” is no kind of organisation that we know.") % _w(said.kind),
            )
        area = self._area(plan)
        if not said.organisation:
            self._wrong(plan, ImportField.ORGANISATION, _("There is no organisation."))
            return None
        if not is_plain_text(said.organisation) or len(said.organisation) > 200:
            self._wrong(
                plan,
                ImportField.ORGANISATION,
                _("“%(word)s” cannot be the name of an organisation.") % _w(said.organisation),
            )
            return None
        if area is None or kind is None:
            return None
        return self._found_or_new(plan, area, kind)

    def _area(self, plan: RowPlan) -> str | None:
        """Find the area's id, or NEW; the one place of that name stands in for a missing area."""
        word = plan.said.area
        if not word:
            known = self.here.by_name.get(fold(plan.said.organisation), [])
            if len(known) == 1 and self.here.reach.may_import_into(known[0]):
                return str(known[0].area_id)
            self._wrong(plan, ImportField.AREA, _("There is no area."))
            return None
        value = self._meaning(ImportField.AREA, word)
        if value == NEW and not self.here.reach.may_add_areas:
            value = None
        if value is None or (value == NEW and (not is_plain_text(word) or len(word) > 120)):
            self._wrong(plan, ImportField.AREA, _("“%(word)s” is no area of ours.") % _w(word))
            return None
        return value

    def _found_or_new(self, plan: RowPlan, area: str, kind: str) -> Place | None:
        said, reach = plan.said, self.here.reach
        found = None if area == NEW else self.here.organisation(said.organisation, int(area))
        if found is not None:
            if not reach.may_import_into(found):
                self._out_of_reach(plan)
                return None
            return Place(found.name, found.area.name, found.pk, found.area_id)
        labels = self.here.meanings.labels[ImportField.AREA]
        area_id = None if area == NEW else int(area)
        place = Place(
            name=said.organisation,
            area_name=said.area if area_id is None else labels[area],
            area_id=area_id,
            kind=kind,
            postcode=said.postcode if _POSTCODE.fullmatch(said.postcode) else "",
        )
        would_be = Organisation(name=place.name)
        if area_id is not None:
            would_be.area_id = area_id
        if not (reach.may_import_into(would_be) and reach.may_add_to(would_be)):
            self._out_of_reach(plan)
            return None
        return self._agreed(plan, place)

    def _out_of_reach(self, plan: RowPlan) -> None:
        self._wrong(
            plan,
            ImportField.ORGANISATION,
            _("You may not import people into “%(name)s”: it is not in your area.")
            % {"name": plan.said.organisation},
        )

    def _agreed(self, plan: RowPlan, place: Place) -> Place | None:
        """Rows that name the same new organisation must say the same kind of it."""
        if plan.said.postcode and not place.postcode:
            self._wrong(
                plan,
                ImportField.POSTCODE,
                _("“%(word)s” is not a postcode, like OX1 1AA.") % _w(plan.said.postcode),
            )
            return None
        if not place.kind:
            self._wrong(
                plan,
                ImportField.KIND,
                _("“%(name)s” is new here, so its kind is needed.") % {"name": place.name},
            )
            return None
        if plan.problems:
            return place  # a row that is refused decides nothing
        kind, number = self._new_places.setdefault(place.key, (place.kind, plan.said.number))
        if kind != place.kind:
            self._wrong(
                plan,
                ImportField.KIND,
                _("Row %(number)d says that “%(name)s” is of the kind “%(kind)s”.")
                % {"number": number, "name": place.name, "kind": OrganisationKind(kind).label},
            )
        return place

    # --- People -----------------------------------------------------------------------------------

    def _match(self, plan: RowPlan, chosen: Chosen) -> None:
        assert plan.place is not None  # noqa: S101 - else the row had a problem
        person = self.here.people.get(plan.said.address)
        if person is None and chosen.choice == LikenessChoice.SAME and chosen.likeness_id:
            plan.likeness_id = chosen.likeness_id
            person = self.here.by_pk.get(chosen.likeness_id)
        if person is None:
            self._new_person(plan, chosen)
        elif not person.is_active:
            self._wrong(
                plan,
                ImportField.EMAIL,
                _("The account with this address is switched off. Ask an administrator."),
            )
        else:
            plan.person = person
            self._compare(plan, person, chosen)

    def _new_person(self, plan: RowPlan, chosen: Chosen) -> None:
        plan.joins = True
        if self.with_likeness:
            self._look_for_likeness(plan)
        likely = plan.likeness_id or plan.likeness_row
        if not likely:
            return
        if not chosen.choice:
            plan.verdict = RowVerdict.LIKENESS
        elif chosen.choice == LikenessChoice.SAME:
            # The row before it stands for the person.
            plan.verdict, plan.joins = RowVerdict.SAME, False

    def _look_for_likeness(self, plan: RowPlan) -> None:
        assert plan.place is not None  # noqa: S101 - as above
        name = fold(plan.said.full_name)
        number = plan.said.number
        first = self._named.setdefault((name, plan.place.key), number)
        if first != number:
            plan.likeness_row = first
            return
        pk = plan.place.organisation_id
        if pk is None:
            return
        members = self.here.members.get(pk, [])
        if pk not in self._folded:
            self._folded[pk] = [fold(member.full_name) for member in members]
        best = process.extractOne(
            name, self._folded[pk], scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE
        )
        if best:
            plan.likeness_id = members[best[2]].pk

    def _compare(self, plan: RowPlan, person: Person, chosen: Chosen) -> None:
        assert plan.place is not None  # noqa: S101 - as above
        pk = plan.place.organisation_id
        reached = self.here.is_reached(person)
        belongs = pk is not None and pk in self.here.places.get(person.pk, ())
        if not belongs:
            invited = pk is not None and (pk, person.email.lower()) in self.here.invited
            plan.is_only_invited, plan.joins = not reached and not invited, reached
            if plan.joins or plan.is_only_invited:
                self._change(plan, ImportField.ORGANISATION, "", plan.place.name)
        if reached:
            self._compare_person(plan, person, chosen)
        kept = all(change.get("is_kept") for change in plan.changes)
        plan.verdict = RowVerdict.SAME if kept else RowVerdict.CHANGES

    def _compare_person(self, plan: RowPlan, person: Person, chosen: Chosen) -> None:
        names = self.here.meanings.labels[ImportField.JOB_ROLE]
        if plan.job_role_id is not None and plan.job_role_id != person.job_role_id:
            old = names.get(str(person.job_role_id), "")
            self._change(plan, ImportField.JOB_ROLE, old, names[str(plan.job_role_id)])
        if plan.said.full_name != person.full_name:
            plan.has_other_name = True
            takes = chosen.takes_name or not person.full_name
            self._change(
                plan, ImportField.FULL_NAME, person.full_name, plan.said.full_name, kept=not takes
            )

    @staticmethod
    def _change(
        plan: RowPlan, column: ImportField, old: str, new: str, *, kept: bool = False
    ) -> None:
        plan.changes.append({"field": str(column), "old": old, "new": new, "is_kept": kept})


def plan_rows(
    planner: Planner, rows: Sequence[Said], chosen: Mapping[int, Chosen]
) -> list[RowPlan]:
    """Judge rows in the order of the file."""
    nothing = Chosen()
    return [planner.plan(said, chosen.get(said.number, nothing)) for said in rows]


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 254


def _short(text: str) -> str:
    text = "".join(c if c.isprintable() else " " for c in text).strip()
    return text if len(text) <= 80 else f"{text[:79]}…"


def _w(word: str) -> dict[str, str]:
    return {"word": _short(word)}
