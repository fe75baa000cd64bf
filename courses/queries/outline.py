"""What lies below a course's page, beside the version that is live."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from courses.models import CoursePage, LessonPage, ModulePage, Route, VersionLesson


@dataclass(frozen=True)
class OutlineChange:
    """How the published lessons and the routes of a course differ from its latest version."""

    lessons: int  # published below the page
    added: int = 0
    withdrawn: int = 0
    is_reordered: bool = False
    has_other_routes: bool = False

    @property
    def sentence(self) -> str:
        """The differences in words; empty when there are none."""
        parts = []
        if self.added:
            words = ngettext("%(n)d lesson added", "%(n)d lessons added", self.added)
            parts.append(words % {"n": self.added})
        if self.withdrawn:
            words = ngettext("%(n)d lesson withdrawn", "%(n)d lessons withdrawn", self.withdrawn)
            parts.append(words % {"n": self.withdrawn})
        if self.is_reordered:
            parts.append(_("lessons in another order"))
        if self.has_other_routes:
            parts.append(_("other routes"))
        return ", ".join(parts)


def course_page_of(page: Page) -> CoursePage | None:
    """Find the course page that `page` is or stands below."""
    return CoursePage.objects.ancestor_of(page, inclusive=True).first()


def outline_change(page: CoursePage) -> OutlineChange:
    """Compare what publishing `page` would offer with its latest version. Four queries."""
    version_id = page.course.latest_version_id if page.course else None
    live = published_outline(page)
    offered = list(
        VersionLesson.objects.filter(version_id=version_id)
        .order_by("position", "pk")
        .values_list("module_id", "lesson_id")
    )
    now, before = {lesson for _module, lesson in live}, {lesson for _module, lesson in offered}
    routes = sorted((route.rules for route in page.course_routes.all()), key=_by_kind)
    return OutlineChange(
        lessons=len(live),
        added=sum(lesson not in before for _module, lesson in live),
        withdrawn=len(before - now),
        is_reordered=[row for row in live if row[1] in before]
        != [row for row in offered if row[1] in now],
        has_other_routes=version_id is not None
        and routes
        != sorted(
            (route.rules for route in Route.objects.filter(version_id=version_id)), key=_by_kind
        ),
    )


def _by_kind(rules: dict[str, Any]) -> str:
    return str(rules["kind"])


def published_outline(page: CoursePage) -> list[tuple[int | None, int | None]]:
    """List module and lesson of the published lessons below `page`; None where there is no row."""
    modules = dict(ModulePage.objects.child_of(page).live().values_list("path", "module_id"))
    lessons = LessonPage.objects.descendant_of(page).live().order_by("path")
    return [
        (modules[path[: -Page.steplen]], lesson)
        for path, lesson in lessons.values_list("path", "lesson_id")
        if path[: -Page.steplen] in modules
    ]
