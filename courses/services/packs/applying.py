"""A pack into Wagtail pages: all of it, or nothing."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.fields import StreamField
from wagtail.log_actions import LogContext
from wagtail.models import Page, Revision

from accounts.models import Audience, User
from accounts.services import record_audit
from courses.models import (
    AssessmentPage,
    CatalogueIndexPage,
    Course,
    CoursePage,
    CoursePrerequisite,
    CourseRoute,
    LessonPage,
    ModulePage,
)
from courses.packfiles import Pack, PackLesson, PackModule, Place
from courses.packfiles.fields import CHOOSERS
from courses.services.packs.comparing import (
    RELATED,
    Wanted,
    assessment_values,
    course_values,
    differences,
    lesson_values,
    module_values,
)
from courses.services.packs.facts import bring_fact
from courses.services.packs.matching import CourseOnSite
from courses.services.packs.media import MediaKeeper, keeping_media
from courses.services.packs.planning import pages_to_withdraw, plan_pack
from courses.services.publishing import publish_course


@dataclass
class PackReport:
    """What loading a pack did, page by page."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    version: int = 0
    course: Course | None = None


@dataclass
class _Loading:
    """One pack on its way into the site."""

    pack: Pack
    site: CourseOnSite
    media: MediaKeeper
    now: datetime.datetime
    actor: User | None = None
    report: PackReport = field(default_factory=PackReport)
    facts: dict[str, int] = field(default_factory=dict)


def load_course_pack(
    *, pack: Pack, now: datetime.datetime, actor: User | None = None, fingerprint: str = ""
) -> PackReport:
    """Make or update the pages of `pack` below the catalogue, and publish them.

    Pages are found again by the keys of the pack, whatever was renamed or moved. What is already as
    the pack says is left alone: loading the same pack twice changes nothing. All or nothing, the
    files in storage too. Lessons and modules of the course that the pack has no longer are taken
    down: people whose version requires them go on reading them, nobody new does.

    `actor` is who does it, as the history of the pages says. With the `fingerprint` of a plan that
    somebody was shown nothing but that plan is carried out.

    Raises: PackError with all that stands against it (see `plan_pack`), or when a page cannot be
    saved; PlanChanged.
    """
    with keeping_media() as media, transaction.atomic(), LogContext(user=actor):
        # One pack after the other: two that make the same course would stand in each other's way.
        list(CatalogueIndexPage.objects.select_for_update(of=("self",)).values_list("pk"))
        plan = plan_pack(pack, now=now)
        plan.refuse()
        plan.require(fingerprint)
        loading = _Loading(pack, CourseOnSite(pack.key), media, now, actor)
        loading.facts = {fact.key: bring_fact(fact, now) for fact in pack.facts}
        report = _load(loading)
        if report.course and not plan.changes_nothing:
            record_audit(actor=actor, action="course_pack.imported", target=report.course, now=now)
        return report


def _load(loading: _Loading) -> PackReport:
    """Write the pages from the top down, and publish the course when all it asks for is there."""
    pack, site, report = loading.pack, loading.site, loading.report
    course_page, draft = _course_draft(loading)
    pages: list[Page] = [_module_page(loading, module, course_page) for module in pack.modules]
    if pack.assessment:
        page = site.assessment or AssessmentPage(slug=_free_slug(course_page, "assessment"))
        values, place = assessment_values(pack.assessment), pack.assessment.place
        pages.append(_save(loading, page, course_page, values, place))
    _put_in_order(course_page, pages)
    for gone in pages_to_withdraw(site, pack):
        gone.unpublish()
        report.withdrawn.append(gone.title)
    if draft is not None:
        _publish(draft, pack.place)
    version = publish_course(page=CoursePage.objects.get(pk=course_page.pk), now=loading.now)
    report.version = version.number if version else 0
    report.course = site.course
    return report


