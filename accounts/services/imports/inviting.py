"""Invitations of those an import added: written in batches, sent or held as chosen."""

import datetime

from django.db import transaction

from accounts.enums import ImportState, InvitationChoice
from accounts.models import Organisation, PeopleImport, PeopleImportRow
from accounts.services.audit import record_audit
from accounts.services.imports.claims import hold
from accounts.services.imports.steps import WrongStep, hurry
from accounts.services.invitations import invite_person
from lms.core.errors import DomainError

BATCH = 25


@transaction.atomic
def invite_some(*, people_import: PeopleImport, now: datetime.datetime) -> None:
    """Invite the next people of an import; one who cannot be invited says why and stops nobody."""
    held = hold(people_import, now)
    rows = list(
        held.rows.filter(awaits_invitation=True)
        .select_related("person__job_role", "invitation__organisation")
        .order_by("number")[:BATCH]
    )
    places = Organisation.objects.in_bulk({row.made["organisation"] for row in rows if row.person})
    for row in rows:
        _invite(held, row, places, now)
    PeopleImportRow.objects.bulk_update(rows, ["awaits_invitation", "invitation", "note"])
    if len(rows) < BATCH:
        held.state = ImportState.DONE
        held.save(update_fields=["state", "updated_at"])


def _invite(
    people_import: PeopleImport,
    row: PeopleImportRow,
    places: dict[int, Organisation],
    now: datetime.datetime,
) -> None:
    row.awaits_invitation = False
    if row.person is None:
        return
    try:
        row.invitation = invite_person(
            organisation=places[row.made["organisation"]],
            email=row.person.email,
            invited_by=people_import.started_by,
            now=now,
            full_name=row.person.full_name,
            job_role=row.person.job_role,
            is_held=people_import.invitations == InvitationChoice.HOLD,
        )
    except DomainError as refusal:
        row.note = str(refusal.message)


@transaction.atomic
def send_held_invitations(*, people_import: PeopleImport, now: datetime.datetime) -> PeopleImport:
    """Send the invitations that an import held. Asking twice sends them once.

    Raises: WrongStep while the import is not finished, or after it was undone.
    """
    people_import = PeopleImport.objects.select_for_update().get(pk=people_import.pk)
    if people_import.state == ImportState.INVITING:
        return people_import
    if people_import.state != ImportState.DONE:
        raise WrongStep
    held = people_import.rows.filter(
        invitation__is_held=True, invitation__withdrawn_at=None, invitation__used=0
    )
    if held.update(awaits_invitation=True):
        people_import.invitations = InvitationChoice.SEND
        people_import.state = ImportState.INVITING
        people_import.save(update_fields=["invitations", "state", "updated_at"])
        record_audit(
            actor=people_import.started_by,
            action="import.invitations_sent",
            target=people_import,
            now=now,
        )
        hurry(people_import)
    return people_import
