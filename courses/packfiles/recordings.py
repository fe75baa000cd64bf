"""Video and audio of a pack: the file, and beside it what people need who cannot hear or see it.

`media/welcome.mp4` has `media/welcome.md`, whose front matter names it and whose text is the
transcript; `media/welcome.vtt`, its captions; and perhaps `media/welcome.png`, a still of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from courses.packfiles import shapes
from courses.packfiles.markdown import rich_text
from courses.packfiles.media import (
    AUDIO_TYPES,
    VIDEO_TYPES,
    PackFile,
    inside,
    is_recording,
    require_picture,
)
from courses.packfiles.places import PackError, Place, Problems, front_matter, read_text

STILLS = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass(frozen=True)
class PackRecording(PackFile):
    title: str
    transcript: str
    captions: Path | None
    still: Path | None
    duration: float
    width: int | None
    height: int | None


def read_recording(folder: Path, name: str, kind: str, place: Place) -> PackRecording:
    """Read a recording with its transcript and captions. Raises: PackError when one is lacking."""
    path = inside(folder, name, place, f"the {kind}")
    types = VIDEO_TYPES if kind == "video" else AUDIO_TYPES
    suffix = path.suffix.lower().lstrip(".")
    if suffix not in types:
        place.fail(f"{name}: {kind} is one of {', '.join(types)}.")
    if not is_recording(path, suffix):
        place.fail(f"{name} is not what its name says: it holds something else than {suffix}.")
    problems = Problems()
    transcript = path.with_suffix(".md")
    with problems.gathering():
        inside(folder, transcript.relative_to(folder).as_posix(), place, "the transcript")
        written, text, at = front_matter(transcript)
        meta = shapes.read_entry(written, shapes.TRANSCRIPT, written.place, what="a transcript")
        if not text.strip():
            at.fail("the transcript is empty: write down what is said.")
        said = rich_text(text, at)
    captions = _beside(path, (".vtt",))
    with problems.gathering():
        if captions is None and kind == "video":
            place.fail(f"the captions are missing: {path.with_suffix('.vtt').name}.")
        if captions is not None:
            _require_captions(captions)
    still = _beside(path, STILLS)
    with problems.gathering():
        if still is not None:
            require_picture(still, still.name, place)
    problems.refuse()
    return PackRecording(
        kind=kind,
        name=name,
        path=path,
        place=place,
        title=meta["title"],
        transcript=said,
        captions=captions,
        still=still,
        duration=meta["duration"],
        width=meta["width"],
        height=meta["height"],
    )


def _beside(path: Path, suffixes: tuple[str, ...]) -> Path | None:
    found = [path.with_suffix(suffix) for suffix in suffixes]
    return next((one for one in found if one.is_file() and not one.is_symlink()), None)


def _require_captions(path: Path) -> None:
    text = read_text(path)
    if not text.removeprefix("\ufeff").startswith("WEBVTT"):
        raise PackError(path, 1, "captions begin with the word WEBVTT.")
    for number, line in enumerate(text.splitlines(), start=1):
        if "url(" in line.lower() or "@import" in line.lower():
            raise PackError(path, number, "captions refer to nothing outside them.")
