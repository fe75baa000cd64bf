"""The same invented people and courses every time, written in bulk.

At scale 1: 3 courses of 10 lessons with 2 questions each, 30 people with 60 enrolments, 30 of them
completed with award, notice and audit entries. At 10 and 100 times there are that many more
people, and 10 and 30 courses. Who is measured (`Cast`) has the same records at each scale.
"""

import datetime
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.enums import OrganisationKind, Role
from accounts.models import Area, AuditEntry, Membership, Organisation, User
from accounts.services import grant_role
from certificates.models import Award, CertificateDesign
from courses.enums import QuestionKind, RouteKind
from courses.models import (
    Answer,
    Completion,
    Course,
    CourseVersion,
    Enrolment,
    Lesson,
    LessonProgress,
    Module,
    Question,
    QuestionRevision,
    Route,
    VersionLesson,
)
from lms.pages.services import set_up_site
from notifications.enums import NoticeState
from notifications.models import Notice

NOW = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=datetime.UTC)
PEOPLE, COURSES = 30, {1: 3, 10: 10, 100: 30}
CLASS_SIZE = 64
_BATCH = 1000
_PARAGRAPH = (
    "<p>When somebody is sent to prison, the people at home are left with <b>questions</b> that "
    "come all at once. Where will he go tonight? Who collects the children? How is the rent to be "
    "paid? Many tell nobody, and most services never ask.</p>"
)


@dataclass(frozen=True)
class CourseData:
    """A course with what enrolling on it in bulk needs."""

    course: Course
    version: CourseVersion
    route: Route
    lessons: list[Lesson]
    questions: list[list[Question]]  # by lesson


@dataclass(frozen=True)
class Cast:
    """Who is measured. The reader takes two courses and the two long ones, and completed one."""

    reader: User
    course: CourseData
    long: CourseData
    longest: CourseData
    award: Award


