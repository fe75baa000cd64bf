"""Course packs into Wagtail pages."""

import datetime
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page

from courses.models import (
    CatalogueIndexPage,
    Course,
    CoursePage,
    CourseRoute,
    Lesson,
    LessonPage,
    Module,
    ModulePage,
)
from courses.packfiles import NAMESPACE, Pack, PackError, PackLesson, PackModule, Place
from courses.services.publishing import publish_course


@dataclass
class PackReport:
    """What loading a pack did, page by page."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    version: int = 0


@transaction.atomic
def load_course_pack(*, pack: Pack, now: datetime.datetime) -> PackReport:
    """Make or update the pages of `pack` below the catalogue, and publish them.

    Pages are found again by the keys of the pack, whatever was renamed or moved. What is already as
    the pack says is left alone: loading the same pack twice changes nothing. All or nothing.
    Lessons and modules of the course that the pack has no longer are taken down: people whose
    version requires them go on reading them, nobody new does.

    Raises: PackError when there is no catalogue page, the key is another course's address, a fact
    was checked in the future, or a page cannot be saved.
    """
    catalogue = CatalogueIndexPage.objects.first()
    if catalogue is None:
        raise PackError(
            pack.folder, 1, "the site has no catalogue page yet. Run set_up_site first."
        )
    _require_free_key(pack)
    _require_past_checks(pack, timezone.localdate(now))
    report = PackReport()
    course_page = _course_page(pack, catalogue, report)
    module_pages = [_module_page(pack, module, course_page, report, now) for module in pack.modules]
    _put_in_order(course_page, module_pages)
    _withdraw_others(pack, course_page, report)
    version = publish_course(page=CoursePage.objects.get(pk=course_page.pk), now=now)
    report.version = version.number if version else 0
    return report


def _require_free_key(pack: Pack) -> None:
    others = Course.objects.filter(slug=pack.key).exclude(key=pack.key)
    if others.exists():
        pack.place.fail(f"“{pack.key}” is the address of another course. Choose another key.")


def _require_past_checks(pack: Pack, today: datetime.date) -> None:
    for module in pack.modules:
        for lesson in module.lessons:
            for day, place in lesson.checked:
                if datetime.date.fromisoformat(day) > today:
                    place.fail(f"“checked”: {day} is in the future.")


def _withdraw_others(pack: Pack, course_page: CoursePage, report: PackReport) -> None:
    modules = {module.key for module in pack.modules}
    lessons = {lesson.key for module in pack.modules for lesson in module.lessons}
    course = Page.objects.get(pk=course_page.pk)
    gone = [
        *LessonPage.objects.descendant_of(course).live().exclude(lesson__key__in=lessons),
        *ModulePage.objects.child_of(course).live().exclude(module__key__in=modules),
    ]
    for page in gone:
        page.unpublish()
        report.withdrawn.append(page.title)


def _save(
    page: Page,
    parent: Page,
    wanted: dict[str, Any],
    report: PackReport,
    place: Place,
    *,
    has_changed: bool = False,
) -> Page:
    """Create or update one page, publish it, and note which; unchanged pages get no revision."""
    is_new = page.pk is None
    if not (is_new or has_changed or not page.live) and all(
        _same(getattr(page, name), value) for name, value in wanted.items()
    ):
        report.unchanged.append(page.title)
        return page
    for name, value in wanted.items():
        setattr(page, name, value)
    try:
        if is_new:
            page.live = False
            parent.add_child(instance=page)
        page.save_revision().publish()
    except ValidationError as error:
        place.fail(f"the page cannot be saved: {' '.join(error.messages)}")
    (report.created if is_new else report.changed).append(page.title)
    page.refresh_from_db()
    return page


def _same(current: Any, wanted: Any) -> bool:
    if hasattr(current, "get_prep_value"):  # a StreamField's value, beside the JSON of the pack
        fresh = current.stream_block.to_python(json.loads(wanted))
        return bool(current.get_prep_value() == fresh.get_prep_value())
    return bool(current == wanted)


def _course_page(pack: Pack, catalogue: CatalogueIndexPage, report: PackReport) -> CoursePage:
    course = Course.objects.filter(key=pack.key).first()
    page = CoursePage.objects.filter(course=course).first() if course else None
    page = page or CoursePage(slug=pack.key, course=course)
    outcomes = [
        {
            "type": "outcome",
            "value": outcome,
            "id": str(uuid.uuid5(NAMESPACE, f"{pack.key}/outcome/{outcome['key']}")),
        }
        for outcome in pack.outcomes
    ]
    wanted = {
        "title": pack.title,
        "summary": pack.summary,
        "audience_note": pack.audience,
        "description": pack.description,
        "outcomes": json.dumps(outcomes),
    }
    routes = [(route.kind, route.cpd_minutes) for route in page.course_routes.order_by("kind")]
    if routes != sorted(pack.routes):
        page.course_routes.set(
            [
                CourseRoute(kind=kind, cpd_minutes=minutes, sort_order=number)
                for number, (kind, minutes) in enumerate(sorted(pack.routes))
            ]
        )
        return _save(page, catalogue, wanted, report, pack.place, has_changed=True)
    return _save(page, catalogue, wanted, report, pack.place)


def _module_page(
    pack: Pack,
    module: PackModule,
    course_page: CoursePage,
    report: PackReport,
    now: datetime.datetime,
) -> ModulePage:
    row = Module.objects.filter(course=course_page.course, key=module.key).first()
    page = ModulePage.objects.filter(module=row).first() if row else None
    wanted = {
        "title": module.title,
        "introduction": module.introduction,
        "content_note": module.content_note,
    }
    page = page or ModulePage(slug=module.key, module=row)
    page = _save(page, course_page, wanted, report, module.place)
    lessons = [_lesson_page(pack, lesson, course_page, page, report) for lesson in module.lessons]
    _put_in_order(page, lessons)
    return page


def _lesson_page(
    pack: Pack,
    lesson: PackLesson,
    course_page: CoursePage,
    module_page: ModulePage,
    report: PackReport,
) -> LessonPage:
    row = Lesson.objects.filter(course=course_page.course, key=lesson.key).first()
    page = LessonPage.objects.filter(lesson=row).first() if row else None
    body = [_with_picture(entry, pack) for entry in lesson.body]
    wanted = {"title": lesson.title, "minutes": lesson.minutes, "body": json.dumps(body)}
    page = page or LessonPage(slug=lesson.key, lesson=row)
    page = _save(page, module_page, wanted, report, lesson.place)
    if page.get_parent().pk != module_page.pk:
        page.move(module_page, pos="last-child")
        page.refresh_from_db()
    return page


def _with_picture(entry: dict[str, Any], pack: Pack) -> dict[str, Any]:
    if entry["type"] != "image":
        return entry
    path = pack.folder / entry["value"]["image"]
    content = path.read_bytes()
    model = get_image_model()
    image = model.objects.filter(file_hash=hashlib.sha1(content).hexdigest()).first()  # noqa: S324 - Wagtail's own hash of files
    if image is None:
        with path.open("rb") as file:
            image = model(title=path.stem.replace("-", " ").capitalize())
            image.file.save(path.name, ImageFile(file, name=path.name), save=False)
            image._set_image_file_metadata()
            image.save()
    return entry | {"value": entry["value"] | {"image": image.pk}}


def _put_in_order(parent: Page, wanted: list[Any]) -> None:
    """Give the children of `parent` the pack's order, moving only where it differs."""
    keys = [page.pk for page in wanted]
    current = list(Page.objects.child_of(parent).order_by("path").values_list("pk", flat=True))
    if [pk for pk in current if pk in keys] == keys:
        return
    for pk in keys:
        Page.objects.get(pk=pk).move(Page.objects.get(pk=parent.pk), pos="last-child")
