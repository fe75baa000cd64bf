"""The courses that come before another one, as one person stands in them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Completion, Course, Enrolment


@dataclass(frozen=True)
class FirstCourse:
    """A course to complete first, as a line of a task list."""

    title: str
    url: str
    status: str  # in words; empty for a visitor
    kind: str
    is_met: bool


def courses_waiting_for(course: Course) -> list[Course]:
    """List the open courses that ask for `course` first, by title."""
    return list(course.leads_to.filter(is_published=True).order_by("title", "pk"))


def first_courses(course: Course, user: User | None) -> list[FirstCourse]:
    """List the courses to complete before `course`, and how `user` stands in each. One query.

    A completion counts for good, unless it was withdrawn.
    """
    mine = {"user": user, "course": OuterRef("pk")}
    found = course.prerequisites.annotate(
        is_completed=Exists(Completion.objects.standing().filter(**mine)),
        is_begun=Exists(Enrolment.objects.under_way().counted().filter(**mine)),
    ).order_by("title", "pk")
    return [
        FirstCourse(
            title=_("Complete “%(title)s”") % {"title": first.title},
            url=first.get_absolute_url() if _can_be_seen(first) else "",
            status=_status(first) if user else "",
            kind="" if not user or first.is_completed else "yellow" if first.is_begun else "teal",
            is_met=first.is_completed,
        )
        for first in found
    ]


def _can_be_seen(first: Course) -> bool:
    """Say whether the course's page is there for them: who has begun sees one that was closed."""
    return bool(first.is_published or first.is_completed or first.is_begun)  # type: ignore[attr-defined]  # annotated


def _status(first: Course) -> str:
    if first.is_completed:  # type: ignore[attr-defined]  # annotated
        return _("Completed")
    if first.is_begun:  # type: ignore[attr-defined]  # as above
        return _("Begun")
    return _("Not begun") if first.is_published else _("Not open at the moment")
