"""Packs as zips: written in one form, read as what a stranger may have made."""

from __future__ import annotations

import re
import shutil
import stat
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from courses.packfiles.archives import DAMAGED, MEGABYTE, THE_ZIP, open_zip
from courses.packfiles.media import AUDIO_TYPES, DOCUMENT_TYPES, VIDEO_TYPES
from courses.packfiles.places import TEXT_SUFFIXES, PackError, Problems


@dataclass(frozen=True)
class Limits:
    """How large a pack may be; a bomb is much smaller packed than unpacked."""

    files: int = 2000
    total: int = 600 * MEGABYTE
    text: int = 2 * MEGABYTE
    texts: int = 10 * MEGABYTE  # all of them: each is taken apart in memory
    ratio: int = 200
    name: int = 200


LIMITS = Limits()
_PICTURES = ("svg", "png", "jpg", "jpeg", "gif", "webp")
_ALLOWED = (
    re.compile(r"(course|assessment)\.md|(facts|bank)\.yaml"),
    re.compile(r"modules/[^/]+/([^/]+\.md|questions\.yaml)"),
    re.compile(rf"images/[^/]+\.({'|'.join(_PICTURES)})", re.I),
    re.compile(
        rf"media/[^/]+\.({'|'.join((*VIDEO_TYPES, *AUDIO_TYPES, *DOCUMENT_TYPES, *_PICTURES))}"
        r"|vtt|md)",
        re.I,
    ),
)
_PART = re.compile(r"[\w(][\w .,()&+'-]*")
_LITTER = re.compile(r"__MACOSX/|(.*/)?(\.DS_Store|Thumbs\.db|desktop\.ini)$")
_BEGINNING = (1980, 1, 1, 0, 0, 0)


def write_zip(folder: Path, to: IO[bytes]) -> None:
    """Pack the files of `folder`: names in order, one date, nothing compressed.

    What is stored as it is has the same bytes everywhere; compression differs from one version of
    zlib to the next.
    """
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            info = zipfile.ZipInfo(name, date_time=_BEGINNING)
            info.create_system, info.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            info.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target)


def unpack_zip(file: IO[bytes], folder: Path, limits: Limits = LIMITS) -> Path:
    """Unpack a pack into `folder` and return where its course.md is.

    Nothing is written outside `folder`, nor more than the limits, whatever the zip says of itself.
    Raises: PackError with all that is wrong with the zip.
    """
    try:
        with open_zip(file) as archive:
            members = _members(archive, limits)
            for name, info in members.items():
                _unpack(archive, info, folder / name, limits)
    except zipfile.BadZipFile as error:
        raise PackError(THE_ZIP, 1, "this is not a zip that can be read.") from error
    except DAMAGED as error:
        raise PackError(THE_ZIP, 1, "the zip is damaged, or packed in an unusual way.") from error
    return folder


def _members(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Name the files to unpack. Raises: PackError for what has no place in a pack."""
    infos = [one for one in archive.infolist() if not _LITTER.match(one.filename)]
    files = [one for one in infos if not one.is_dir()]
    problems = Problems()
    with problems.gathering():
        if not files:
            raise PackError(THE_ZIP, 1, "the zip is empty.")
        if len(infos) > limits.files:
            raise PackError(
                THE_ZIP, 1, f"{len(infos)} files are too many: a pack has at most {limits.files}."
            )
        total = sum(one.file_size for one in files)
        if total > limits.total:
            raise PackError(
                THE_ZIP,
                1,
                f"unpacked it would be {total // MEGABYTE} MB, and at most"
                f" {limits.total // MEGABYTE} MB can be read.",
            )
        texts = sum(one.file_size for one in files if _is_text(one.filename))
        if texts > limits.texts:
            raise PackError(
                THE_ZIP,
                1,
                f"its texts have {texts // MEGABYTE} MB, and at most"
                f" {limits.texts // MEGABYTE} MB can be read.",
            )
    problems.refuse()
    top = _top_folder(files)
    members: dict[str, zipfile.ZipInfo] = {}
    folded: dict[str, str] = {}
    for info in infos:
        with problems.gathering():
            _require_plain(info, limits)
            name = info.filename.removeprefix(top)
            if info.is_dir():
                continue
            _require_name(name, limits)
            fold = unicodedata.normalize("NFKC", name).casefold()
            if fold in folded:
                raise PackError(
                    name, 1, f"this name cannot be told from “{folded[fold]}” on every computer."
                )
            folded[fold] = name
            members[name] = info
    problems.refuse()
    return members


def _top_folder(files: list[zipfile.ZipInfo]) -> str:
    """Who packs a folder by hand often packs the folder itself: its name goes."""
    first = files[0].filename.partition("/")[0] + "/"
    is_one = all(one.filename.startswith(first) for one in files)
    holds = any(one.filename == f"{first}course.md" for one in files)
    return first if is_one and holds and _PART.fullmatch(first[:-1]) else ""


def _require_plain(info: zipfile.ZipInfo, limits: Limits) -> None:
    name = info.orig_filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & 0x1:
        raise PackError(name, 1, "the file is encrypted. Pack it without a password.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise PackError(name, 1, "this is a link or a device, and no file.")
    if info.file_size > MEGABYTE and info.file_size > limits.ratio * max(info.compress_size, 1):
        raise PackError(name, 1, "the file is packed so tightly that it is not opened.")


def _require_name(name: str, limits: Limits) -> None:
    parts = name.split("/")
    if (
        name.startswith("/")
        or "\\" in name
        or ".." in parts
        or len(name) > limits.name
        or re.match(r"[A-Za-z]:", name)
    ):
        raise PackError(name[: limits.name], 1, "a file’s name leads to a place inside the pack.")
    if not all(_PART.fullmatch(part) and not part.endswith((".", " ")) for part in parts):
        raise PackError(name, 1, "the name has letters that not every computer can keep.")
    if not any(pattern.fullmatch(name) for pattern in _ALLOWED):
        raise PackError(name, 1, "this file has no place in a pack.")


def _is_text(name: str) -> bool:
    return name.lower().endswith(TEXT_SUFFIXES)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path, limits: Limits) -> None:
    """Unpack one file, and stop where it is longer than it said."""
    name = info.filename
    is_text = _is_text(name)
    most = min(info.file_size, limits.text if is_text else limits.total)
    if is_text and info.file_size > limits.text:
        raise PackError(name, 1, f"a text of a pack has at most {limits.text // MEGABYTE} MB.")
    to.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(info) as source, to.open("wb") as target:
        while piece := source.read(MEGABYTE):
            written += len(piece)
            if written > most:
                raise PackError(name, 1, "the file is longer than the zip says.")
            target.write(piece)
