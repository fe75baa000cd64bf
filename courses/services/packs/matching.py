"""Which pages and rows of the site are those of a pack: found by key, whatever was renamed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from wagtail.models import Page

from courses.models import (
    AssessmentPage,
    Course,
    CoursePage,
    Lesson,
    LessonPage,
    Module,
    ModulePage,
)


@dataclass
class CourseOnSite:
    """A course as the site has it, if it has."""

    key: str
    made: list[str] = field(default_factory=list)

    @cached_property
    def course(self) -> Course | None:
        return Course.objects.filter(key=self.key).first()

    @cached_property
    def page(self) -> CoursePage | None:
        if self.course is None:
            return None
        return CoursePage.objects.filter(course=self.course).first()

    @cached_property
    def modules(self) -> dict[str, ModulePage]:
        pages = ModulePage.objects.filter(module__course=self.course).select_related("module")
        return {page.module.key: page for page in pages if page.module} if self.course else {}

    @cached_property
    def lessons(self) -> dict[str, LessonPage]:
        pages = LessonPage.objects.filter(lesson__course=self.course).select_related("lesson")
        return {page.lesson.key: page for page in pages if page.lesson} if self.course else {}

    @cached_property
    def assessment(self) -> AssessmentPage | None:
        if self.page is None:
            return None
        return AssessmentPage.objects.child_of(Page.objects.get(pk=self.page.pk)).first()

    def live_pages(self) -> list[Page]:
        """The published pages below the course's, in their order."""
        if self.page is None:
            return []
        course = Page.objects.get(pk=self.page.pk)
        return [page.specific for page in course.get_descendants().live().order_by("path")]

    def module_row(self, key: str, title: str) -> Module:
        """The row of a module, made with the very key when there is none."""
        return Module.objects.get_or_create(course=self.course, key=key, defaults={"title": title})[
            0
        ]

    def lesson_row(self, key: str, title: str) -> Lesson:
        """The row of a lesson, made with the very key when there is none."""
        return Lesson.objects.get_or_create(course=self.course, key=key, defaults={"title": title})[
            0
        ]


def has_draft(page: Page) -> bool:
    """Say whether somebody has changed the page and not published it yet."""
    if page.live:
        return bool(page.has_unpublished_changes)
    if page.last_published_at is None or page.latest_revision_created_at is None:
        return False
    return bool(page.latest_revision_created_at > page.last_published_at)
