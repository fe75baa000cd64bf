"""Files of a pack, judged by what they hold and not by their names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images.fields import WagtailImageField

from courses.packfiles.archives import DAMAGED, open_zip
from courses.packfiles.places import PackError, Place
from courses.packfiles.svg import problem_with_svg

# Letters that each kind of file begins with (at an offset).
_OFFICE = ("docx", "xlsx", "pptx")
_OPEN_DOCUMENT = ("odt", "ods", "odp")
DOCUMENT_TYPES = ("pdf", *_OFFICE, *_OPEN_DOCUMENT, "csv", "txt", "rtf", "ics")
VIDEO_TYPES = ("mp4", "webm")
AUDIO_TYPES = ("m4a", "mp3", "ogg", "wav")


@dataclass(frozen=True)
class PackFile:
    """A file that a lesson names: a picture or a download."""

    kind: str  # the block that names it
    name: str  # from the pack's folder on
    path: Path
    place: Place


def inside(folder: Path, name: str, place: Place, what: str) -> Path:
    """Find a file of the pack. Raises: PackError when it is not there, or not in the pack."""
    file = PurePosixPath(name)
    path = folder / file
    if file.is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        place.fail(f"{what}’s file lies inside the pack.")
    if path.is_symlink() or not path.is_file():
        place.fail(f"{what} is missing: {name}.")
    return path


def read_picture(folder: Path, name: str, place: Place) -> PackFile:
    """Read a picture. Raises: PackError when it is none, or an SVG with more than a drawing."""
    path = inside(folder, name, place, "the picture")
    require_picture(path, name, place)
    return PackFile("image", name, path, place)


def require_picture(path: Path, name: str, place: Place) -> None:
    content = path.read_bytes()
    if path.suffix.lower() == ".svg" and (problem := problem_with_svg(content)):
        place.fail(f"{name} is not a picture that can be used: {problem}")
    try:
        WagtailImageField().clean(SimpleUploadedFile(path.name, content))
    except ValidationError as error:
        place.fail(f"{name} is not a picture that can be used: {' '.join(error.messages)}")


def read_document(folder: Path, name: str, place: Place) -> PackFile:
    """Read a file to take away. Raises: PackError when it is of a kind that is not given out."""
    path = inside(folder, name, place, "the file")
    kind = path.suffix.lower().lstrip(".")
    if kind not in DOCUMENT_TYPES:
        place.fail(f"{name}: a download is one of {', '.join(DOCUMENT_TYPES)}.")
    if not is_document(path, kind):
        place.fail(f"{name} is not what its name says: it holds something else than {kind}.")
    return PackFile("download", name, path, place)


def is_document(path: Path, kind: str) -> bool:
    """Say whether the content is of that kind, with nothing in it that runs or hides files."""
    with path.open("rb") as file:
        head = file.read(1024)
    if kind == "pdf":
        return head.startswith(b"%PDF-")
    if kind == "rtf":
        return head.startswith(b"{\\rtf")
    if kind in _OFFICE or kind in _OPEN_DOCUMENT:
        return head.startswith(b"PK\x03\x04") and _is_office(path, kind)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text and (kind != "ics" or text.startswith("BEGIN:VCALENDAR"))


def _is_office(path: Path, kind: str) -> bool:
    try:
        with path.open("rb") as file, open_zip(file) as archive:
            names = archive.namelist()
    except (PackError, *DAMAGED):
        return False
    lowered = [name.lower() for name in names]
    if any(name.endswith((".zip", ".exe", ".js", ".vbs", "vbaproject.bin")) for name in lowered):
        return False
    return "mimetype" in names if kind in _OPEN_DOCUMENT else "[Content_Types].xml" in names


def is_recording(path: Path, kind: str) -> bool:
    """Say whether the content is of that kind of video or audio."""
    with path.open("rb") as file:
        head = file.read(64)
    return {
        "mp4": head[4:8] == b"ftyp",
        "m4a": head[4:8] == b"ftyp",
        "webm": head.startswith(b"\x1a\x45\xdf\xa3"),
        "mp3": head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] >= b"\xe0"),
        "ogg": head.startswith(b"OggS"),
        "wav": head.startswith(b"RIFF") and head[8:12] == b"WAVE",
    }[kind]
