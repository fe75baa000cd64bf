"""The versions of a course: who is on which, and what changed between two of them, in words."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.enums import RouteKind
from courses.models import Completion, Course, CourseVersion, Enrolment, Route, VersionLesson
from courses.models.catalogue import RouteRules
from courses.queries.completion import asks_for
from lms.core.templatetags.ui import minutes as in_words


@dataclass(frozen=True)
class VersionRow:
    """A version of a course, and how many people are on it. Editors' tests are not counted."""

    number: int
    published_at: datetime.datetime
    lessons: int
    under_way: int
    finished: int
    is_live: bool


@dataclass
class VersionChange:
    """What is different in the newer of two versions, each difference a line of words."""

    added: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[str, list[str]]]:
        """Those that there are, each under its heading."""
        every = [
            (_("Lessons added"), self.added),
            (_("Lessons withdrawn"), self.withdrawn),
            (_("Lessons moved"), self.moved),
            (_("Other names"), self.renamed),
            (_("Ways of taking the course"), self.routes),
        ]
        return [(heading, lines) for heading, lines in every if lines]


@dataclass(frozen=True)
class Step:
    """Where a lesson stood in a version, and how it and its module were called."""

    lesson_id: int
    lesson: str
    module_id: int
    module: str
    url: str


def versions_of(course: Course) -> list[VersionRow]:
    """List the versions of `course`, the latest first. Two queries, however many there are."""
    standing = Completion.objects.standing().filter(enrolment=OuterRef("pk"))
    people = {
        row["version"]: (row["under_way"], row["finished"])
        for row in Enrolment.objects.counted()
        .filter(course=course)
        .annotate(has_completed=Exists(standing))
        .values("version")
        .annotate(
            under_way=Count("pk", filter=Q(completed_at__isnull=True, withdrawn_at__isnull=True)),
            finished=Count("pk", filter=Q(has_completed=True)),
        )
    }
    rows = course.versions.annotate(lessons=Count("version_lessons")).order_by("-number")
    return [
        VersionRow(
            number=version.number,
            published_at=version.published_at,
            lessons=version.lessons,
            under_way=people[version.pk][0] if version.pk in people else 0,
            finished=people[version.pk][1] if version.pk in people else 0,
            is_live=version.pk == course.latest_version_id,
        )
        for version in rows
    ]


def _steps(version: CourseVersion, slug: str) -> list[Step]:
    rows = (
        VersionLesson.objects.filter(version=version)
        .select_related("module", "lesson")
        .defer("lesson__body")
        .order_by("position", "pk")
    )
    return [
        Step(
            row.lesson_id,
            row.lesson_title or row.lesson.title,
            row.module_id,
            row.module_title or row.module.title,
            reverse("courses:lesson", args=[slug, row.lesson.public_id]),
        )
        for row in rows
    ]


def version_change(older: CourseVersion, newer: CourseVersion) -> VersionChange:
    """Say what changed from `older` to `newer` of the same course. Four queries."""
    slug = newer.course.slug
    change = _lesson_change(_steps(older, slug), _steps(newer, slug))
    change.routes = _route_change(_routes(older), _routes(newer))
    return change


def _lesson_change(before: list[Step], after: list[Step]) -> VersionChange:
    change = VersionChange()
    was = {step.lesson_id: step for step in before}
    now = {step.lesson_id: step for step in after}
    change.added = [_in_module(step) for step in after if step.lesson_id not in was]
    change.withdrawn = [_in_module(step) for step in before if step.lesson_id not in now]
    change.moved = _moved(
        [step for step in before if step.lesson_id in now],
        [step for step in after if step.lesson_id in was],
    )
    names = [(was[x.lesson_id].lesson, x.lesson) for x in after if x.lesson_id in was]
    modules = {step.module_id: step.module for step in before}
    names += dict.fromkeys(
        (modules[x.module_id], x.module) for x in after if x.module_id in modules
    )
    change.renamed = [
        _("“%(was)s” is now called “%(now)s”") % {"was": old, "now": new}
        for old, new in names
        if old != new
    ]
    return change


def _in_module(step: Step) -> str:
    words = {"lesson": step.lesson, "module": step.module}
    return _("“%(lesson)s” in the module “%(module)s”") % words


