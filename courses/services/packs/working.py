"""A pack that was uploaded, at work: looked at, or imported. It can be killed in either."""

from __future__ import annotations

import datetime
import logging
import uuid
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from courses.enums import PackState
from courses.models import PackUpload
from courses.packfiles import PackError, opened_pack
from courses.packfiles.archives import THE_ZIP
from courses.packfiles.places import MOST_PROBLEMS
from courses.services.packs.applying import PackReport, load_course_pack
from courses.services.packs.planning import PackPlan, PlanChanged, plan_pack

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3


class ClaimLost(RuntimeError):
    """Another worker has taken this pack over, or it was given up."""


def work_on_packs(*, now: datetime.datetime) -> int:
    """Do what is to do for packs that no living worker is at; say how many there were."""
    due = PackUpload.objects.claimable(now, _lease()).order_by("updated_at", "pk")
    return sum(work_on_pack(pk=pk, now=now) for pk in list(due.values_list("pk", flat=True)[:20]))


def work_on_pack(*, pk: int, now: datetime.datetime) -> bool:
    """Look at a pack or import it, unless somebody else is at it; say whether we were.

    What is written is written in one transaction that checks the claim. A failure leaves it to the
    next sweep; after `MAX_ATTEMPTS` it is given up, and says so.
    """
    upload = _claim(pk, now)
    if upload is None:
        return False
    try:
        if upload.attempts > MAX_ATTEMPTS:
            _give_up(upload, now)
        elif upload.state == PackState.READING:
            _look(upload, now)
        else:
            _import(upload, now)
    except ClaimLost:
        return False
    except Exception:
        logger.exception("Pack %s was interrupted", pk)
    PackUpload.objects.filter(pk=pk, claim=upload.claim).update(claim=None, claimed_at=None)
    return True


def _lease() -> datetime.timedelta:
    return datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)


def _claim(pk: int, now: datetime.datetime) -> PackUpload | None:
    """Take a pack by one guarded statement: of two workers, one finds it taken."""
    taken = (
        PackUpload.objects.filter(pk=pk)
        .claimable(now, _lease())
        .update(claim=uuid.uuid4(), claimed_at=now, attempts=F("attempts") + 1)
    )
    if not taken:
        return None
    return PackUpload.objects.select_related("uploaded_by").get(pk=pk)


def _look(upload: PackUpload, now: datetime.datetime) -> None:
    try:
        with (
            storages["private"].open(upload.stored_as) as file,
            opened_pack(file) as pack,
        ):
            plan = plan_pack(pack, now=now)
            plan.refuse()
    except PackError as refusal:
        _write(upload, now, **_refused(refusal))
    else:
        _write(upload, now, **_previewed(plan))


def _import(upload: PackUpload, now: datetime.datetime) -> None:
    stored = upload.stored_as
    try:
        with (
            storages["private"].open(stored) as file,
            opened_pack(file) as pack,
            transaction.atomic(),
        ):
            _hold(upload, now)
            report = load_course_pack(
                pack=pack, now=now, actor=upload.uploaded_by, fingerprint=upload.fingerprint
            )
            _write(upload, now, **_done(report))
    except PlanChanged as changed:
        _write(upload, now, **_previewed(changed.plan), note=str(changed.message))
    except PackError as refusal:
        _write(upload, now, **_refused(refusal))
    else:
        storages["private"].delete(stored)


def _give_up(upload: PackUpload, now: datetime.datetime) -> None:
    """End what no worker could finish, with a word on it."""
    if upload.state == PackState.READING:
        words = _("The site could not read this pack. Make it smaller, or split the course.")
        _write(upload, now, **_refused(PackError(THE_ZIP, 1, words)))
    else:
        words = _("The site could not finish the import, so nothing was imported. Try once more.")
        _write(upload, now, state=PackState.PREVIEWED, note=words)


def _hold(upload: PackUpload, now: datetime.datetime) -> None:
    """Hold the row to the end of the transaction, before files are stored. Raises: ClaimLost."""
    mine = PackUpload.objects.filter(pk=upload.pk, claim=upload.claim, state=upload.state)
    if not mine.update(claimed_at=now):
        raise ClaimLost


def _write(upload: PackUpload, now: datetime.datetime, **values: Any) -> None:
    """Write what came of it, if the pack is still ours. Raises: ClaimLost."""
    mine = PackUpload.objects.filter(pk=upload.pk, claim=upload.claim, state=upload.state)
    cleared = {"attempts": 0, "claim": None, "claimed_at": None, "updated_at": now}
    if not mine.update(**values, **cleared):
        raise ClaimLost


def _refused(refusal: PackError) -> dict[str, Any]:
    problems = [
        {
            "path": "" if error.path == THE_ZIP else error.path,
            "line": error.line if error.is_in_text else None,
            "problem": error.problem,
            "quote": error.quote,
        }
        for error in refusal.every[:MOST_PROBLEMS]
    ]
    return {"state": PackState.REFUSED, "problems": problems, "preview": {}, "fingerprint": ""}


def _previewed(plan: PackPlan) -> dict[str, Any]:
    preview = asdict(replace(plan, problems=[])) | {"changes_nothing": plan.changes_nothing}
    return {
        "state": PackState.PREVIEWED,
        "problems": [],
        "preview": preview,
        "fingerprint": plan.fingerprint,
    }


def _done(report: PackReport) -> dict[str, Any]:
    names = ("created", "changed", "unchanged", "withdrawn", "version")
    said = {name: getattr(report, name) for name in names}
    return {
        "state": PackState.DONE,
        "course": report.course,
        "report": said,
        "stored_as": "",
        "preview": {},
    }
