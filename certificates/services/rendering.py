"""Making PDFs: once for an award, outside any transaction, whatever happens to the worker."""

import datetime
import hashlib
import logging
import time
import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F

from accounts.services import record_audit
from certificates.models import Award
from certificates.notices import tell_certificate_ready
from certificates.pdf import certificate_pdf
from certificates.queries import STORAGE, facts_of, pictures_of
from lms.core.pdf import PdfRefused

logger = logging.getLogger(__name__)

FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=6)


def render_missing(*, now: datetime.datetime, limit: int = 100) -> int:
    """Make up to `limit` PDFs that are missing at `now`, the oldest first; say how many were made.

    One that fails waits for its next attempt and stops nobody.
    """
    missing = Award.objects.to_render(now).order_by("render_due_at", "pk")
    began, made = time.monotonic(), 0
    for pk in list(missing.values_list("pk", flat=True)[:limit]):
        at = now + datetime.timedelta(seconds=time.monotonic() - began)
        made += render_award(award_id=pk, now=at)
    return made


def render_award(*, award_id: int, now: datetime.datetime) -> bool:
    """Make the PDF of an award, keep it with its hash, tell the holder; say whether it was done.

    Nothing happens where it is there already, or where another worker has it. Of two that finish,
    the first keeps its file and the other removes its own. The holder's notice is written in the
    same transaction that makes the file the award's. A failure waits longer each time: one minute,
    two, four and so on up to six hours.
    """
    award = _claim(award_id, now)
    if award is None:
        return False
    storage = storages[STORAGE]
    try:
        content = certificate_pdf(
            design=award.design, facts=facts_of(award), pictures=pictures_of(award.design)
        )
        digest = hashlib.sha256(content).hexdigest()
        name = storage.save(f"{_folder(award)}/{digest}.pdf", ContentFile(content))
    except Exception as error:  # whatever it is, the others must be made
        _postpone(award, error, now)
        return False
    if not _keep(award, name, digest, now):
        storage.delete(name)
        return False
    _remove_strays(award, name)
    return True


def _claim(award_id: int, now: datetime.datetime) -> Award | None:
    """Take an award by one guarded statement: of two workers, one finds it taken."""
    taken = (
        Award.objects.filter(pk=award_id)
        .to_render(now)
        .update(
            render_claim=uuid.uuid4(),
            render_due_at=now + datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS),
            render_attempts=F("render_attempts") + 1,
            updated_at=now,
        )
    )
    if not taken:
        return None
    return (
        Award.objects.select_related("design")
        .prefetch_related("design__logos__picture", "design__signatories__picture")
        .get(pk=award_id)
    )


@transaction.atomic
def _keep(award: Award, name: str, digest: str, now: datetime.datetime) -> bool:
    """Make a file the award's own, unless it has one."""
    kept = Award.objects.filter(pk=award.pk, rendered_at__isnull=True).update(
        file_name=name,
        sha256=digest,
        rendered_at=now,
        render_claim=None,
        render_error="",
        is_refused=False,
        updated_at=now,
    )
    if not kept:
        return False
    award = Award.objects.select_related("user").get(pk=award.pk)
    record_audit(actor=None, action="award.rendered", target=award, now=now, fields=["sha256"])
    tell_certificate_ready(award=award, user=award.user, now=now)
    return True


def _postpone(award: Award, error: Exception, now: datetime.datetime) -> None:
    """Say what went wrong and when to try again. The log has no text of the certificate."""
    is_refused = isinstance(error, PdfRefused)
    name = type(error).__name__
    logger.warning(
        "Award %s was not rendered (%s)", award.pk, name, exc_info=None if is_refused else error
    )
    wait = min(FIRST_WAIT * 2 ** min(award.render_attempts - 1, 10), LONGEST_WAIT)
    Award.objects.filter(
        pk=award.pk, render_claim=award.render_claim, rendered_at__isnull=True
    ).update(
        render_claim=None,
        render_due_at=now + wait,
        render_error=(str(error) if is_refused else name)[:200],
        is_refused=is_refused,
        updated_at=now,
    )


def _folder(award: Award) -> str:
    return f"certificates/{award.public_id}"


def _remove_strays(award: Award, kept: str) -> None:
    """Remove what a worker left that was killed between storing its file and saying so."""
    storage = storages[STORAGE]
    for name in storage.listdir(_folder(award))[1]:
        path = f"{_folder(award)}/{name}"
        if path != kept:
            storage.delete(path)
