"""What people take away, as text."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.queries import ReflectedCourse


def reflections_as_text(courses: list[ReflectedCourse], *, on: datetime.date) -> str:
    """Write a person's reflections as plain text that every computer opens."""
    parts = [_("My reflections"), _("Taken on %(day)s") % {"day": _day(on)}]
    for course in courses:
        parts.append(f"{course.title}\n{'=' * len(course.title)}")
        for lesson in course.lessons:
            parts.append(f"{lesson.title}\n{'-' * len(lesson.title)}")
            for kept in lesson.reflections:
                saved = _("Saved on %(day)s") % {"day": _day(kept.saved_on)}
                parts.append(f"{kept.title}\n{kept.prompt_as_text}")
                parts.append(f"{kept.text}\n({saved})")
    # A beginning that tells spreadsheets and old editors that this is UTF-8, and their line ends.
    return "\ufeff" + ("\n\n".join(parts) + "\n").replace("\n", "\r\n")


def _day(day: datetime.date) -> str:
    return date_format(day, "DATE_FORMAT")
