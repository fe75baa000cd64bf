"""Searching the catalogue: which courses are found by some words, and in which of their lessons."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.search.backends import get_search_backend
from wagtail.search.query import And, Or, PlainText, SearchQuery

from accounts.models import User
from courses.models import Course, Enrolment, Lesson, VersionLesson
from courses.models.finding import lesson_sentences, words_to_find

MAX_ASKED = 10
MAX_HITS = 500
LESSONS_SHOWN = 3
AROUND = 14  # words of an excerpt on either side of the first one found

# Too common to tell one course from another.
_COMMON = """
    a about all an and are as at be by can do does for from had has have how i if in into is it its
    me my no not of on or our s so that the their them there they this to was we were what when
    where which who why will with you your
"""
COMMON = frozenset(_COMMON.split())
_ENDINGS = (("ies", 3), ("ing", 4), ("ed", 4), ("es", 4), ("s", 3), ("e", 5), ("y", 4))
_ODD = {"children": "child", "people": "peopl", "women": "wom", "men": "men"}


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody looks for: the beginnings of words, as far as they tell anything."""

    beginnings: tuple[str, ...] = ()
    is_cut: bool = False  # more words were sent than are looked for
    is_too_common: bool = False  # words were sent, and none of them tells anything

    def __bool__(self) -> bool:
        return bool(self.beginnings)


def read_words(text: str) -> Words:
    """Read what somebody typed. Every text is good: signs are left out, and so are common words."""
    typed = words_to_find(text)
    telling = [word for word in dict.fromkeys(typed) if word not in COMMON]
    beginnings = tuple(dict.fromkeys(beginning_of(word) for word in telling[:MAX_ASKED]))
    return Words(beginnings, len(telling) > MAX_ASKED, bool(text.strip()) and not telling)


def beginning_of(word: str) -> str:
    """Take a usual ending off `word`, so that 'families' finds 'family' and 'visiting' 'visits'."""
    if word in _ODD:
        return _ODD[word]
    if word.endswith("ss"):
        return word
    for ending, left in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= left:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True)
class FoundLesson:
    title: SafeString
    excerpt: SafeString
    url: str  # empty for somebody who is not enrolled


@dataclass
class FoundCourse:
    """Where in a course the words stand. `rank`: 0 in its title, 1 beside it, 2 in lessons."""

    rank: int = 2
    lessons: list[FoundLesson] = field(default_factory=list)
    more: int = 0  # lessons that are not shown


@dataclass(frozen=True, slots=True)
class Found:
    courses: dict[int, FoundCourse]  # by the key of the course, the best first
    has_all: bool = True  # False: each has only some of the words


def find_courses(words: Words, version_of: dict[int, int], viewer: User | None) -> Found:
    """Find the courses of `version_of` (course → its latest version) that have `words`.

    A course's title comes before its summary and outcomes, and these before its lessons. Where no
    row has all the words, those with some of them are found. As many queries for any number.
    """
    operators: tuple[Any, ...] = (And, Or) if len(words.beginnings) > 1 else (And,)
    for operator in operators:
        courses, lessons = _hits(words, version_of, operator)
        if courses or lessons:
            return Found(_ranked(words, courses, lessons, viewer), has_all=operator is And)
    return Found({}, has_all=True)


def _hits(
    words: Words, version_of: dict[int, int], operator: Any
) -> tuple[list[Course], list[tuple[int, int]]]:
    """Search both kinds of row; lessons as (course, lesson), only those of the versions."""
    terms: list[SearchQuery] = [PlainText(word) for word in words.beginnings]
    query = terms[0] if len(terms) == 1 else operator(terms)
    courses = [
        course
        for course in _searched(query, Course.objects.only("pk", "title"))
        if course.pk in version_of
    ]
    found = [lesson.pk for lesson in _searched(query, Lesson.objects.only("pk"))]
    asked_for = VersionLesson.objects.filter(version__in=version_of.values(), lesson__in=found)
    course_of = dict(asked_for.values_list("lesson", "version__course"))
    return courses, [(course_of[pk], pk) for pk in found if pk in course_of]


def _searched(query: SearchQuery, rows: QuerySet[Any]) -> Iterable[Any]:
    return get_search_backend().autocomplete(query, rows)[:MAX_HITS]


def _ranked(
    words: Words, courses: Sequence[Course], lessons: list[tuple[int, int]], viewer: User | None
) -> dict[int, FoundCourse]:
    found: dict[int, FoundCourse] = {}
    for course in courses:
        is_titled = all(
            any(each.startswith(word) for each in words_to_find(course.title))
            for word in words.beginnings
        )
        found[course.pk] = FoundCourse(rank=0 if is_titled else 1)
    of_course: dict[int, list[int]] = defaultdict(list)
    for course_id, lesson_id in lessons:
        of_course[course_id].append(lesson_id)
    shown = [pk for each in of_course.values() for pk in each[:LESSONS_SHOWN]]
    told = _told(words, shown, viewer)
    for course_id, lesson_ids in of_course.items():
        place = found.setdefault(course_id, FoundCourse())
        place.lessons = [told[pk] for pk in lesson_ids[:LESSONS_SHOWN]]
        place.more = len(lesson_ids[LESSONS_SHOWN:])
    return dict(sorted(found.items(), key=lambda item: item[1].rank))  # stable: best hits first


def _told(words: Words, lesson_ids: list[int], viewer: User | None) -> dict[int, FoundLesson]:
    lessons = list(Lesson.objects.filter(pk__in=lesson_ids).select_related("course"))
    sentences = lesson_sentences({lesson.pk: lesson.body for lesson in lessons})
    mine: set[int] = set()
    if viewer is not None:
        taken = Enrolment.objects.filter(user=viewer, withdrawn_at__isnull=True)
        mine = set(taken.values_list("course", flat=True))
    return {
        lesson.pk: FoundLesson(
            title=marked(lesson.title, words),
            excerpt=excerpt(" ".join(sentences[lesson.pk]), words),
            url=reverse("courses:lesson", args=[lesson.course.slug, lesson.public_id])
            if lesson.course_id in mine
            else "",
        )
        for lesson in lessons
    }


_WORD = re.compile(r"[^\W_]+")


def _is_found(word: str, words: Words) -> bool:
    return any(part.startswith(begin) for part in words_to_find(word) for begin in words.beginnings)


def marked(text: str, words: Words) -> SafeString:
    """Write `text` safely as HTML, with the words that were found marked."""
    pieces: list[str] = []
    done = 0
    for match in _WORD.finditer(text):
        if _is_found(match.group(), words):
            pieces += [conditional_escape(text[done : match.start()])]
            pieces += [f"<mark>{conditional_escape(match.group())}</mark>"]
            done = match.end()
    pieces.append(conditional_escape(text[done:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped above


def excerpt(text: str, words: Words) -> SafeString:
    """Cut the words around the first one found out of `text`; its beginning where none is."""
    parts = text.split()
    first = next((i for i, part in enumerate(parts) if _is_found(part, words)), 0)
    start, end = max(0, first - AROUND), min(len(parts), first + AROUND + 1)
    cut = " ".join(parts[start:end])
    if len(cut) > 400:  # words without an end are no words
        cut = cut[:400]
    before, after = "… " if start else "", " …" if end < len(parts) else ""
    return marked(f"{before}{cut}{after}", words)