def load_cast() -> Cast:
    """Set the site up and load who is measured, on an empty database."""
    set_up_site(hostname="localhost", port=80, now=NOW)
    courses = [make_course(number, lessons=10) for number in range(COURSES[1])]
    long = make_course(900, lessons=100)
    longest = make_course(901, lessons=1000)
    reader = make_people("reader", 1)[0]
    for data in (*courses[:2], long, longest):
        enrol_all([reader], data, finished=len(data.lessons) * 2 // 5)
    enrol_all([reader], courses[2], finished=10)
    return Cast(reader, courses[0], long, longest, Award.objects.get(user=reader))


def grow(cast: Cast, scale: int) -> None:
    """Add people and courses until there are `scale` times as many as at the beginning."""
    there = Course.objects.filter(lessons__key="lesson-9").exclude(lessons__key="lesson-10")
    for number in range(there.count(), COURSES[scale]):
        make_course(number, lessons=10)
    courses = [course_data(course) for course in there.order_by("pk")]
    first = User.objects.filter(email__startswith="person-").count()
    people = make_people("person", PEOPLE * scale - first, first=first)
    for number, data in enumerate(courses):
        enrol_all(people[number :: len(courses)], data, finished=10)
        enrol_all(people[number - 1 :: len(courses)], data, finished=4)


def make_people(name: str, count: int, *, first: int = 0) -> list[User]:
    """Make people called `name`, ten to an organisation. Nobody can sign in by a password."""
    area, _ = Area.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    numbers = range(first, first + count)
    organisations = Organisation.objects.bulk_create(
        Organisation(
            name=f"School {name}-{number}",
            kind=OrganisationKind.SCHOOL,
            area=area,
            public_id=make_id("school", name, number),
        )
        for number in numbers[::10]
    )
    people = User.objects.bulk_create(
        [
            User(
                email=f"{name}-{number}@example.org",
                full_name=f"Person Number {number}",
                public_id=make_id(name, number),
                password="!",  # noqa: S106 - unusable
            )
            for number in numbers
        ],
        batch_size=_BATCH,
    )
    Membership.objects.bulk_create(
        [
            Membership(user=user, organisation=organisations[n // 10], starts_on=NOW.date())
            for n, user in enumerate(people)
        ],
        batch_size=_BATCH,
    )
    return people


def make_editor() -> User:
    """Find or make somebody who edits courses."""
    editor = User.objects.filter(email="editor-0@example.org").first()
    if editor is None:
        (editor,) = make_people("editor", 1)
        grant_role(user=editor, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
    return editor


def make_course(number: int, *, lessons: int) -> CourseData:
    """Make a published course with one version, one route, and five or more lessons a module."""
    key = f"course-{number}"
    course = Course.objects.create(
        key=key,
        slug=key,
        title=f"Course {number:03d}",
        summary="What it is about, in a sentence that everybody understands.",
        outcomes=[{"key": f"o{n}", "text": f"Say the thing of number {n}"} for n in range(5)],
        is_published=True,
        public_id=make_id(key),
    )
    version = CourseVersion.objects.create(
        course=course, number=1, outline=f"{number:064d}", published_at=NOW
    )
    Route.objects.create(version=version, kind=RouteKind.ONLINE, cpd_minutes=40)
    per_module = max(5, lessons // 20)
    modules = Module.objects.bulk_create(
        Module(
            course=course,
            key=f"module-{n}",
            title=f"Module {n}",
            introduction=_PARAGRAPH,
            content_note="It tells of a child who sees a parent taken away.",
            public_id=make_id(key, "module", n),
        )
        for n in range(lessons // per_module)
    )
    made = Lesson.objects.bulk_create(
        Lesson(
            course=course,
            key=f"lesson-{n}",
            title=f"What lesson {n} is about",
            minutes=5,
            body=json.dumps(_body(key, n)),
            public_id=make_id(key, "lesson", n),
        )
        for n in range(lessons)
    )
    VersionLesson.objects.bulk_create(
        VersionLesson(
            version=version, module=modules[n // per_module], lesson=lesson, position=n + 1
        )
        for n, lesson in enumerate(made)
    )
    _make_questions(key, made)
    course.latest_version = version
    course.save()
    return course_data(course)


def course_data(course: Course) -> CourseData:
    """Look a course up with what enrolling on it needs."""
    version = course.versions.get()
    lessons = list(Lesson.objects.filter(course=course).defer("body").order_by("pk"))
    questions: dict[int, list[Question]] = {lesson.pk: [] for lesson in lessons}
    for question in Question.objects.filter(lesson__course=course).order_by("pk"):
        if question.lesson_id is not None:
            questions[question.lesson_id].append(question)
    return CourseData(course, version, version.routes.get(), lessons, list(questions.values()))


def _make_questions(key: str, lessons: Sequence[Lesson]) -> None:
    questions = Question.objects.bulk_create(
        Question(
            lesson=lesson,
            block_id=str(make_id(key, n, kind)),
            kind=kind,
            public_id=make_id(key, "question", n, kind),
        )
        for n, lesson in enumerate(lessons)
        for kind in (QuestionKind.SINGLE, QuestionKind.SEVERAL)
    )
    revisions = QuestionRevision.objects.bulk_create(
        QuestionRevision(
            question=question,
            number=1,
            content={"stem": "<p>Which of these?</p>", "outcome": "o1", "choices": make_choices()},
            published_at=NOW,
        )
        for question in questions
    )
    for question, revision in zip(questions, revisions, strict=True):
        question.latest_revision = revision
    Question.objects.bulk_update(questions, ["latest_revision"], batch_size=_BATCH)


def make_choices() -> list[dict[str, Any]]:
    """Four choices; the first is right."""
    return [
        {
            "id": choice,
            "text": f"It is {choice}",
            "correct": choice == "a",
            "explanation": "<p>So.</p>",
        }
        for choice in "abcd"
    ]


def _body(key: str, number: int) -> list[dict[str, Any]]:
    """Six blocks of what lessons are made of: text, a fact, two questions, a support box."""
    fact = {
        "text": _PARAGRAPH,
        "source": "A department, its yearly figures, 2025",
        "url": "https://example.org/figures",
        "checked_on": "2026-11-22",
        "limits": "It counts those who told somebody.",
    }
    question = {
        "key": "",
        "outcome": "o1",
        "stem": "<p>Which of these?</p>",
        "choices": [
            {"type": "item", "id": choice.pop("id"), "value": choice} for choice in make_choices()
        ],
    }
    blocks: list[tuple[str, Any]] = [
        ("text", f"<h2>What happens</h2>{_PARAGRAPH * 4}"),
        ("fact", fact),
        (QuestionKind.SINGLE, question),
        ("text", f"<h2>What you can do</h2>{_PARAGRAPH * 4}"),
        (QuestionKind.SEVERAL, question),
        ("support", {"title": "If this is close to home", "text": _PARAGRAPH}),
    ]
    return [
        {"type": str(kind), "value": value, "id": str(make_id(key, number, kind))}
        for kind, value in blocks
    ]


def enrol_all(
    people: Sequence[User], data: CourseData, *, finished: int, answered: int = 0
) -> list[Enrolment]:
    """Enrol `people`: each finished so many lessons, and answered those and `answered` more.

    Who finished all of them has completed the course.
    """
    is_complete = finished == len(data.lessons)
    last = None if is_complete else data.lessons[finished]
    enrolments = Enrolment.objects.bulk_create(
        [
            Enrolment(
                user=user,
                course=data.course,
                version=data.version,
                route=data.route,
                started_at=NOW,
                completed_at=NOW if is_complete else None,
                last_lesson=last,
                public_id=make_id("enrolment", user.email, data.course.key),
            )
            for user in people
        ],
        batch_size=_BATCH,
    )
    begun = data.lessons[: finished + 1]
    LessonProgress.objects.bulk_create(
        [
            LessonProgress(
                enrolment=enrolment,
                lesson=lesson,
                started_at=NOW,
                finished_at=None if lesson is last else NOW,
            )
            for enrolment in enrolments
            for lesson in begun
        ],
        batch_size=_BATCH,
    )
    Answer.objects.bulk_create(
        [
            Answer(
                enrolment=enrolment,
                question=question,
                revision_id=question.latest_revision_id,
                attempt=1,
                response={"choices": ["a"]},
                is_correct=True,
                answered_at=NOW,
            )
            for enrolment in enrolments
            for questions in data.questions[: finished + answered]
            for question in questions
            if question.latest_revision_id is not None
        ],
        batch_size=_BATCH,
    )
    if is_complete:
        _complete_all(enrolments, data)
    return enrolments


def _complete_all(enrolments: Sequence[Enrolment], data: CourseData) -> None:
    """Write what completing leaves behind: completion, award with its PDF, notice, audit."""
    design = CertificateDesign.objects.get(is_default=True)
    outcomes = [outcome["text"] for outcome in data.course.outcomes]
    completions = Completion.objects.bulk_create(
        [
            Completion(
                enrolment=enrolment,
                user=enrolment.user,
                course=data.course,
                version=data.version,
                route=data.route,
                route_kind=data.route.kind,
                course_title=data.course.title,
                version_number=data.version.number,
                outcomes=outcomes,
                cpd_minutes=data.route.cpd_minutes,
                completed_at=NOW,
                public_id=make_id("completion", enrolment.public_id),
            )
            for enrolment in enrolments
        ],
        batch_size=_BATCH,
    )
    awards = Award.objects.bulk_create(
        [
            Award(
                completion=completion,
                code=f"{completion.pk:012d}",
                user=completion.user,
                design=design,
                holder_name=completion.user.full_name,
                course_title=completion.course_title,
                version_number=completion.version_number,
                route_kind=completion.route_kind,
                outcomes=outcomes,
                cpd_minutes=completion.cpd_minutes,
                completed_on=NOW.date(),
                issuer=design.issuer,
                awarded_at=NOW,
                render_due_at=NOW,
                rendered_at=NOW,
                file_name="bench.pdf",
                sha256="0" * 64,
                public_id=make_id("award", completion.public_id),
            )
            for completion in completions
        ],
        batch_size=_BATCH,
    )
    Notice.objects.bulk_create(
        [
            Notice(
                dedupe_key=f"certificate-ready-{award.public_id}",
                kind="certificates.certificate_ready",
                recipient=award.user,
                address=award.user.email,
                context={"award": award.pk},
                state=NoticeState.SENT,
                due_at=NOW,
                sent_at=NOW,
            )
            for award in awards
        ],
        batch_size=_BATCH,
    )
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                action=action, target_type="certificates.award", target_id=str(award.pk), at=NOW
            )
            for award in awards
            for action in ("award.issued", "award.rendered")
        ],
        batch_size=_BATCH,
    )


def make_id(*parts: object) -> uuid.UUID:
    """Make the same id of the same parts every time."""
    return uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, parts)))
