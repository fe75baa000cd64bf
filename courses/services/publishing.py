"""From pages to rows: what editors publish becomes what learners read.

Only publishing the course page makes a version. Publishing a module or lesson page changes the
wording that everybody sees.
"""

import datetime
import hashlib
import json
from typing import Any, TypeVar

from django.db import transaction
from django.utils.text import slugify

from courses.enums import CHOICE_KINDS, QuestionKind
from courses.models import (
    Assessment,
    AssessmentPage,
    Course,
    CoursePage,
    CourseVersion,
    FormerAddress,
    Lesson,
    LessonPage,
    Module,
    ModulePage,
    Question,
    QuestionRevision,
    Route,
    VersionLesson,
)

Row = TypeVar("Row", Module, Lesson)
QUESTION_BLOCKS = frozenset(QuestionKind.values)


@transaction.atomic
def publish_course(*, page: CoursePage, now: datetime.datetime) -> CourseVersion | None:
    """Bring the course's row up to date with its published page, and its outline with the tree.

    A new version is made when the outline changed: which lessons, in which order and module, and
    which routes with which rules. Returns the version now current; None while the course
    has no published lesson, when nobody can enrol yet.
    """
    course = page.course or Course(key=_free(Course.objects.all(), "key", page.slug))
    _take_address(course, page.slug)
    course.title = page.title
    course.summary = page.summary
    course.description = page.description
    course.audience_note = page.audience_note
    course.outcomes = [
        {"key": block.value["key"], "text": block.value["text"]} for block in page.outcomes
    ]
    course.is_published = page.live
    course.valid_months = page.valid_months
    course.save()
    course.audiences.set(page.audiences.all())
    course.prerequisites.set(
        need.needs for need in page.course_prerequisites.all() if need.needs_id != course.pk
    )
    if page.course_id != course.pk:
        _point(page, course=course)
    _publish_waiting_assessment(page, now)
    lessons = _published_lessons(page, now)
    routes = [route.rules for route in page.course_routes.order_by("kind", "pk")]
    if not lessons or not routes:
        return course.latest_version
    outline = _fingerprint(lessons, routes)
    if course.latest_version is None or course.latest_version.outline != outline:
        course.latest_version = _make_version(course, lessons, routes, outline, now)
        course.save(update_fields=["latest_version", "updated_at"])
    return course.latest_version


@transaction.atomic
def unpublish_course(*, page: CoursePage) -> None:
    """Take the course off the catalogue. People under way go on; nobody new can enrol."""
    if page.course_id is not None:
        Course.objects.filter(pk=page.course_id).update(is_published=False)


@transaction.atomic
def publish_module(*, page: ModulePage) -> Module | None:
    """Bring the module's row up to date with its page; None while its course has no row.

    A page that was moved here from another course gets a row of this one: the other's stays there.
    """
    course = CoursePage.objects.get(pk=page.get_parent().pk).course
    if course is None:
        return None
    module = _own(page.module, course) or Module(
        course=course, key=_free(Module.objects.filter(course=course), "key", page.slug)
    )
    module.title = page.title
    module.introduction = page.introduction
    module.content_note = page.content_note
    module.save()
    if page.module_id != module.pk:
        _point(page, module=module)
    return module


@transaction.atomic
def publish_lesson(*, page: LessonPage, now: datetime.datetime) -> Lesson | None:
    """Bring the lesson's row and its questions up to date with its page.

    A question whose wording or right answer changed gets a new revision; one that was taken out is
    no longer asked, and its answers stay. None while the course was never published. A page that
    was moved here from another course gets a lesson of this one, as `publish_module` says; one
    that comes back finds the lesson it was.
    """
    course = CoursePage.objects.get(pk=page.get_parent().get_parent().pk).course
    if course is None:
        return None
    lesson = (
        _own(page.lesson, course)
        or _once_there(page, course)
        or Lesson(course=course, key=_free(Lesson.objects.filter(course=course), "key", page.slug))
    )
    lesson.page_key = page.translation_key
    lesson.title = page.title
    lesson.minutes = page.minutes
    lesson.content_note = page.content_note
    lesson.body = page.body
    lesson.save()
    if page.lesson_id != lesson.pk:
        _point(page, lesson=lesson)
    _publish_questions({"lesson": lesson}, lesson.body, now)
    return lesson