def _free_slug(parent: Page, wanted: str) -> str:
    taken = set(Page.objects.child_of(parent).values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _save(loading: _Loading, page: Any, parent: Page, wanted: Wanted, place: Place) -> Any:
    """Create or update one page and publish it; unchanged pages get no revision."""
    draft = _draft(loading, page, parent, wanted, place)
    if draft is not None:
        _publish(draft, place)
        page.refresh_from_db()
    return page


def _draft(
    loading: _Loading, page: Any, parent: Page, wanted: Wanted, place: Place
) -> Revision | None:
    """Write what the pack wants of a page as a draft; None where nothing differs."""
    is_new = page.pk is None
    names = list(wanted) if is_new else differences(page, wanted, loading.pack.files)
    if not (is_new or names or not page.live):
        loading.report.unchanged.append(page.title)
        return None
    for name in names:
        _set(loading, page, name, wanted[name])
    try:
        if is_new:
            page.live = False
            parent.add_child(instance=page)
        draft: Revision = page.save_revision(user=loading.actor)
    except ValidationError as error:
        _fail(error, place)
    (loading.report.created if is_new else loading.report.changed).append(page.title)
    return draft


def _publish(draft: Revision, place: Place) -> None:
    try:
        draft.publish()
    except ValidationError as error:
        _fail(error, place)


def _fail(error: ValidationError, place: Place) -> NoReturn:
    place.fail(f"the page cannot be saved: {' '.join(error.messages)}")


def _set(loading: _Loading, page: Any, name: str, value: Any) -> None:
    if name in RELATED:
        _set_related(loading.pack, page, name)
    elif isinstance(page._meta.get_field(name), StreamField):
        setattr(page, name, json.dumps([_with_rows(loading, block) for block in value]))
    else:
        setattr(page, name, value)


def _with_rows(loading: _Loading, block: dict[str, Any]) -> dict[str, Any]:
    """Put the site's rows for the files and facts that a block names."""
    chooser = CHOOSERS.get(block["type"])
    if chooser is None:
        return block
    named = block["value"][chooser]
    if block["type"] == "register_fact":
        row = loading.facts[named]
    else:
        row = loading.media.row_for(loading.pack.files[named])
    return block | {"value": block["value"] | {chooser: row}}


def _set_related(pack: Pack, page: CoursePage, name: str) -> None:
    if name == "audiences":
        page.audiences.set(
            [
                Audience.objects.get_or_create(slug=one["slug"], defaults={"name": one["name"]})[0]
                for one in pack.audiences
            ]
        )
    elif name == "routes":
        page.course_routes.set(
            [
                CourseRoute(sort_order=number, **route)
                for number, route in enumerate(course_values(pack)["routes"])
            ]
        )
    else:
        needs = Course.objects.filter(key__in=pack.prerequisites).order_by("key")
        page.course_prerequisites.set(
            [CoursePrerequisite(needs=need, sort_order=n) for n, need in enumerate(needs)]
        )


def _course_draft(loading: _Loading) -> tuple[CoursePage, Revision | None]:
    pack, site = loading.pack, loading.site
    catalogue = CatalogueIndexPage.objects.first()
    assert catalogue is not None  # noqa: S101 - the plan refused otherwise
    if site.course is None:
        # Made here, with the very key: publishing would take one from the page's address.
        site.course = Course.objects.create(key=pack.key, slug=pack.key, title=pack.title)
    page = site.page or CoursePage(slug=pack.key, course=site.course)
    draft = _draft(loading, page, catalogue, course_values(pack), pack.place)
    site.page = page
    return page, draft


def _module_page(loading: _Loading, module: PackModule, course_page: CoursePage) -> ModulePage:
    site = loading.site
    page = site.modules.get(module.key) or ModulePage(
        slug=module.key, module=site.module_row(module.key, module.title)
    )
    page = _save(loading, page, course_page, module_values(module), module.place)
    if page.get_parent().pk != course_page.pk:
        page.move(Page.objects.get(pk=course_page.pk), pos="last-child")
        page.refresh_from_db()
    lessons = [_lesson_page(loading, lesson, page) for lesson in module.lessons]
    _put_in_order(page, lessons)
    return page


def _lesson_page(loading: _Loading, lesson: PackLesson, module_page: ModulePage) -> LessonPage:
    site = loading.site
    page = site.lessons.get(lesson.key) or LessonPage(
        slug=lesson.key, lesson=site.lesson_row(lesson.key, lesson.title)
    )
    page = _save(loading, page, module_page, lesson_values(lesson), lesson.place)
    if page.get_parent().pk != module_page.pk:
        page.move(module_page, pos="last-child")
        page.refresh_from_db()
    return page


def _put_in_order(parent: Page, wanted: list[Any]) -> None:
    """Give the children of `parent` the pack's order, moving only where it differs."""
    keys = [page.pk for page in wanted]
    current = list(Page.objects.child_of(parent).order_by("path").values_list("pk", flat=True))
    if [pk for pk in current if pk in keys] == keys:
        return
    for pk in keys:
        Page.objects.get(pk=pk).move(Page.objects.get(pk=parent.pk), pos="last-child")
