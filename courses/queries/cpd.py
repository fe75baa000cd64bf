"""A person's CPD record: what they completed here, what they added, what they reflected on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from courses.enums import CpdKind
from courses.models import Completion, CpdEntry, CpdFile, CpdYear, Reflection
from courses.queries.proofs import Proof, proofs_of
from courses.queries.reflecting import as_text
from lms.core.site import site_identity

EARLIEST = datetime.date(1950, 1, 1)
ALL = "all"
JANUARY = (1, 1)  # month and day on which a year begins unless the person says otherwise


@dataclass(frozen=True)
class Period:
    """A CPD year from its first to its last day, or everything there is."""

    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None

    @property
    def value(self) -> str:
        """What stands for it in an address."""
        return str(self.starts_on.year) if self.starts_on else ALL

    @property
    def label(self) -> str:
        if self.starts_on is None or self.ends_on is None:
            return _("All years")
        if (self.starts_on.month, self.starts_on.day) == JANUARY:
            return str(self.starts_on.year)
        return _("%(first)s to %(last)s") % {
            "first": date_format(self.starts_on, "j F Y"),
            "last": date_format(self.ends_on, "j F Y"),
        }

    def holds(self, day: datetime.date) -> bool:
        return (self.starts_on is None or day >= self.starts_on) and (
            self.ends_on is None or day <= self.ends_on
        )


@dataclass(frozen=True)
class Activity:
    """Something that counts as CPD, in words: done here, or added by the person."""

    counts_on: datetime.date
    starts_on: datetime.date
    ends_on: datetime.date
    title: str
    kind: str
    provider: str
    minutes: int
    is_here: bool
    detail: str = ""  # version and route of a course
    outcomes: tuple[str, ...] = ()
    learned: str = ""
    applied: str = ""
    url: str = ""
    proof: Proof | None = None
    change_url: str = ""
    delete_url: str = ""

    @property
    def days(self) -> str:
        last = date_format(self.ends_on, "j F Y")
        if self.starts_on == self.ends_on:
            return last
        # '6 to 7 October 2026', '30 October to 2 November 2026'
        written = "j F Y"
        if self.starts_on.year == self.ends_on.year:
            written = "j" if self.starts_on.month == self.ends_on.month else "j F"
        first = date_format(self.starts_on, written)
        return _("%(first)s to %(last)s") % {"first": first, "last": last}


@dataclass(frozen=True)
class CpdReflection:
    """A reflection the person may include in their record."""

    pk: int
    saved_on: datetime.date
    course: str
    lesson: str
    title: str
    prompt: str
    text: str
    is_included: bool


@dataclass(frozen=True)
class Total:
    period: Period
    here: int
    added: int

    @property
    def minutes(self) -> int:
        return self.here + self.added


@dataclass(frozen=True)
class CpdRecord:
    """The record of one person for one period, with the totals of every year."""

    name: str
    begins: tuple[int, int]
    period: Period
    periods: list[Period]
    total: Total
    years: list[Total]
    activities: list[Activity]
    reflections: list[CpdReflection]
    left_out: list[CpdReflection] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.years and not self.reflections and not self.left_out


def year_begins(user: User) -> tuple[int, int]:
    """Say on which month and day the CPD year of `user` begins."""
    found = CpdYear.objects.filter(user=user).values_list("month", "day").first()
    return found or JANUARY


def year_with(day: datetime.date, begins: tuple[int, int]) -> Period:
    """Find the year that `day` lies in, where years begin on `begins`."""
    first = datetime.date(day.year, *begins)
    return year_from(first if first <= day else first.replace(year=day.year - 1))


def year_from(first: datetime.date | None) -> Period:
    """Build the year that begins on `first`; everything without a day."""
    if first is None:
        return Period()
    return Period(first, first.replace(year=first.year + 1) - datetime.timedelta(days=1))


def cpd_record(
    user: User, *, on: datetime.date, asked: str = "", period: Period | None = None
) -> CpdRecord:
    """Read the CPD record of `user`: standing completions, their own entries, chosen reflections.

    `asked` is a year by the number it begins in, or 'all'; otherwise it is the year of the day
    `on`. A `period` that is given is taken as it is. Each refresher counts; withdrawn completions
    and editors' tests do not. Five queries at most.
    """
    begins = year_begins(user)
    activities = sorted(
        [*_completed(user), *_added(user)], key=lambda x: (x.counts_on, x.title), reverse=True
    )
    reflections = _reflections(user)
    days = {x.counts_on for x in activities} | {x.saved_on for x in reflections}
    years = sorted(
        {year_with(day, begins) for day in {*days, on}}, key=lambda x: x.value, reverse=True
    )
    periods = [*years, Period()]
    current = year_with(on, begins)
    period = period or next((x for x in periods if x.value == asked), current)
    within = [x for x in activities if period.holds(x.counts_on)]
    chosen = [x for x in reflections if period.holds(x.saved_on)]
    totals = [_total(year, activities) for year in years]
    return CpdRecord(
        name=user.full_name or user.email,
        begins=begins,
        period=period,
        periods=periods,
        total=_total(period, within),
        years=[x for x in totals if x.minutes],
        activities=within,
        reflections=[x for x in chosen if x.is_included],
        left_out=[x for x in chosen if not x.is_included],
    )


def _total(period: Period, activities: Iterable[Activity]) -> Total:
    here = added = 0
    for activity in activities:
        if period.holds(activity.counts_on):
            here += activity.minutes if activity.is_here else 0
            added += 0 if activity.is_here else activity.minutes
    return Total(period, here, added)


def _completed(user: User) -> list[Activity]:
    standing = list(
        Completion.objects.standing()
        .filter(user=user, enrolment__is_test=False)
        .order_by("completed_at", "pk")
    )
    proofs = proofs_of([x.pk for x in standing])
    charity = site_identity().charity if standing else ""
    found = []
    for completion in standing:
        day = timezone.localdate(completion.completed_at)
        detail = _("Version %(number)s, %(route)s") % {
            "number": completion.version_number,
            "route": str(completion.get_route_kind_display()).lower(),
        }
        found.append(
            Activity(
                counts_on=day,
                starts_on=day,
                ends_on=day,
                title=completion.course_title,
                kind=str(CpdKind.COURSE.label),
                provider=charity,
                minutes=completion.cpd_minutes,
                is_here=True,
                detail=detail,
                outcomes=tuple(completion.outcomes),
                proof=proofs.get(completion.pk),
            )
        )
    return found


def _added(user: User) -> list[Activity]:
    return [
        Activity(
            counts_on=entry.ends_on,
            starts_on=entry.starts_on,
            ends_on=entry.ends_on,
            title=entry.title,
            kind=str(entry.get_kind_display()),
            provider=entry.provider,
            minutes=entry.minutes,
            is_here=False,
            learned=entry.learned,
            applied=entry.applied,
            url=entry.url,
            change_url=reverse("courses:cpd-change", args=[entry.public_id]),
            delete_url=reverse("courses:cpd-delete", args=[entry.public_id]),
        )
        for entry in CpdEntry.objects.filter(user=user).order_by("ends_on", "pk")
    ]


def _reflections(user: User) -> list[CpdReflection]:
    mine = Reflection.objects.filter(enrolment__user=user, enrolment__is_test=False)
    return [
        CpdReflection(
            pk=x.pk,
            saved_on=timezone.localdate(x.saved_at),
            course=x.enrolment.course.title,
            lesson=x.lesson.title,
            title=x.title,
            prompt=as_text(x.prompt),
            text=x.text,
            is_included=x.is_in_cpd,
        )
        for x in mine.select_related("enrolment__course", "lesson")
        .defer("lesson__body")
        .order_by("-saved_at", "-pk")
    ]


def file_of(file: CpdFile) -> tuple[str, str]:
    """Say which year a PDF is about, and what it is called when it is saved."""
    period = year_from(file.year_from)
    return period.label, f"cpd-record-{period.value}.pdf"
