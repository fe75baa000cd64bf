"""Taking an import back within a day: what it made goes, unless somebody has built on it since."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import ImportState, RowOutcome
from accounts.models import (
    Area,
    Invitation,
    Membership,
    Organisation,
    PeopleImport,
    PeopleImportRow,
    User,
)
from accounts.services.audit import record_audit, record_audit_of_many
from accounts.services.imports.claims import hold
from accounts.services.imports.directory import chunks
from accounts.services.imports.judging import write_rows
from accounts.services.imports.steps import WrongStep, hurry
from accounts.services.invitations import withdraw_invitation
from lms.core.errors import DomainError


class TooLateToUndo(DomainError):
    code = "too_late_to_undo"
    message = gettext_lazy("This import is more than a day old, so it can no longer be undone.")


@transaction.atomic
def undo_import(*, people_import: PeopleImport, now: datetime.datetime) -> PeopleImport:
    """Ask for an import to be undone, within a day of its end. Asking twice undoes it once.

    Raises: TooLateToUndo; WrongStep for an import that is not finished.
    """
    people_import = PeopleImport.objects.select_for_update().get(pk=people_import.pk)
    if people_import.state in (ImportState.UNDOING, ImportState.UNDONE):
        return people_import
    if people_import.state != ImportState.DONE:
        raise WrongStep
    if not people_import.is_undoable(now):
        raise TooLateToUndo
    people_import.state = ImportState.UNDOING
    people_import.refusal = ""
    people_import.save(update_fields=["state", "refusal", "updated_at"])
    record_audit(
        actor=people_import.started_by, action="import.undo_asked", target=people_import, now=now
    )
    hurry(people_import)
    return people_import


@transaction.atomic
def undo_all(*, people_import: PeopleImport, now: datetime.datetime) -> None:
    """Take back, in one transaction, what every row of the import did; what stays says why."""
    held = hold(people_import, now)
    rows = list(
        held.rows.filter(outcome__in=[RowOutcome.ADDED, RowOutcome.CHANGED])
        .select_related("person", "invitation__organisation")
        .order_by("number")
    )
    for row in rows:
        row.outcome = RowOutcome.UNDONE
        row.note = ""
    _keep_those_in_use(rows)
    _take_invitations_back(held, rows, now)
    _take_changes_back(held, rows, now)
    _remove_people(held, rows, now)
    kept = _remove_places(held, now)
    write_rows(rows, ["outcome", "note", "invitation", "person", "likeness"])
    kept_rows = sum(row.outcome == RowOutcome.KEPT for row in rows)
    held.counts |= {"undone": len(rows) - kept_rows, "kept": kept_rows}
    held.made = kept
    held.state = ImportState.UNDONE
    held.undone_at = now
    held.save(update_fields=["counts", "made", "state", "undone_at", "updated_at"])
    record_audit(actor=held.started_by, action="import.undone", target=held, now=now)


def _keep(row: PeopleImportRow, why: str) -> None:
    row.outcome = RowOutcome.KEPT
    row.note = why


def _keep_those_in_use(rows: list[PeopleImportRow]) -> None:
    """Mark the added people who have come in since, or about whom there is something new."""
    added = {row.made["user"]: row for row in rows if "user" in row.made and row.person}
    for row in added.values():
        if row.person and row.person.last_login is not None:
            _keep(row, _("This person has signed in since."))
    ours: dict[type[models.Model], set[int]] = {
        Membership: {row.made["membership"] for row in added.values()},
    }
    for pk, names in _what_leans_on(User, list(added), ours, besides={PeopleImportRow}).items():
        if added[pk].outcome != RowOutcome.KEPT:
            _keep(added[pk], _("Since then there is: %(what)s.") % {"what": ", ".join(names)})


def _what_leans_on(
    model: type[models.Model],
    pks: list[int],
    ours: dict[type[models.Model], set[int]],
    *,
    besides: Iterable[type[models.Model]] = (),
) -> dict[int, list[str]]:
    """Find rows of any app that point at these, other than `ours`; say what they are, by id.

    Every key that points here is asked, so that what later apps add is found as well.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):  # keys to here, one-to-one ones included
            continue
        other: Any = relation.related_model
        if other in besides:
            continue
        name = relation.field.name
        for part in chunks(pks):
            rows = other._base_manager.filter(**{f"{name}__in": part})
            pairs = rows.values_list("pk", name).distinct()
            for pk, target in pairs:
                if pk not in ours.get(other, ()):
                    label = str(other._meta.verbose_name)
                    if label not in found[target]:
                        found[target].append(label)
    return found


