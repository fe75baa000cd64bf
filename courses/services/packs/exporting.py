"""A published course out of the site, as a pack that any site can load."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.text import slugify
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from accounts.models import User
from accounts.services import record_audit
from courses.models import (
    AssessmentPage,
    Course,
    CoursePage,
    Fact,
    LessonPage,
    ModulePage,
    Recording,
)
from courses.packfiles import (
    Pack,
    PackAssessment,
    PackError,
    PackFact,
    PackLesson,
    PackModule,
    Place,
    read_pack,
    shapes,
)
from courses.packfiles.fields import CHOOSERS
from courses.packfiles.media import PackFile
from courses.packfiles.recordings import PackRecording
from courses.packfiles.writing import write_pack
from courses.packfiles.zips import write_zip
from courses.services.packs.comparing import raw_stream, related_values
from courses.services.packs.media import file_hash
from courses.services.packs.planning import UNCHANGED, plan_pack

_NOWHERE = Place(Path("course.md"), 1)


def export_course_pack(
    *, key: str, to: IO[bytes], now: datetime.datetime, actor: User | None = None
) -> None:
    """Write the published state of the course `key` to `to`, as the zip of a pack.

    The same course gives the same bytes, and what a pack cannot hold is refused: the pack is read
    again before it is handed out, and loading it here must change nothing. `actor` is who takes it.

    Raises: PackError with all that cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="course-pack-") as name:
        folder = Path(name)
        try:
            for file, text in write_pack(_site_pack(key, folder)).items():
                path = folder / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            _prove(folder, now)
        except PackError as error:
            raise error.within(folder) from error
        write_zip(folder, to)
    course = Course.objects.get(key=key)
    record_audit(actor=actor, action="course_pack.exported", target=course, now=now)


def _prove(folder: Path, now: datetime.datetime) -> None:
    """Read the pack again, and see that nothing of the course was lost on the way."""
    plan = plan_pack(read_pack(folder), now=now)
    lost = [page for page in plan.pages if page.verdict != UNCHANGED]
    if lost:
        fields = ", ".join(lost[0].changes) or lost[0].verdict
        raise PackError("course.md", 1, f"“{lost[0].title}” cannot be written as it is: {fields}.")


def _site_pack(key: str, folder: Path) -> Pack:
    page = CoursePage.objects.filter(course__key=key).select_related("course").first()
    if page is None or not page.live:
        raise PackError("course.md", 1, f"there is no published course with the key “{key}”.")
    root = Page.objects.get(pk=page.pk)
    media = _Media(folder)
    related = related_values(page)
    modules = [
        _module(module, media)
        for module in ModulePage.objects.child_of(root).live().order_by("path")
    ]
    assessment = AssessmentPage.objects.child_of(root).live().first()
    return Pack(
        folder=folder,
        key=key,
        title=page.title,
        summary=page.summary,
        audience=page.audience_note,
        description=page.description,
        outcomes=[
            {"key": block["value"]["key"], "text": block["value"]["text"]}
            for block in raw_stream(page.outcomes)
        ],
        audiences=[
            {"slug": audience.slug, "name": audience.name}
            for audience in page.audiences.order_by("slug")
        ],
        prerequisites=related["prerequisites"],
        valid_months=page.valid_months,
        routes=related["routes"],
        place=_NOWHERE,
        prerequisites_place=_NOWHERE,
        modules=[module for module in modules if module.lessons],
        assessment=_assessment(assessment) if assessment else None,
        facts=media.register(),
        files=media.files,
    )


def _module(page: ModulePage, media: _Media) -> PackModule:
    lessons = LessonPage.objects.child_of(page).live().order_by("path").select_related("lesson")
    return PackModule(
        key=page.module.key if page.module else "",
        title=page.title,
        introduction=page.introduction,
        content_note=page.content_note,
        lessons=[
            PackLesson(
                key=lesson.lesson.key if lesson.lesson else "",
                title=lesson.title,
                minutes=lesson.minutes,
                content_note=lesson.content_note,
                body=[media.named(block) for block in raw_stream(lesson.body)],
                place=_NOWHERE,
            )
            for lesson in lessons
        ],
        place=_NOWHERE,
    )


def _assessment(page: AssessmentPage) -> PackAssessment:
    return PackAssessment(
        title=page.title,
        introduction=page.introduction,
        rules={name: getattr(page, name) for name in shapes.ASSESSMENT if name != "title"},
        bank=raw_stream(page.bank),
        place=_NOWHERE,
    )


@dataclass
class _Media:
    """Copies the files that blocks name into the pack, under names that come from their titles."""

    folder: Path
    files: dict[str, PackFile] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    _names: dict[tuple[str, Any], str] = field(default_factory=dict)
    _stems: set[str] = field(default_factory=set)

    def named(self, block: dict[str, Any]) -> dict[str, Any]:
        """The block with the name of a file, or the key of a fact, where the site has a row."""
        chooser = CHOOSERS.get(block["type"])
        if chooser is None:
            return block
        name = self._name(block["type"], block["value"][chooser])
        return block | {"value": block["value"] | {chooser: name}}

    def register(self) -> list[PackFact]:
        names = ("title", "kind", *Fact.WORDING, "checked_on", "review_on", "is_retired")
        return [
            PackFact(key, {name: getattr(fact, name) for name in names}, _NOWHERE)
            for key, fact in sorted(self.facts.items())
        ]

    def _name(self, block_type: str, pk: Any) -> str:
        model: Any = {
            "register_fact": Fact,
            "image": get_image_model(),
            "download": get_document_model(),
        }.get(block_type, Recording)
        row = model.objects.filter(pk=pk).first()
        if row is None:
            raise PackError("course.md", 1, f"a block “{block_type}” names what is gone.")
        if isinstance(row, Fact):
            self.facts[row.key] = row
            return row.key
        if isinstance(row, Recording):
            return self._recording(row)
        # The same content is one file, whatever rows the site has of it.
        known = (block_type, file_hash(row))
        if known not in self._names:
            folder = "images" if block_type == "image" else "media"
            stem = self._stem(folder, row.title)
            self._names[known] = f"{stem}{_suffix(row.file)}"
            path = self._copy(row.file, self._names[known])
            self.files[self._names[known]] = PackFile(
                block_type, self._names[known], path, _NOWHERE
            )
        return self._names[known]

    def _recording(self, row: Recording) -> str:
        known = ("recording", row.pk)
        if known not in self._names:
            stem = self._stem("media", row.title)
            name = f"{stem}{_suffix(row.file)}"
            self._names[known] = name
            self.files[name] = PackRecording(
                kind=row.type,
                name=name,
                path=self._copy(row.file, name),
                place=_NOWHERE,
                title=row.title,
                transcript=row.transcript,
                captions=self._copy(row.captions, f"{stem}.vtt") if row.captions else None,
                still=self._copy(row.thumbnail, f"{stem}{_suffix(row.thumbnail)}")
                if row.thumbnail
                else None,
                duration=float(row.duration or 0),
                width=row.width,
                height=row.height,
            )
        return self._names[known]

    def _stem(self, folder: str, title: str) -> str:
        wanted = f"{folder}/{slugify(title)[:60].strip('-_') or 'file'}"
        stem, number = wanted, 1
        while stem in self._stems:
            number += 1
            stem = f"{wanted}-{number}"
        self._stems.add(stem)
        return stem

    def _copy(self, stored: Any, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with stored.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        return path


def _suffix(stored: Any) -> str:
    return Path(stored.name).suffix.lower()
