"""Files of a pack beside those of the site: the same by content; new ones are stored, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.images import ImageFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from courses.models import Fact, Recording
from courses.packfiles.media import PackFile
from courses.packfiles.prose import NotInAPack, blocks_of
from courses.packfiles.recordings import PackRecording

Token = tuple[Any, ...]  # what makes two files, or two entries of the register, the same


def pack_token(block_type: str, value: str, files: dict[str, PackFile]) -> Token:
    """Say what a block of a pack names, so that it compares with the site's."""
    if block_type == "register_fact":
        return ("fact", value)
    file = files.get(value)
    if file is None:
        return ("missing", value)
    if isinstance(file, PackRecording):
        return recording_token(file)
    return (block_type, _hash_of(file.path))


def site_token(block_type: str, pk: Any) -> Token:
    """Say what a block of the site names."""
    if block_type == "register_fact":
        key = Fact.objects.filter(pk=pk).values_list("key", flat=True).first()
        return ("fact", key) if key else ("missing", pk)
    if block_type in ("video", "audio"):
        recording = Recording.objects.filter(pk=pk).first()
        return stored_token(recording) if recording else ("missing", pk)
    model = get_image_model() if block_type == "image" else get_document_model()
    row = model.objects.filter(pk=pk).first()
    return (block_type, file_hash(row)) if row else ("missing", pk)


def file_hash(row: Any) -> str:
    """The hash of an image's or document's content, as Wagtail keeps it."""
    if row.file_hash:
        return str(row.file_hash)
    with row.file.open("rb") as file:
        return _hash(file)


def recording_token(file: PackRecording) -> Token:
    return (
        file.kind,
        _hash_of(file.path),
        file.title,
        _prose(file.transcript),
        _hash_of(file.captions) if file.captions else "",
        _hash_of(file.still) if file.still else "",
        file.duration,
        file.width,
        file.height,
    )


def stored_token(recording: Recording) -> Token:
    return (
        recording.type,
        _stored_hash(recording.file),
        recording.title,
        _prose(recording.transcript),
        _stored_hash(recording.captions),
        _stored_hash(recording.thumbnail),
        float(recording.duration or 0),
        recording.width,
        recording.height,
    )


def _prose(html: str) -> Any:
    try:
        return blocks_of(html)
    except NotInAPack:
        return html


def _stored_hash(stored: Any) -> str:
    if not stored:
        return ""
    with stored.open("rb") as file:
        return _hash(file)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return _hash(file)


def _hash(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha1").hexdigest()  # type: ignore[arg-type]  # Wagtail's own hash of files


# --- Storing ------------------------------------------------------------------------------


@dataclass
class MediaKeeper:
    """Finds the site's rows for files of a pack, and makes those that are missing."""

    stored: list[Any] = field(default_factory=list)  # files written, to be removed on failure
    kept: dict[str, int] = field(default_factory=dict)

    def row_for(self, file: PackFile) -> int:
        """The key of the row for `file`, made if the site has none alike."""
        if file.name not in self.kept:
            found = find_row(file)
            self.kept[file.name] = found if found is not None else self._make(file)
        return self.kept[file.name]

    def _make(self, file: PackFile) -> int:
        if isinstance(file, PackRecording):
            return self._make_recording(file)
        title = title_of(file.path)
        with file.path.open("rb") as content:
            if file.kind == "image":
                row = get_image_model()(title=title)
                row.file.save(file.path.name, ImageFile(content, name=file.path.name), save=False)
                self.stored.append(row.file)
                row._set_image_file_metadata()
            else:
                row = get_document_model()(title=title)
                row.file.save(file.path.name, File(content), save=False)
                self.stored.append(row.file)
                row._set_document_file_metadata()
        row.save()
        return int(row.pk)

    def _make_recording(self, file: PackRecording) -> int:
        row = Recording(
            title=file.title,
            type=file.kind,
            transcript=file.transcript,
            duration=file.duration,
            width=file.width,
            height=file.height,
        )
        for name, path in (
            ("file", file.path),
            ("captions", file.captions),
            ("thumbnail", file.still),
        ):
            if path is not None:
                with path.open("rb") as content:
                    getattr(row, name).save(path.name, File(content), save=False)
                self.stored.append(getattr(row, name))
        row.save()
        return int(row.pk)

    def forget(self) -> None:
        """Remove the files that were written."""
        for stored in self.stored:
            stored.storage.delete(stored.name)


@contextmanager
def keeping_media() -> Iterator[MediaKeeper]:
    """Store files, or none of them when anything inside fails."""
    keeper = MediaKeeper()
    try:
        yield keeper
    except BaseException:
        keeper.forget()
        raise


def find_row(file: PackFile) -> int | None:
    """Find the site's row with the content of `file`."""
    if isinstance(file, PackRecording):
        wanted = recording_token(file)
        alike = Recording.objects.filter(type=file.kind, title=file.title).order_by("pk")
        return next((row.pk for row in alike if stored_token(row) == wanted), None)
    model = get_image_model() if file.kind == "image" else get_document_model()
    alike = model.objects.filter(file_hash=_hash_of(file.path)).order_by("pk")
    found: int | None = alike.values_list("pk", flat=True).first()
    return found


@cache
def _words(stem: str) -> str:
    return stem.replace("-", " ").replace("_", " ").strip().capitalize() or "File"


def title_of(path: Path) -> str:
    """The title that a picture or a download is kept under."""
    return _words(path.stem)
