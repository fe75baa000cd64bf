"""The figures of a course for who works on in a spreadsheet."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from courses.queries.figures import CourseFigures, Sums
from lms.core.tables import write_csv


def course_figures_csv(figures: CourseFigures) -> bytes:
    """Write a line for each group, month and lesson; what is not told is empty."""
    header = [
        _("What"),
        _("Which"),
        _("Enrolled or began"),
        _("Under way"),
        _("Finished"),
        _("Left"),
        _("Stopped here"),
    ]
    return write_csv(header, _rows(figures))


def _told(*counts: int | None) -> list[str]:
    return ["" if count is None else str(count) for count in counts]


def _sums(sums: Sums) -> list[str]:
    return [*_told(sums.enrolled, sums.under_way, sums.finished, sums.left), ""]


def _rows(figures: CourseFigures) -> Iterator[list[str]]:
    yield [_("Everybody"), "", *_sums(figures.total)]
    for group in figures.routes:
        yield [_("Way of taking it"), group.label, *_sums(group.sums)]
    for group in figures.versions:
        yield [_("Version"), group.label, *_sums(group.sums)]
    for month in figures.months:
        yield [_("Month"), month.label, *_told(month.began), "", *_told(month.finished), "", ""]
    for lesson in figures.lessons:
        counts = _told(lesson.finished, None, lesson.stopped)
        yield [_("Lesson"), lesson.title, *_told(lesson.began), "", *counts]
