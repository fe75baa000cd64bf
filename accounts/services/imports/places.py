"""The organisations and areas that an import makes, once each."""

import datetime
from collections.abc import Iterable

from django.utils.text import slugify

from accounts.models import Area, Organisation, PeopleImport
from accounts.services.audit import record_audit
from accounts.services.imports.plans import Place, RowPlan
from accounts.services.imports.words import fold


class Places:
    """Finds the organisation of each plan, and makes those that are not here. `made` lists them."""

    def __init__(self, people_import: PeopleImport, now: datetime.datetime) -> None:
        self.people_import = people_import
        self.now = now
        self.made: dict[str, list[int]] = {
            "areas": list(people_import.made.get("areas", [])),
            "organisations": list(people_import.made.get("organisations", [])),
        }
        self._found: dict[tuple[str, str], Organisation] = {}
        self._areas: dict[str, Area] = {}

    def of(self, place: Place) -> Organisation:
        if place.organisation_id is not None:
            return Organisation(pk=place.organisation_id, name=place.name)
        return self._found[place.key]

    def make_missing(self, plans: Iterable[RowPlan]) -> None:
        """Make what the plans need and is not here, in an order that no two imports cross."""
        missing = {
            plan.place.key: plan.place
            for plan in plans
            if plan.place and plan.place.organisation_id is None
        }
        for key in sorted(missing, key=lambda key: (key[1], key[0])):
            self._found[key] = self._organisation(missing[key])

    def _organisation(self, place: Place) -> Organisation:
        area = self._area(place)
        organisation, created = Organisation.objects.get_or_create(
            name=place.name,
            area=area,
            defaults={"kind": place.kind, "postcode": place.postcode},
        )
        if created:
            self.made["organisations"].append(organisation.pk)
            record_audit(
                actor=self.people_import.started_by,
                action="organisation.made",
                target=organisation,
                now=self.now,
            )
        return organisation

    def _area(self, place: Place) -> Area:
        if place.area_id is not None:
            return Area(pk=place.area_id, name=place.area_name)
        key = fold(place.area_name)
        if key not in self._areas:
            self._areas[key] = self._find_or_make_area(place.area_name)
        return self._areas[key]

    def _find_or_make_area(self, name: str) -> Area:
        slug = slugify(fold(name))[:110] or "area"
        taken = Area.objects.filter(slug=slug).exclude(name=name).exists()
        area, created = Area.objects.get_or_create(
            name=name, defaults={"slug": f"{slug}-{self.people_import.pk}" if taken else slug}
        )
        if created:
            self.made["areas"].append(area.pk)
            record_audit(
                actor=self.people_import.started_by, action="area.made", target=area, now=self.now
            )
        return area