def _own(row: Row | None, course: Course | None) -> Row | None:
    """Keep a row of this course only: what a page was in another one stays that one's."""
    return row if row is not None and course is not None and row.course_id == course.pk else None


def _once_there(page: LessonPage, course: Course) -> Lesson | None:
    """Find the lesson of this course that `page` was before it was moved away and back."""
    here = Lesson.objects.filter(course=course, page=None, page_key=page.translation_key)
    return here.order_by("pk").first()


@transaction.atomic
def publish_assessment(*, page: AssessmentPage, now: datetime.datetime) -> Assessment | None:
    """Bring the course's assessment and its bank up to date with its page.

    A course has one assessment: a page made after another was deleted goes on with the same row, so
    that nobody's attempts are lost. An attempt that is open keeps the questions and the wording it
    was drawn with. None while the course was never published.
    """
    course = CoursePage.objects.get(pk=page.get_parent().pk).course
    if course is None:
        return None
    assessment = Assessment.objects.filter(course=course).first() or Assessment(course=course)
    assessment.title = page.title
    for name in AssessmentPage.RULES:
        setattr(assessment, name, getattr(page, name))
    assessment.is_live = True
    assessment.save()
    if page.assessment_id != assessment.pk:
        AssessmentPage.objects.filter(assessment=assessment).update(assessment=None)
        _point(page, assessment=assessment)
    _publish_questions({"assessment": assessment}, page.bank, now)
    return assessment


@transaction.atomic
def unpublish_assessment(*, page: AssessmentPage) -> None:
    """Take the assessment down. Who is on a route that asks for it still takes it as it was."""
    if page.assessment_id is not None:
        Assessment.objects.filter(pk=page.assessment_id).update(is_live=False)


def _point(page: Any, **record: Any) -> None:
    """Let the page know its row, without making a revision of it."""
    type(page).objects.filter(pk=page.pk).update(**record)
    for name, value in record.items():
        setattr(page, name, value)


def _take_address(course: Course, slug: str) -> None:
    """Give the course the address of its page. The tree decides whose it is: others give way."""
    if course.slug == slug:
        return
    for other in Course.objects.filter(slug=slug).exclude(pk=course.pk):
        other.slug = _free(Course.objects.all(), "slug", slug)
        other.save(update_fields=["slug", "updated_at"])
    FormerAddress.objects.filter(slug=slug).delete()
    if course.pk is not None:
        FormerAddress.objects.create(slug=course.slug, course=course)
    course.slug = slug


def _free(rows: Any, field: str, wanted: str) -> str:
    base = slugify(wanted)[:70] or "item"
    name, number = base, 1
    while rows.filter(**{field: name}).exists():
        number += 1
        name = f"{base}-{number}"
    return name


def _published_lessons(page: CoursePage, now: datetime.datetime) -> list[tuple[Module, Lesson]]:
    found: list[tuple[Module, Lesson]] = []
    for module_page in ModulePage.objects.child_of(page).live().order_by("path"):
        module = _own(module_page.module, page.course) or publish_module(page=module_page)
        for lesson_page in LessonPage.objects.child_of(module_page).live().order_by("path"):
            lesson = _own(lesson_page.lesson, page.course) or publish_lesson(
                page=lesson_page, now=now
            )
            if module is not None and lesson is not None:
                found.append((module, lesson))
    return found


def _publish_waiting_assessment(page: CoursePage, now: datetime.datetime) -> None:
    """Publish the assessment whose page was published before the course had a row."""
    waiting = AssessmentPage.objects.child_of(page).live().filter(assessment=None).first()
    if waiting is not None:
        publish_assessment(page=waiting, now=now)


def _fingerprint(lessons: list[tuple[Module, Lesson]], routes: list[dict[str, Any]]) -> str:
    outline = {
        "lessons": [[str(module.public_id), str(lesson.public_id)] for module, lesson in lessons],
        "routes": routes,
    }
    return hashlib.sha256(json.dumps(outline, sort_keys=True).encode()).hexdigest()


