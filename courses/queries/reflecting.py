"""What a learner wrote for themselves, in its lesson and all together."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field
from html import unescape

from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from accounts.models import User
from courses.models import Enrolment, Lesson, Reflection, VersionLesson
from lms.core.words import moment_in_words


@dataclass
class ReflectionView:
    """The field of a reflection in a lesson, with what is kept in it."""

    field: str  # the id of its control
    post_url: str
    text: str = ""
    saved: str = ""  # when, in words; empty while nothing is kept
    error: str = ""


@dataclass(frozen=True)
class UnkeptReflection:
    """A text that was refused: shown again as it was typed, with the reason."""

    block_id: str
    text: str
    message: str


@dataclass(frozen=True)
class KeptReflection:
    """A reflection as its writer reads it again."""

    pk: int
    title: str
    prompt: str  # HTML
    prompt_as_text: str
    text: str
    saved_on: datetime.date
    is_in_cpd: bool


@dataclass(frozen=True)
class ReflectedLesson:
    title: str
    url: str  # empty where it is not part of what they take now
    reflections: list[KeptReflection] = field(default_factory=list)


@dataclass(frozen=True)
class ReflectedCourse:
    title: str
    lessons: list[ReflectedLesson] = field(default_factory=list)


def reflections_in(
    enrolment: Enrolment, lesson: Lesson, lesson_url: str, unkept: UnkeptReflection | None
) -> dict[str, ReflectionView]:
    """Lay out the reflections that `lesson` asks for, by block. One query, where there are any."""
    asked = [block.id for block in lesson.body if block.block_type == "reflection"]
    if not asked:
        return {}
    kept = {
        reflection.block_id: reflection
        for reflection in Reflection.objects.filter(enrolment=enrolment, lesson=lesson)
    }
    views = {}
    for block_id in asked:
        view = ReflectionView(f"reflection-{block_id}", f"{lesson_url}reflections/{block_id}/")
        if reflection := kept.get(block_id):
            view.text, view.saved = reflection.text, saved_on(reflection)
        if unkept and unkept.block_id == block_id:
            view.text, view.error = unkept.text, unkept.message
        views[block_id] = view
    return views


def saved_on(reflection: Reflection) -> str:
    """Say in words when it was saved."""
    return _("Saved on %(moment)s") % {"moment": moment_in_words(reflection.saved_at)}


def reflections_of(user: User) -> list[ReflectedCourse]:
    """List everything `user` wrote for themselves, by course and lesson, the latest course first.

    What a lesson no longer asks, and what belongs to a course taken long ago, is listed too. Three
    queries, however much there is.
    """
    mine = Reflection.objects.filter(enrolment__user=user)
    found = list(
        mine.select_related("enrolment__course", "lesson")
        .defer("lesson__body")
        .order_by("-enrolment__started_at", "-enrolment_id", "lesson_id", "saved_at", "pk")
    )
    if not found:
        return []
    places = {
        (version, lesson): place
        for version, lesson, place in VersionLesson.objects.filter(
            version__in={r.enrolment.version_id for r in found},
            lesson__in={r.lesson_id for r in found},
        ).values_list("version", "lesson", "position")
    }
    taken = Enrolment.objects.filter(user=user, withdrawn_at__isnull=True)
    latest = set(dict(taken.order_by("started_at", "pk").values_list("course", "pk")).values())
    found.sort(
        key=lambda r: (
            -r.enrolment.started_at.timestamp(),
            -r.enrolment_id,
            places.get((r.enrolment.version_id, r.lesson_id), math.inf),
        )
    )
    open_places = {
        (r.enrolment_id, r.lesson_id)
        for r in found
        if r.enrolment_id in latest and (r.enrolment.version_id, r.lesson_id) in places
    }
    return _grouped(found, open_places)


def _grouped(found: list[Reflection], open_places: set[tuple[int, int]]) -> list[ReflectedCourse]:
    courses: dict[int, ReflectedCourse] = {}
    lessons: dict[tuple[int, int], ReflectedLesson] = {}
    for reflection in found:
        enrolment, lesson = reflection.enrolment, reflection.lesson
        place = (enrolment.pk, lesson.pk)
        if enrolment.pk not in courses:
            courses[enrolment.pk] = ReflectedCourse(enrolment.course.title)
        if place not in lessons:
            url = reverse("courses:lesson", args=[enrolment.course.slug, lesson.public_id])
            lessons[place] = ReflectedLesson(lesson.title, url if place in open_places else "")
            courses[enrolment.pk].lessons.append(lessons[place])
        lessons[place].reflections.append(
            KeptReflection(
                pk=reflection.pk,
                title=reflection.title,
                prompt=expand_db_html(reflection.prompt),
                prompt_as_text=as_text(reflection.prompt),
                text=reflection.text,
                saved_on=timezone.localdate(reflection.saved_at),
                is_in_cpd=reflection.is_in_cpd,
            )
        )
    return list(courses.values())


def as_text(html: str) -> str:
    """Reduce rich text to its words."""
    spaced = html.replace("</p>", "</p> ").replace("</li>", "</li> ").replace("<br/>", " ")
    return " ".join(unescape(strip_tags(spaced)).split())