def _moved(before: list[Step], after: list[Step]) -> list[str]:
    """Name lessons that both versions have, in another module or at another place among these."""
    was = {step.lesson_id: step for step in before}
    lines = []
    for step in after:
        old = was[step.lesson_id]
        if old.module_id != step.module_id:
            words = {"lesson": step.lesson, "was": old.module, "now": step.module}
            lines.append(_("“%(lesson)s” from the module “%(was)s” to “%(now)s”") % words)
    elsewhere = {x.lesson_id for x in after if was[x.lesson_id].module_id != x.module_id}
    order = [x.lesson_id for x in before if x.lesson_id not in elsewhere]
    here = [x for x in after if x.lesson_id not in elsewhere]
    stays = _longest_in_order([order.index(x.lesson_id) for x in here])
    lines += [
        _("“%(lesson)s” to another place in its order") % {"lesson": x.lesson}
        for number, x in enumerate(here)
        if number not in stays
    ]
    return lines


def _longest_in_order(places: list[int]) -> set[int]:
    """Find as many as can be that kept their order: the others are those that were moved."""
    best: list[list[int]] = []
    for number, place in enumerate(places):
        before = [run for run in best if places[run[-1]] < place]
        best.append([*_longest(before), number])
    return set(_longest(best))


def _longest(runs: list[list[int]]) -> list[int]:
    return max(runs, key=len) if runs else []


def _routes(version: CourseVersion) -> dict[str, Route]:
    return {route.kind: route for route in version.routes.order_by("kind", "pk")}


def _route_change(before: dict[str, Route], after: dict[str, Route]) -> list[str]:
    lines = []
    for kind in [*before, *(kind for kind in after if kind not in before)]:
        name = {"route": RouteKind(kind).label}
        if kind not in after:
            lines.append(_("%(route)s is no longer offered") % name)
        elif kind not in before:
            said = {**name, "rules": rules_in_words(after[kind])}
            lines.append(_("%(route)s is new: %(rules)s") % said)
        else:
            changed = _rules_changed(before[kind], after[kind])
            lines += [f"{name['route']}: {text}" for text in changed]
    return lines


def _rules_changed(was: Route, now: Route) -> list[str]:
    """Say each rule that came or went, and the CPD minutes before and after."""
    old, new = asks_for(was), asks_for(now)
    lines = [_("no longer asked: %(rule)s") % {"rule": _lower(x)} for x in old if x not in new]
    lines += [_("now asked: %(rule)s") % {"rule": _lower(x)} for x in new if x not in old]
    if was.cpd_minutes != now.cpd_minutes:
        words = {"was": in_words(was.cpd_minutes), "now": in_words(now.cpd_minutes)}
        lines.append(_("%(was)s of CPD before, %(now)s now") % words)
    return lines


def rules_in_words(route: RouteRules) -> str:
    """Say what a route asks for and what it counts as, in one line."""
    cpd = _("%(time)s of CPD") % {"time": in_words(route.cpd_minutes)}
    asked = asks_for(route) or [_("Nothing is asked")]
    return ", ".join([asked[0], *(_lower(text) for text in asked[1:]), cpd])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


@dataclass(frozen=True)
class MovingUp:
    """What moving up to the latest version would mean for one enrolment."""

    number: int
    current: int
    change: VersionChange
    is_offered: bool  # by the same kind of route


def moving_up(enrolment: Enrolment) -> MovingUp | None:
    """Say what the latest version would change for `enrolment`; nothing where it is on it.

    Nobody moves up from a completed or withdrawn enrolment. Of the routes only its own counts.
    """
    latest = enrolment.course.latest_version
    if (
        latest is None
        or latest.pk == enrolment.version_id
        or enrolment.completed_at is not None
        or enrolment.withdrawn_at is not None
    ):
        return None
    change = version_change(enrolment.version, latest)
    kind = enrolment.route.kind
    own, new = {kind: enrolment.route}, _routes(latest)
    change.routes = _route_change(own, {kind: new[kind]} if kind in new else {})
    return MovingUp(latest.number, enrolment.version.number, change, kind in new)
