"""The courses on offer, narrowed down by words, audience, length and route."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Prefetch, Sum
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import Audience, User
from courses.enums import RouteKind
from courses.models import Course, CourseVersion, Route
from courses.queries.finding import FoundCourse, Words, find_courses, marked
from lms.core.templatetags.ui import minutes as in_words

# How long a course takes: name, words, the fewest and the most minutes of one of its routes.
A_DAY = 7 * 60
LENGTHS: tuple[tuple[str, str | Promise, int, int], ...] = (
    ("30", _l("Up to 30 minutes"), 0, 30),
    ("120", _l("Up to 2 hours"), 0, 120),
    ("day", _l("Up to a day"), 0, A_DAY),
    ("longer", _l("Longer than a day"), A_DAY + 1, 1_000_000),
)


@dataclass(frozen=True, slots=True)
class CatalogueAsked:
    """What a visitor narrows the catalogue down to; nothing asked is every course."""

    words: Words = field(default_factory=Words)
    audience: str = ""
    length: str = ""
    route: str = ""


@dataclass(frozen=True)
class CourseCard:
    """A course as a card of the catalogue."""

    title: str | SafeString
    summary: str | SafeString
    url: str
    facts: list[str]
    found: FoundCourse | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many courses it would leave beside what else is asked."""

    value: str
    label: str
    count: int


@dataclass
class Catalogue:
    cards: list[CourseCard]
    choices: dict[str, list[Choice]] = field(default_factory=dict)
    has_all: bool = True  # False: no course has all the words, these have some
    offered: list[tuple[str, str]] = field(default_factory=list)  # title and address of all


def _route_fact(route: Route) -> str:
    return _("%(route)s, equates to %(time)s of CPD") % {
        "route": RouteKind(route.kind).label,
        "time": in_words(route.cpd_minutes),
    }


def open_courses() -> list[Course]:
    """List the courses anybody may begin, by title, with what a card says. Three queries."""
    courses = (
        Course.objects.open()
        .annotate(minutes=Sum("latest_version__version_lessons__lesson__minutes"))
        .prefetch_related(
            Prefetch("latest_version__routes", queryset=Route.objects.order_by("kind", "pk")),
            Prefetch("audiences", queryset=Audience.objects.only("slug")),
        )
        .select_related("latest_version")
        .defer("description")
        .order_by("title", "pk")
    )
    return list(courses)


def catalogue(
    asked: CatalogueAsked, *, audiences: Iterable[Audience] = (), viewer: User | None = None
) -> Catalogue:
    """List the courses on offer that fit all that is `asked`, those found by words best first.

    `audiences` are those a visitor can choose among. As many queries for any number of courses:
    three, and with words those of `find_courses`.
    """
    offered = open_courses()
    found: dict[int, FoundCourse] | None = None
    has_all = True
    if asked.words and offered:
        result = find_courses(asked.words, {c.pk: _version(c).pk for c in offered}, viewer)
        found, has_all = result.courses, result.has_all
    by_key = {course.pk: course for course in offered}
    matching = offered if found is None else [by_key[pk] for pk in found]
    return Catalogue(
        cards=[
            _card(course, asked.words, found[course.pk] if found else None)
            for course in matching
            if fits(course, asked)
        ],
        choices=_choices(matching, asked, audiences),
        has_all=has_all,
        offered=[(course.title, course.get_absolute_url()) for course in offered],
    )


def _version(course: Course) -> CourseVersion:
    assert course.latest_version is not None  # noqa: S101 - `open` saw to it
    return course.latest_version


def fits(course: Course, asked: CatalogueAsked) -> bool:
    """Say whether `course` is for the audience, and one of its routes has the kind and length.

    A course that names no audience is for everybody.
    """
    audiences = {audience.slug for audience in course.audiences.all()}
    if asked.audience and audiences and asked.audience not in audiences:
        return False
    if not asked.route and not asked.length:
        return True
    least, most = next(((low, high) for n, _w, low, high in LENGTHS if n == asked.length), (0, 0))
    return any(
        (not asked.route or route.kind == asked.route)
        and (not asked.length or least <= route.cpd_minutes <= most)
        for route in _version(course).routes.all()
    )


def _choices(
    courses: list[Course], asked: CatalogueAsked, audiences: Iterable[Audience]
) -> dict[str, list[Choice]]:
    named: dict[str, list[tuple[str, str]]] = {
        "audience": [(audience.slug, audience.name) for audience in audiences],
        "length": [(name, str(words)) for name, words, _low, _high in LENGTHS],
        "route": [(kind.value, str(kind.label)) for kind in RouteKind],
    }
    return {
        name: [
            Choice(value, label, sum(fits(course, _with(asked, name, value)) for course in courses))
            for value, label in values
        ]
        for name, values in named.items()
    }


def _with(asked: CatalogueAsked, name: str, value: str) -> CatalogueAsked:
    return replace(asked, **{name: value})  # type: ignore[arg-type]  # the filters are all strings


def _card(course: Course, words: Words, found: FoundCourse | None) -> CourseCard:
    return CourseCard(
        title=marked(course.title, words) if words else course.title,
        summary=marked(course.summary, words) if words else course.summary,
        url=course.get_absolute_url(),
        facts=[
            in_words(course.minutes),  # type: ignore[attr-defined]  # annotated
            *(_route_fact(route) for route in _version(course).routes.all()),
        ],
        found=found,
    )
