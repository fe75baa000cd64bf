"""A worker's part: it claims an import, does what is to do in steps, and can be killed in any."""

import datetime
import logging
import time
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.enums import ImportState, RowOutcome
from accounts.models import PeopleImport
from accounts.services.imports.applying import apply_all, apply_some
from accounts.services.imports.claims import ClaimLost, hold
from accounts.services.imports.inviting import invite_some
from accounts.services.imports.judging import judge_all
from accounts.services.imports.steps import hurry
from accounts.services.imports.undoing import undo_all
from accounts.services.imports.uploading import read_file, refuse_file

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
# Seconds after which a worker lets others have a turn: a task is ended by force after 300.
LONGEST_TURN = 100


def work_on_imports(*, now: datetime.datetime) -> int:
    """Do what is to do for imports that no living worker is at; say how many there were."""
    due = PeopleImport.objects.claimable(now, _lease()).order_by("updated_at", "pk")
    return sum(work_on_import(pk=pk, now=now) for pk in list(due.values_list("pk", flat=True)[:20]))


def _lease() -> datetime.timedelta:
    return datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)


def work_on_import(*, pk: int, now: datetime.datetime) -> bool:
    """Carry an import on to its end, unless somebody else is at it; say whether we were.

    Every step is a transaction that checks the claim, so that a worker that was thought dead does
    nothing twice. A failure leaves the rest to the next sweep; after `MAX_ATTEMPTS` without a step
    done it is given up, and says so.
    """
    people_import = _claim(pk, now)
    if people_import is None:
        return False
    began = time.monotonic()
    try:
        if people_import.attempts > MAX_ATTEMPTS:
            _give_up(people_import, now)
            return True
        while _step(people_import, now + datetime.timedelta(seconds=time.monotonic() - began)):
            people_import.refresh_from_db()
            if time.monotonic() - began > LONGEST_TURN:
                hurry(people_import)
                break
    except ClaimLost:
        return False
    except Exception:
        logger.exception("Import %s was interrupted", pk)
    PeopleImport.objects.filter(pk=pk, claim=people_import.claim).update(
        claim=None, claimed_at=None
    )
    return True


def _claim(pk: int, now: datetime.datetime) -> PeopleImport | None:
    """Take an import by one guarded statement: of two workers, one finds it taken."""
    taken = (
        PeopleImport.objects.filter(pk=pk)
        .claimable(now, _lease())
        .update(claim=uuid.uuid4(), claimed_at=now, attempts=F("attempts") + 1)
    )
    if not taken:
        return None
    return PeopleImport.objects.select_related("started_by").get(pk=pk)


def _step(people_import: PeopleImport, now: datetime.datetime) -> bool:
    """Do one step; say whether there is another."""
    if people_import.state == ImportState.READING:
        read_file(people_import=people_import, now=now)
    elif people_import.state == ImportState.JUDGING:
        judge_all(people_import=people_import, now=now)
    elif people_import.state == ImportState.RUNNING:
        step = apply_all if people_import.is_all_or_nothing else apply_some
        step(people_import=people_import, now=now)
    elif people_import.state == ImportState.INVITING:
        invite_some(people_import=people_import, now=now)
    elif people_import.state == ImportState.UNDOING:
        undo_all(people_import=people_import, now=now)
    else:
        return False
    return True


@transaction.atomic
def _give_up(people_import: PeopleImport, now: datetime.datetime) -> None:
    """End an import that no worker could finish, with what was done and a word on the rest."""
    people_import = hold(people_import, now)
    if people_import.state == ImportState.READING:
        people_import.file.delete()
        refuse_file(people_import, _("The site could not read this file. Send it again."), now)
    elif people_import.state == ImportState.JUDGING:
        people_import.state = ImportState.READ
        people_import.counts = {}
        people_import.refusal = _("The site could not look at every row. Try it once more.")
    else:
        _end(people_import, now)
    people_import.attempts = 0
    people_import.claim = None
    people_import.claimed_at = None
    people_import.save()


def _end(people_import: PeopleImport, now: datetime.datetime) -> None:
    rest = people_import.rows.filter(outcome="")
    note = _("The site could not finish this row. Import the file again: what is there stays.")
    if people_import.state == ImportState.RUNNING and people_import.is_all_or_nothing:
        people_import.state = ImportState.PREVIEWED
        people_import.refusal = _("The site could not finish the import, so nothing was imported.")
    elif people_import.state == ImportState.UNDOING:
        people_import.state = ImportState.DONE
        people_import.refusal = _("The site could not undo the import. Everything is still there.")
    else:
        rest.update(outcome=RowOutcome.FAILED, note=note)
        people_import.rows.filter(awaits_invitation=True).update(awaits_invitation=False)
        people_import.state = ImportState.DONE
        people_import.finished_at = people_import.finished_at or now
        people_import.refusal = _("The site could not finish the import. Some rows were left out.")
