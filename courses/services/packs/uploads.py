"""Course packs that editors upload: kept, looked at, imported or given up, and gone after a day."""

from __future__ import annotations

import datetime
from typing import IO

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Permission
from accounts.models import User
from courses.enums import PackState
from courses.models import PackUpload
from courses.models.pack_uploads import KEPT_FOR
from courses.packfiles.archives import DAMAGED, MEGABYTE, open_zip
from courses.packfiles.places import TEXT_SUFFIXES, PackError
from courses.packfiles.zips import LIMITS
from courses.services.packs.working import work_on_pack
from courses.tasks import carry_on_pack
from lms.core.errors import DomainError

STORAGE = "private"
FOLDER = "course-packs"
# What is read in well under two seconds, and imported in a few. A lesson takes a tenth of a second
# to publish, so a pack of 60 lessons takes some five: that is a worker's.
SHORT_FILES = 40
SHORT_SIZE = 10 * MEGABYTE
SHORT_TEXTS = 300 * 1024
# Zips of one person that wait at the same time: each may be large.
MOST_IN_HAND = 10


class MayNotImportPacks(DomainError):
    code = "may_not_import_packs"
    status = 403
    message = gettext_lazy("You may not import courses.")


class PackTooLarge(DomainError):
    code = "pack_too_large"
    status = 422


class TooManyPacks(DomainError):
    code = "too_many_packs"
    message = gettext_lazy("You have ten packs in hand. Import or remove one of them first.")


class PackAtOtherStep(DomainError):
    code = "pack_at_other_step"
    message = gettext_lazy("This pack is at another step by now. Carry on from here.")


def start_pack_upload(
    *, user: User, file: IO[bytes], file_name: str, size: int, now: datetime.datetime
) -> PackUpload:
    """Keep a zip that somebody uploaded, and look at what importing it would do.

    A short pack is looked at here; of a long one a worker says what it comes to.

    Raises: MayNotImportPacks; PackTooLarge; TooManyPacks.
    """
    if not user.has_perm(Permission.PUBLISH_COURSES):
        raise MayNotImportPacks
    if size > LIMITS.total:
        raise PackTooLarge(
            _("This file has %(size)s MB. A pack has at most %(limit)s MB.")
            % {"size": size // MEGABYTE, "limit": LIMITS.total // MEGABYTE}
        )
    if PackUpload.objects.visible_to(user).exclude(stored_as="").count() >= MOST_IN_HAND:
        raise TooManyPacks
    upload = PackUpload(
        uploaded_by=user, file_name=_tidy_name(file_name), size=size, is_long=_is_long(file)
    )
    file.seek(0)
    stored = storages[STORAGE].save(f"{FOLDER}/{upload.public_id}.zip", File(file))
    try:
        upload.stored_as = stored
        upload.save()
    except BaseException:
        storages[STORAGE].delete(stored)
        raise
    return _carry_on(upload, now)


def look_again(*, upload: PackUpload, now: datetime.datetime) -> PackUpload:
    """Look at a pack once more, after somebody changed what stood against it on the site.

    Raises: PackAtOtherStep.
    """
    states = (PackState.REFUSED, PackState.PREVIEWED)
    return _carry_on(_move(upload, states, PackState.READING, now), now)


def import_pack(*, upload: PackUpload, fingerprint: str, now: datetime.datetime) -> PackUpload:
    """Import a pack, all or nothing, as the preview with this `fingerprint` said.

    What came of it is on the row: done; or the preview again, where the site has changed since.

    Raises: PackAtOtherStep, also where that is not the preview any more or nothing would change.
    """
    is_known = fingerprint and fingerprint == upload.fingerprint
    if not is_known or upload.preview.get("changes_nothing"):
        raise PackAtOtherStep
    return _carry_on(_move(upload, (PackState.PREVIEWED,), PackState.IMPORTING, now), now)


@transaction.atomic
def give_up_pack(*, upload: PackUpload) -> None:
    """Forget a pack; its file goes at once. Raises: PackAtOtherStep while it is being imported."""
    rows = PackUpload.objects.filter(pk=upload.pk).exclude(state=PackState.IMPORTING)
    if not rows.delete()[0] and PackUpload.objects.filter(pk=upload.pk).exists():
        raise PackAtOtherStep
    if upload.stored_as:
        transaction.on_commit(lambda: storages[STORAGE].delete(upload.stored_as), robust=True)


def clear_old_packs(*, now: datetime.datetime) -> int:
    """Remove packs a day after their last step, and files that no row knows; say how many rows."""
    removed = 0
    for upload in PackUpload.objects.over(now).order_by("pk"):
        if PackUpload.objects.over(now).filter(pk=upload.pk).delete()[0]:
            removed += 1
            if upload.stored_as:
                storages[STORAGE].delete(upload.stored_as)
    _remove_strays(now)
    return removed


def _remove_strays(now: datetime.datetime) -> None:
    """Remove what a process left that was killed between the file and its row."""
    storage = storages[STORAGE]
    try:
        names = [f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return
    known = set(PackUpload.objects.values_list("stored_as", flat=True))
    for name in names:
        if name not in known and storage.get_modified_time(name) < now - KEPT_FOR:
            storage.delete(name)


def _carry_on(upload: PackUpload, now: datetime.datetime) -> PackUpload:
    """Do what is to do: at once, or by telling a worker. The row is the queue either way."""
    pk = upload.pk
    if upload.is_long:
        transaction.on_commit(lambda: carry_on_pack.delay(pk=pk), robust=True)
    else:
        work_on_pack(pk=pk, now=now)
    upload.refresh_from_db()
    return upload


def _move(
    upload: PackUpload, states: tuple[PackState, ...], to: PackState, now: datetime.datetime
) -> PackUpload:
    """Go to another step by one guarded statement, so that asking twice is asking once."""
    moved = PackUpload.objects.filter(
        pk=upload.pk, state__in=states, fingerprint=upload.fingerprint
    ).update(state=to, note="", attempts=0, updated_at=now)
    if not moved:
        raise PackAtOtherStep
    return upload


def _is_long(file: IO[bytes]) -> bool:
    """Say whether reading it is a worker's work. What is no zip is soon told."""
    file.seek(0)
    try:
        with open_zip(file) as archive:
            infos = archive.infolist()
    except (PackError, *DAMAGED):
        return False
    texts = sum(one.file_size for one in infos if one.filename.lower().endswith(TEXT_SUFFIXES))
    return (
        len(infos) > SHORT_FILES
        or sum(one.file_size for one in infos) > SHORT_SIZE
        or texts > SHORT_TEXTS
    )


def _tidy_name(file_name: str) -> str:
    name = "".join(c for c in file_name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return name[-120:] or _("Course pack")
