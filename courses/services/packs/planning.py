"""What loading a pack would do, before it is done."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from accounts.models import Audience
from courses.models import (
    AssessmentPage,
    CatalogueIndexPage,
    Course,
    CoursePage,
    Enrolment,
    LessonPage,
    ModulePage,
    Route,
    VersionLesson,
)
from courses.packfiles import Pack, PackError, PackFact, Place
from courses.packfiles.places import Problems
from courses.services.packs.comparing import (
    Wanted,
    assessment_values,
    course_values,
    differences,
    label_of,
    lesson_values,
    module_values,
)
from courses.services.packs.facts import fact_verdict
from courses.services.packs.matching import CourseOnSite, has_draft
from courses.services.packs.media import find_row
from courses.services.packs.moving import moves_of
from courses.services.packs.telling import details_of, fact_details
from courses.services.packs.wording import Detail
from lms.core.errors import DomainError

CREATED, CHANGED, UNCHANGED, WITHDRAWN = "created", "changed", "unchanged", "withdrawn"


@dataclass(frozen=True)
class PageChange:
    """What would become of one page."""

    title: str
    kind: str  # the name of its model in words
    verdict: str
    changes: list[str] = field(default_factory=list)  # fields, as editors read them
    details: list[Detail] = field(default_factory=list)  # what stands there, and what would
    remark: str = ""  # of a page that stays: why somebody might have thought otherwise
    revision: int | None = None  # as the site has it now


@dataclass(frozen=True)
class FactChange:
    """What would become of an entry of the register: "created", "changed" or "kept"."""

    title: str
    verdict: str
    details: list[Detail] = field(default_factory=list)


@dataclass
class PackPlan:
    """All that would change, and why nothing can where something is wrong."""

    key: str
    title: str
    pages: list[PageChange] = field(default_factory=list)
    facts: list[FactChange] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)  # name, verdict
    audiences: list[str] = field(default_factory=list)  # made
    moves: list[Detail] = field(default_factory=list)  # where pages stand, and where they would
    is_new: bool = True  # whether the site has no such course yet
    version: int | None = None  # the number of the one that would be made
    learners: int = 0  # under way on an earlier version
    problems: list[PackError] = field(default_factory=list)

    def titles(self, verdict: str) -> list[str]:
        return [page.title for page in self.pages if page.verdict == verdict]

    @property
    def changes_nothing(self) -> bool:
        """Whether the site has all of it as the pack says."""
        return (
            all(page.verdict == UNCHANGED for page in self.pages)
            and all(fact.verdict == "kept" for fact in self.facts)
            and not self.moves
            and not self.audiences
            and self.version is None
        )

    @property
    def fingerprint(self) -> str:
        """Changes when loading would do something else."""
        said = [
            [asdict(page) for page in self.pages],
            [asdict(fact) for fact in self.facts],
            [asdict(move) for move in self.moves],
            self.files,
            self.audiences,
            self.version,
            self.is_new,
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def refuse(self) -> None:
        """Raise what is wrong, all of it. Raises: PackError."""
        problems = Problems(list(self.problems))
        problems.refuse()

    def require(self, fingerprint: str) -> None:
        """Refuse when it is not what somebody was shown. Raises: PlanChanged, with itself."""
        if fingerprint and fingerprint != self.fingerprint:
            raise PlanChanged(self)


class PlanChanged(DomainError):
    """The site is not as it was when somebody looked at what the pack would do."""

    code = "plan_changed"
    message = _(
        "The site has changed since you looked, and importing would do something else now. Nothing"
        " was imported. Look at it once more."
    )

    def __init__(self, plan: PackPlan) -> None:
        self.plan = plan
        super().__init__()


def plan_pack(pack: Pack, *, now: datetime.datetime) -> PackPlan:
    """Say what loading `pack` would do. Nothing is written."""
    plan, problems = PackPlan(pack.key, pack.title), Problems()
    site = CourseOnSite(pack.key)
    _check_site(pack, problems, timezone.localdate(now))
    _plan_page(plan, problems, pack, CoursePage, site.page, course_values(pack), pack.place)
    for module in pack.modules:
        page = site.modules.get(module.key)
        values = module_values(module)
        _plan_page(plan, problems, pack, ModulePage, page, values, module.place)
        for lesson in module.lessons:
            lesson_page = site.lessons.get(lesson.key)
            values = lesson_values(lesson)
            _plan_page(plan, problems, pack, LessonPage, lesson_page, values, lesson.place)
    if pack.assessment:
        values = assessment_values(pack.assessment)
        place = pack.assessment.place
        _plan_page(plan, problems, pack, AssessmentPage, site.assessment, values, place)
    for gone in pages_to_withdraw(site, pack):
        plan.pages.append(PageChange(gone.title, _kind(type(gone)), WITHDRAWN))
    plan.is_new = site.page is None
    plan.moves = moves_of(site, pack)
    plan.facts = [_fact_change(fact) for fact in pack.facts]
    plan.files = [
        (file.name, "kept" if find_row(file) is not None else CREATED)
        for file in pack.files.values()
    ]
    known = set(Audience.objects.values_list("slug", flat=True))
    plan.audiences = [one["name"] for one in pack.audiences if one["slug"] not in known]
    _plan_version(plan, pack, site)
    plan.problems = problems.found
    return plan


def pages_to_withdraw(site: CourseOnSite, pack: Pack) -> list[Page]:
    """The published pages below the course that the pack has not."""
    modules = {module.key for module in pack.modules}
    lessons = {lesson.key for module in pack.modules for lesson in module.lessons}
    gone = []
    for page in site.live_pages():
        if isinstance(page, ModulePage):
            stays = page.module is not None and page.module.key in modules
        elif isinstance(page, LessonPage):
            stays = page.lesson is not None and page.lesson.key in lessons
        else:
            stays = not isinstance(page, AssessmentPage) or pack.assessment is not None
        if not stays:
            gone.append(page)
    return gone


def _kind(model: Any) -> str:
    return str(model._meta.verbose_name)


def _plan_page(
    plan: PackPlan,
    problems: Problems,
    pack: Pack,
    model: Any,
    page: Any,
    wanted: Wanted,
    place: Place,
) -> None:
    kind = _kind(model)
    if page is None:
        plan.pages.append(PageChange(wanted["title"], kind, CREATED))
        return
    names = differences(page, wanted, pack.files)
    if page.live and not names:
        plan.pages.append(PageChange(page.title, kind, UNCHANGED, remark=_remark(page)))
        return
    changes = [label_of(model, name) for name in names]
    details = [one for name in names for one in details_of(page, name, wanted[name], pack)]
    if not page.live:
        details.insert(0, Detail(gettext("On the site"), gettext("not published"), gettext("live")))
    plan.pages.append(
        PageChange(page.title, kind, CHANGED, changes, details, revision=page.latest_revision_id)
    )
    with problems.gathering():
        if page.locked:
            place.fail(f"“{page.title}” is locked on this site. Unlock it first.")
        if has_draft(page):
            place.fail(
                f"“{page.title}” has changes on this site that are not published. Publish them or"
                " throw them away first, so that nobody’s work is overwritten."
            )


def _remark(page: Page) -> str:
    """Say of a page that stays what somebody is doing with it."""
    if has_draft(page):
        return gettext("has changes that are not published: they stay as they are")
    return gettext("is locked, and stays so") if page.locked else ""


def _fact_change(entry: PackFact) -> FactChange:
    verdict = fact_verdict(entry)
    details = fact_details(entry) if verdict == "changed" else []
    return FactChange(entry.values["title"], verdict, details)


def _check_site(pack: Pack, problems: Problems, today: datetime.date) -> None:
    with problems.gathering():
        if not CatalogueIndexPage.objects.exists():
            raise PackError(
                pack.folder, 1, "the site has no catalogue page yet. Run set_up_site first."
            )
    with problems.gathering():
        if Course.objects.filter(slug=pack.key).exclude(key=pack.key).exists():
            pack.place.fail(f"“{pack.key}” is the address of another course. Choose another key.")
    for day, place in pack.checked:
        with problems.gathering():
            if datetime.date.fromisoformat(day) > today:
                place.fail(f"“checked”: {day} is in the future.")
    known = set(Course.objects.filter(key__in=pack.prerequisites).values_list("key", flat=True))
    for key in pack.prerequisites:
        with problems.gathering():
            if key == pack.key:
                pack.prerequisites_place.fail("a course cannot come before itself.")
            if key not in known:
                pack.prerequisites_place.fail(
                    f"this site has no course “{key}”. Load it first, or take it out."
                )
    for audience in pack.audiences:
        with problems.gathering():
            other = Audience.objects.filter(name=audience["name"]).exclude(slug=audience["slug"])
            if other.exists() and not Audience.objects.filter(slug=audience["slug"]).exists():
                pack.place.fail(
                    f"this site has an audience “{audience['name']}” with the short name"
                    f" “{other[0].slug}”. Use that one."
                )


def _plan_version(plan: PackPlan, pack: Pack, site: CourseOnSite) -> None:
    version = site.course.latest_version if site.course else None
    wanted = [(module.key, lesson.key) for module in pack.modules for lesson in module.lessons]
    routes = course_values(pack)["routes"]
    if version is None or site.course is None:
        plan.version = 1
        return
    now = list(
        VersionLesson.objects.filter(version=version)
        .order_by("position", "pk")
        .values_list("module__key", "lesson__key")
    )
    rules = [route.rules for route in Route.objects.filter(version=version).order_by("kind")]
    if now != wanted or rules != routes:
        last = site.course.versions.order_by("-number").values_list("number", flat=True).first()
        plan.version = (last or 0) + 1
    plan.learners = Enrolment.objects.filter(
        course=site.course, completed_at=None, withdrawn_at=None, is_test=False
    ).count()