def _make_version(
    course: Course,
    lessons: list[tuple[Module, Lesson]],
    routes: list[dict[str, Any]],
    outline: str,
    now: datetime.datetime,
) -> CourseVersion:
    last = course.versions.order_by("-number").first()
    version = CourseVersion.objects.create(
        course=course,
        number=last.number + 1 if last else 1,
        outline=outline,
        published_at=now,
    )
    VersionLesson.objects.bulk_create(
        VersionLesson(
            version=version,
            module=module,
            lesson=lesson,
            position=position,
            module_title=module.title,
            lesson_title=lesson.title,
        )
        for position, (module, lesson) in enumerate(lessons, start=1)
    )
    Route.objects.bulk_create(Route(version=version, **rules) for rules in routes)
    return version


def _publish_questions(
    owner: dict[str, Lesson] | dict[str, Assessment], stream: Any, now: datetime.datetime
) -> None:
    """Bring the questions of `owner`, a lesson or an assessment, up to date with its stream."""
    owned = Question.objects.filter(**owner)
    known = {question.block_id: question for question in owned.select_related("latest_revision")}
    asked = [block for block in stream if block.block_type in QUESTION_BLOCKS]
    for block in asked:
        question = known.get(block.id)
        if question is not None and question.kind != block.block_type:
            _set_aside(question)
            question = None
        question = question or Question(**owner, block_id=block.id)
        question.kind = block.block_type
        question.key = block.value["key"]
        question.is_live = True
        question.save()
        content = question_content(QuestionKind(block.block_type), block.value)
        latest = question.latest_revision
        if latest is None or latest.content != content:
            question.latest_revision = QuestionRevision.objects.create(
                question=question,
                number=latest.number + 1 if latest else 1,
                content=content,
                published_at=now,
            )
            question.save(update_fields=["latest_revision", "updated_at"])
    owned.filter(is_live=True).exclude(block_id__in=[block.id for block in asked]).update(
        is_live=False
    )


def _set_aside(question: Question) -> None:
    """Let a question that became one of another kind go, with its answers and its own kind.

    A course pack may give a key to a question of another kind. What was asked of anybody so far is
    still marked and shown as what it was; the new kind is a new question.
    """
    question.block_id = str(question.public_id)
    question.is_live = False
    question.save(update_fields=["block_id", "is_live", "updated_at"])


def question_content(kind: QuestionKind, value: Any) -> dict[str, Any]:
    """Turn a question's block into the content its revision keeps (see QuestionRevision)."""
    content: dict[str, Any] = {"stem": value["stem"].source, "outcome": value["outcome"]}
    if kind in CHOICE_KINDS:
        content["choices"] = [
            {
                "id": item.id,
                "text": item.value["text"],
                "correct": bool(item.value["correct"]),
                "explanation": item.value["explanation"].source,
            }
            for item in value["choices"].bound_blocks
        ]
    elif kind == QuestionKind.SCENARIO:
        content["title"] = value["title"]
        content["situation"] = value["situation"].source
        content["choices"] = [
            {
                "id": item.id,
                "text": item.value["text"],
                "verdict": item.value["verdict"],
                "explanation": item.value["outcome"].source,
            }
            for item in value["choices"].bound_blocks
        ]
    elif kind == QuestionKind.BRANCHING:
        content["title"] = value["title"]
        content["steps"] = [_step(step) for step in value["steps"]]
    elif kind == QuestionKind.MATCH:
        content["pairs"] = [
            {"id": item.id, "prompt": item.value["prompt"], "match": item.value["match"]}
            for item in value["pairs"].bound_blocks
        ]
        content["explanation"] = value["explanation"].source
    elif kind == QuestionKind.ORDER:
        content["items"] = [{"id": i.id, "text": i.value} for i in value["items"].bound_blocks]
        content["explanation"] = value["explanation"].source
    else:
        content["accepted"] = list(value["accepted"])
        content["model_answer"] = value["model_answer"]
        content["explanation"] = value["explanation"].source
    return content


def _step(step: Any) -> dict[str, Any]:
    return {
        "key": step["key"],
        "situation": step["situation"].source,
        "question": step["question"],
        "choices": [
            {
                "id": item.id,
                "text": item.value["text"],
                "verdict": item.value["verdict"],
                "explanation": item.value["outcome"].source,
                "leads_to": item.value["leads_to"],
            }
            for item in step["choices"].bound_blocks
        ],
    }