def _take_invitations_back(
    people_import: PeopleImport, rows: list[PeopleImportRow], now: datetime.datetime
) -> None:
    """Withdraw invitations that nobody has accepted; those never sent leave no trace."""
    never_sent = []
    for row in rows:
        invitation = row.invitation
        if invitation is None or invitation.used or row.outcome == RowOutcome.KEPT:
            continue
        if invitation.sent_at is None:
            never_sent.append(invitation)
            row.invitation = None
            continue
        try:
            withdraw_invitation(
                invitation=invitation, withdrawn_by=people_import.started_by, now=now
            )
        except DomainError as refusal:
            _keep(row, str(refusal.message))
    for part in chunks([invitation.pk for invitation in never_sent]):
        PeopleImportRow.objects.filter(invitation_id__in=part).update(invitation=None)
        Invitation.objects.filter(pk__in=part).delete()


def _take_changes_back(
    people_import: PeopleImport, rows: list[PeopleImportRow], now: datetime.datetime
) -> None:
    """Give people who were here what they had before, where it has not changed again since."""
    for row in rows:
        if "user" in row.made or row.person is None:
            continue
        fields = []
        for name, attribute in (("full_name", "full_name"), ("job_role", "job_role_id")):
            if name not in row.made:
                continue
            before, after = row.made[name]
            if getattr(row.person, attribute) != after:
                _keep(row, _("It has been changed again since."))
                continue
            setattr(row.person, attribute, before)
            fields.append(name)
        if fields:
            row.person.save(update_fields=fields)
            record_audit(
                actor=people_import.started_by,
                action="person.changed_back",
                target=row.person,
                now=now,
                fields=fields,
            )
    _end_memberships(people_import, rows, now)


def _end_memberships(
    people_import: PeopleImport, rows: list[PeopleImportRow], now: datetime.datetime
) -> None:
    """Remove memberships that the import began, unless they have been changed since."""
    wanted = {
        row.made["membership"]: row
        for row in rows
        if "membership" in row.made and "user" not in row.made
    }
    removed = []
    for part in chunks(sorted(wanted)):
        for membership in Membership.objects.filter(pk__in=part).order_by("pk"):
            if membership.ends_on is None:
                removed.append(membership)
            else:
                _keep(wanted[membership.pk], _("The membership has been changed since."))
    _record_and_delete(people_import, removed, now, action="membership.taken_back")


def _remove_people(
    people_import: PeopleImport, rows: list[PeopleImportRow], now: datetime.datetime
) -> None:
    going = [row for row in rows if "user" in row.made and row.outcome != RowOutcome.KEPT]
    ids = [row.made["membership"] for row in going]
    memberships: list[models.Model] = []
    people: list[models.Model] = []
    for part in chunks(ids):
        memberships += Membership.objects.filter(pk__in=part).order_by("pk")
    people += [row.person for row in going if row.person]
    pks = [person.pk for person in people]
    for part in chunks(pks):  # what other imports noted about these people
        PeopleImportRow.objects.filter(person_id__in=part).update(person=None)
        PeopleImportRow.objects.filter(likeness_id__in=part).update(likeness=None)
    _record_and_delete(people_import, memberships, now, action="membership.taken_back")
    _record_and_delete(people_import, people, now, action="person.taken_back")
    for row in going:
        row.person = None
        row.likeness = None


def _record_and_delete(
    people_import: PeopleImport, things: list[Any], now: datetime.datetime, *, action: str
) -> None:
    record_audit_of_many(actor=people_import.started_by, action=action, targets=things, now=now)
    for part in chunks(things):
        model: Any = type(part[0])
        model._base_manager.filter(pk__in=[thing.pk for thing in part]).delete()


def _remove_places(people_import: PeopleImport, now: datetime.datetime) -> dict[str, list[int]]:
    """Remove organisations and areas that the import made and nothing leans on; name the rest."""
    organisations, kept_organisations = _going_and_kept(people_import, "organisations")
    _record_and_delete(people_import, organisations, now, action="organisation.taken_back")
    areas, kept_areas = _going_and_kept(people_import, "areas")
    _record_and_delete(people_import, areas, now, action="area.taken_back")
    return {"organisations": kept_organisations, "areas": kept_areas}


def _going_and_kept(people_import: PeopleImport, key: str) -> tuple[list[Any], list[int]]:
    model: Any = {"organisations": Organisation, "areas": Area}[key]
    pks = people_import.made.get(key, [])
    leaning = _what_leans_on(model, pks, {})
    going = list(model._base_manager.filter(pk__in=[pk for pk in pks if pk not in leaning]))
    return going, [pk for pk in pks if pk in leaning]
