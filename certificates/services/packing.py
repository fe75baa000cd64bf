"""A worker’s part of a zip file: it claims one, packs it on disk, can be killed at any point."""

import datetime
import logging
import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F

from accounts.services import record_audit
from certificates.enums import AwardStatus, BundleState, PackOutcome
from certificates.exports import index_file, index_row, left_out_text, name_in_zip
from certificates.models import Award, Bundle, BundledAward
from certificates.notices import tell_bundle_ready
from certificates.queries import STORAGE, StoredPdfDamaged, stored_pdf
from certificates.services.bundles import KEPT_FOR, folder_of, remove_files

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
FIRST_WAIT = datetime.timedelta(minutes=1)
STEP = 25  # certificates between two looks at the claim


class ClaimLost(RuntimeError):
    """Another worker has taken this file over."""


def make_bundles(*, now: datetime.datetime, limit: int = 20) -> int:
    """Make the files that are due at `now` and nobody is at, the oldest first; say how many."""
    due = Bundle.objects.to_make(now).order_by("due_at", "pk")
    began, made = time.monotonic(), 0
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        at = now + datetime.timedelta(seconds=time.monotonic() - began)
        made += make_bundle(bundle_id=pk, now=at)
    return made


def make_bundle(*, bundle_id: int, now: datetime.datetime) -> bool:
    """Pack a zip file, keep it for a week, tell whoever asked; say whether it was done.

    Nothing happens where it is made already, or where another worker has it. It is written to a
    temporary file, so that its size in memory is that of one certificate. Every few certificates
    the claim is renewed and the progress written; a worker that lost its claim stops. After a kill
    it begins again; after five attempts it is given up, and its page says so.
    """
    bundle = _claim(bundle_id, now)
    if bundle is None:
        return False
    if bundle.attempts > MAX_ATTEMPTS:
        _give_up(bundle, now)
        return False
    began = time.monotonic()

    def at() -> datetime.datetime:
        return now + datetime.timedelta(seconds=time.monotonic() - began)

    storage = storages[STORAGE]
    try:
        with tempfile.TemporaryFile() as file:
            _pack(bundle, file, at)
            size = file.tell()
            file.seek(0)
            name = storage.save(f"{folder_of(bundle)}/{uuid.uuid4()}.zip", File(file))
    except ClaimLost:
        return False
    except Exception:  # whatever it is, the others must be made
        logger.exception("Zip file %s was not made", bundle.pk)
        _postpone(bundle, at())
        return False
    if not _keep(bundle, name, size, at()):
        storage.delete(name)
        return False
    # What a worker left that was killed between storing its file and saying so.
    remove_files(bundle, but=name)
    return True


def _claim(bundle_id: int, now: datetime.datetime) -> Bundle | None:
    """Take a file by one guarded statement: of two workers, one finds it taken."""
    taken = (
        Bundle.objects.filter(pk=bundle_id)
        .to_make(now)
        .update(
            claim=uuid.uuid4(),
            due_at=now + _lease(),
            attempts=F("attempts") + 1,
            done=0,
            updated_at=now,
        )
    )
    if not taken:
        return None
    return Bundle.objects.select_related("asked_by", "course", "organisation").get(pk=bundle_id)


def _lease() -> datetime.timedelta:
    return datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)


def _pack(bundle: Bundle, file: IO[bytes], at: Callable[[], datetime.datetime]) -> None:
    """Write the PDFs, what is missing, and the index. Raises: ClaimLost."""
    rows: list[list[str]] = []
    missing: list[tuple[Award, PackOutcome]] = []
    # Stored, not compressed: PDFs are so already.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        last = 0
        while step := _next(bundle, last):
            outcomes: dict[PackOutcome, list[int]] = {}
            for bundled in step:
                outcome, path = _put_in(archive, bundled.award, at())
                outcomes.setdefault(outcome, []).append(bundled.pk)
                rows.append(index_row(bundled.award, path, outcome))
                if outcome != PackOutcome.PACKED:
                    missing.append((bundled.award, outcome))
            for outcome, pks in outcomes.items():
                BundledAward.objects.filter(pk__in=pks).update(outcome=outcome)
            last = step[-1].position
            _renew(bundle, last, at())
        _write(archive, "index.csv", index_file(rows), at())
        if text := left_out_text(missing, not_standing=bundle.not_standing):
            _write(archive, "not-in-this-file.txt", text.encode("utf-8-sig"), at())


def _next(bundle: Bundle, last: int) -> list[BundledAward]:
    """Read the next few certificates as they stand now, by their place."""
    rows = bundle.bundled.filter(position__gt=last).select_related("award")
    return list(rows.order_by("position")[:STEP])


def _put_in(
    archive: zipfile.ZipFile, award: Award, now: datetime.datetime
) -> tuple[PackOutcome, str]:
    """Put one certificate in, and say what came of it and its name in the file."""
    if award.status != AwardStatus.VALID:
        return PackOutcome.FALLEN, ""
    if not award.is_rendered:
        return PackOutcome.NO_PDF, ""
    try:
        content = stored_pdf(award)
    except StoredPdfDamaged:
        logger.exception("The stored PDF of award %s is damaged", award.pk)
        return PackOutcome.DAMAGED, ""
    path = name_in_zip(award)
    _write(archive, path, content, now)
    return PackOutcome.PACKED, path


def _write(archive: zipfile.ZipFile, name: str, content: bytes, now: datetime.datetime) -> None:
    entry = zipfile.ZipInfo(name, now.timetuple()[:6])
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)


def _renew(bundle: Bundle, done: int, now: datetime.datetime) -> None:
    mine = Bundle.objects.filter(pk=bundle.pk, claim=bundle.claim, state=BundleState.MAKING)
    if not mine.update(done=done, due_at=now + _lease(), updated_at=now):
        raise ClaimLost


@transaction.atomic
def _keep(bundle: Bundle, name: str, size: int, now: datetime.datetime) -> bool:
    """Make a stored file the bundle's own, unless another worker has taken it over."""
    kept = Bundle.objects.filter(pk=bundle.pk, claim=bundle.claim, state=BundleState.MAKING).update(
        state=BundleState.READY,
        file_name=name,
        size=size,
        finished_at=now,
        expires_at=now + KEPT_FOR,
        claim=None,
        updated_at=now,
    )
    if not kept:
        return False
    record_audit(actor=None, action="bundle.made", target=bundle, now=now)
    tell_bundle_ready(bundle=bundle, now=now)
    return True


def _postpone(bundle: Bundle, now: datetime.datetime) -> None:
    wait = FIRST_WAIT * 2 ** (bundle.attempts - 1)
    Bundle.objects.filter(pk=bundle.pk, claim=bundle.claim).update(
        claim=None, due_at=now + wait, updated_at=now
    )


@transaction.atomic
def _give_up(bundle: Bundle, now: datetime.datetime) -> None:
    logger.error("Zip file %s was given up after %s attempts", bundle.pk, MAX_ATTEMPTS)
    Bundle.objects.filter(pk=bundle.pk, claim=bundle.claim).update(
        claim=None, state=BundleState.FAILED, finished_at=now, updated_at=now
    )
    BundledAward.objects.filter(bundle=bundle).delete()
    transaction.on_commit(lambda: remove_files(bundle))
