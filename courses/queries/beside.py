"""What stands beside a lesson: where the reader is, and support where it may be hard to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Fact, Lesson, LessonProgress, VersionLesson
from lms.core.site import site_identity

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue

    from courses.models import Enrolment


@dataclass(frozen=True)
class SupportEntry:
    """An entry of the register, as blocks/register_fact.html shows one."""

    entry: Fact
    is_being_checked: bool


@dataclass(frozen=True)
class Support:
    """The way out of a lesson that may be hard to read, and where to get support."""

    leave_url: str
    entries: list[SupportEntry]
    email: str
    phone: str
    anchor: str  # of what to read about support; empty where the page has nothing


@dataclass(frozen=True)
class NeighbourLesson:
    """A lesson of the module somebody reads in."""

    title: str
    minutes: int
    url: str
    status: str  # in words
    status_kind: str
    is_current: bool


@dataclass(frozen=True)
class ModulePlace:
    """Where the reader is: the lessons of the module, and the minutes that are left."""

    title: str
    lessons: list[NeighbourLesson] = field(default_factory=list)
    finished: int = 0
    minutes_left: int = 0  # of the whole course, this lesson included


def support_beside(content_note: str, body: StreamValue) -> Support | None:
    """Say how to leave and where to get support; None where nothing is hard to read.

    What the register calls support comes first, then how to reach the charity. One query where
    there is a note, none where there is none.
    """
    if not content_note:
        return None
    today = timezone.localdate()
    entries = [
        SupportEntry(entry, entry.is_past_review(today))
        for entry in Fact.objects.of_support().order_by("title", "pk")
    ]
    site = site_identity()
    in_lesson = next((block.id for block in body if block.block_type == "support"), "")
    if entries or site.contact_email or site.contact_phone:
        anchor = "support"
    else:
        anchor = f"block-{in_lesson}" if in_lesson else ""
    return Support(site.leave_url, entries, site.contact_email, site.contact_phone, anchor)


def content_note_of(lesson: Lesson) -> str:
    """Find the note that stands before a published lesson: its own, or else its module's."""
    if lesson.content_note:
        return lesson.content_note
    notes = VersionLesson.objects.filter(lesson=lesson).order_by("-version__number", "pk")
    return notes.values_list("module__content_note", flat=True).first() or ""


def lesson_states(enrolment: Enrolment) -> dict[int, str]:
    """Say of each lesson the learner opened whether it is begun or finished. One query."""
    progress = LessonProgress.objects.filter(enrolment=enrolment)
    return {
        lesson: "finished" if finished_at else "begun"
        for lesson, finished_at in progress.values_list("lesson", "finished_at")
    }


def state_in_words(state: str) -> tuple[str, str]:
    """Name a state of `lesson_states`, and the kind of tag it is shown as."""
    if state == "finished":
        return _("Finished"), ""
    return (_("Begun"), "yellow") if state == "begun" else (_("Not begun"), "teal")
