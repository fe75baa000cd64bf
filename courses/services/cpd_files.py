"""The PDF of a CPD record: made by a worker, kept privately, gone after a day."""

import datetime
import logging
import time
import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from courses.models import CpdFile
from courses.pdf import cpd_pdf
from courses.queries.cpd import Period, cpd_record, year_from
from courses.tasks import make_cpd_file as make_cpd_file_task

logger = logging.getLogger(__name__)

STORAGE = "private"
KEPT_FOR = datetime.timedelta(days=1)
MOST_ATTEMPTS = 5


@transaction.atomic
def ask_for_cpd_file(*, user: User, period: Period, now: datetime.datetime) -> CpdFile:
    """Ask for the PDF of a person's record. Asked again before it is made, it is the same one.

    The row is the queue: a worker makes it at once, or the next sweep does.
    """
    User.objects.select_for_update().get(pk=user.pk)
    waiting = CpdFile.objects.filter(
        user=user,
        year_from=period.starts_on,
        made_at__isnull=True,
        expires_at__gt=now,
        attempts__lt=MOST_ATTEMPTS,
    ).first()
    if waiting is not None:
        return waiting
    file = CpdFile.objects.create(
        user=user,
        year_from=period.starts_on,
        asked_at=now,
        due_at=now,
        expires_at=now + KEPT_FOR,
    )
    _hurry(file)
    return file


def _hurry(file: CpdFile) -> None:
    """Tell a worker once it is written. A broker that cannot be reached delays it to a sweep."""

    def hurry() -> None:
        make_cpd_file_task.delay(pk=file.pk)

    transaction.on_commit(hurry, robust=True)


def look_after_cpd_files(*, now: datetime.datetime, limit: int = 50) -> int:
    """Make the PDFs that are due, and remove those whose day is over; say how many were made."""
    began, made = time.monotonic(), 0
    due = CpdFile.objects.to_make(now).filter(attempts__lt=MOST_ATTEMPTS).order_by("due_at", "pk")
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        at = now + datetime.timedelta(seconds=time.monotonic() - began)
        made += make_cpd_file(file_id=pk, now=at)
    for file in CpdFile.objects.over(now).order_by("pk")[:limit]:
        _remove(file)
    return made


def make_cpd_file(*, file_id: int, now: datetime.datetime) -> bool:
    """Make a PDF that was asked for, as the record is now; say whether it was done.

    Nothing happens where it is there, or another worker has it. A failure is tried again after one
    minute, two, four and eight, then given up.
    """
    file = _claim(file_id, now)
    if file is None:
        return False
    storage = storages[STORAGE]
    try:
        record = cpd_record(
            file.user,
            on=timezone.localdate(file.asked_at),
            period=year_from(file.year_from),
        )
        content = cpd_pdf(record, on=timezone.localdate(now))
        name = storage.save(f"{_folder(file)}/{uuid.uuid4()}.pdf", ContentFile(content))
    except Exception as error:  # whatever it is, the others must be made
        _postpone(file, error, now)
        return False
    kept = CpdFile.objects.filter(pk=file.pk, claim=file.claim, made_at__isnull=True).update(
        file_name=name, made_at=now, claim=None, error=""
    )
    if not kept:
        storage.delete(name)
    return bool(kept)


def _claim(file_id: int, now: datetime.datetime) -> CpdFile | None:
    """Take a file by one guarded statement: of two workers, one finds it taken."""
    taken = (
        CpdFile.objects.filter(pk=file_id, attempts__lt=MOST_ATTEMPTS)
        .to_make(now)
        .update(
            claim=uuid.uuid4(),
            due_at=now + datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS),
            attempts=F("attempts") + 1,
        )
    )
    return CpdFile.objects.select_related("user").get(pk=file_id) if taken else None


def _postpone(file: CpdFile, error: Exception, now: datetime.datetime) -> None:
    """Say what went wrong and when to try again. The log has no text of the record."""
    name = type(error).__name__
    logger.warning("CPD record %s was not made (%s)", file.pk, name)
    wait = datetime.timedelta(minutes=2 ** max(file.attempts - 1, 0))
    CpdFile.objects.filter(pk=file.pk, claim=file.claim, made_at__isnull=True).update(
        claim=None, due_at=now + wait, error=name[:200]
    )


def _folder(file: CpdFile) -> str:
    return f"cpd/{file.public_id}"


def _remove(file: CpdFile) -> None:
    """Remove the stored bytes, those a killed worker left included; then the row."""
    storage = storages[STORAGE]
    try:
        left = storage.listdir(_folder(file))[1]
    except FileNotFoundError:
        left = []
    for name in left:
        storage.delete(f"{_folder(file)}/{name}")
    CpdFile.objects.filter(pk=file.pk).delete()
