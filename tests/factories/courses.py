import datetime

import factory
from factory.django import DjangoModelFactory

from courses.enums import CorrectionKind, FactKind, QuestionKind, RouteKind
from courses.models import (
    Answer,
    Assessment,
    Attempt,
    AttemptQuestion,
    Completion,
    Correction,
    Course,
    CourseVersion,
    Enrolment,
    Fact,
    Lesson,
    LessonProgress,
    Module,
    Question,
    QuestionRevision,
    Route,
    SessionCredit,
    VersionLesson,
)
from tests.factories.accounts import UserFactory

NOW = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=datetime.UTC)


class CourseFactory(DjangoModelFactory):
    """A published course without a version; `RouteFactory` and `make_course` make one."""

    class Meta:
        model = Course

    key = factory.Sequence(lambda n: f"course-{n}")
    slug = factory.SelfAttribute("key")
    title = factory.Sequence(lambda n: f"Course {n}")
    summary = "What it is about."
    outcomes = [{"key": "one", "text": "Say one thing"}, {"key": "two", "text": "Do another"}]
    is_published = True


class CourseVersionFactory(DjangoModelFactory):
    class Meta:
        model = CourseVersion

    course = factory.SubFactory(CourseFactory)
    number = 1
    outline = factory.Sequence(lambda n: f"{n:064d}")
    published_at = NOW


class RouteFactory(DjangoModelFactory):
    class Meta:
        model = Route

    version = factory.SubFactory(CourseVersionFactory)
    kind = RouteKind.ONLINE
    cpd_minutes = 40


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = Module

    course = factory.SubFactory(CourseFactory)
    key = factory.Sequence(lambda n: f"module-{n}")
    title = factory.Sequence(lambda n: f"Module {n}")


class LessonFactory(DjangoModelFactory):
    class Meta:
        model = Lesson

    course = factory.SubFactory(CourseFactory)
    key = factory.Sequence(lambda n: f"lesson-{n}")
    title = factory.Sequence(lambda n: f"Lesson {n}")
    minutes = 5
    body = [("text", "<p>Something to read.</p>")]


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    lesson = factory.SubFactory(LessonFactory)
    block_id = factory.Faker("uuid4")
    kind = QuestionKind.SINGLE


class QuestionRevisionFactory(DjangoModelFactory):
    class Meta:
        model = QuestionRevision

    question = factory.SubFactory(QuestionFactory)
    number = 1
    content = {"stem": "<p>Which?</p>", "outcome": "one", "choices": []}
    published_at = NOW


def make_course(*, lessons: int = 2, lesson_body=None, **fields) -> Course:
    """Make a course that people can enrol on: one module, so many lessons, the online route."""
    course = CourseFactory(**fields)
    version = CourseVersionFactory(course=course)
    RouteFactory(version=version)
    module = ModuleFactory(course=course)
    for position in range(1, lessons + 1):
        extra = {"body": lesson_body} if lesson_body is not None else {}
        VersionLesson.objects.create(
            version=version,
            module=module,
            lesson=LessonFactory(course=course, **extra),
            position=position,
        )
    course.latest_version = version
    course.save()
    return course


class EnrolmentFactory(DjangoModelFactory):
    """An enrolment on the online route of a course of two lessons, unless told otherwise."""

    class Meta:
        model = Enrolment

    user = factory.SubFactory(UserFactory)
    course = factory.LazyFunction(make_course)
    version = factory.LazyAttribute(lambda o: o.course.latest_version)
    route = factory.LazyAttribute(lambda o: o.version.routes.get(kind=RouteKind.ONLINE))
    started_at = NOW


class LessonProgressFactory(DjangoModelFactory):
    class Meta:
        model = LessonProgress

    enrolment = factory.SubFactory(EnrolmentFactory)
    lesson = factory.LazyAttribute(
        lambda o: o.enrolment.version.version_lessons.order_by("position").first().lesson
    )
    started_at = NOW


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    enrolment = factory.SubFactory(EnrolmentFactory)
    revision = factory.SubFactory(QuestionRevisionFactory)
    question = factory.SelfAttribute("revision.question")
    attempt = 1
    response = {"choices": []}
    answered_at = NOW


class CompletionFactory(DjangoModelFactory):
    """A completion as a row only; no signal is sent, so no award follows."""

    class Meta:
        model = Completion

    user = factory.SubFactory(UserFactory)
    enrolment = factory.SubFactory(
        EnrolmentFactory, user=factory.SelfAttribute("..user"), completed_at=NOW
    )
    course = factory.SelfAttribute("enrolment.course")
    version = factory.SelfAttribute("enrolment.version")
    route = factory.SelfAttribute("enrolment.route")
    route_kind = factory.SelfAttribute("route.kind")
    course_title = factory.SelfAttribute("course.title")
    version_number = factory.SelfAttribute("version.number")
    outcomes = factory.LazyAttribute(lambda o: [x["text"] for x in o.course.outcomes])
    cpd_minutes = factory.SelfAttribute("route.cpd_minutes")
    completed_at = NOW


class FactFactory(DjangoModelFactory):
    """An entry of the register, checked on 1 November 2026 and good until 1 March 2027."""

    class Meta:
        model = Fact

    key = factory.Sequence(lambda n: f"fact-{n}")
    title = factory.Sequence(lambda n: f"Fact {n}")
    kind = FactKind.HELPLINE
    text = "<p>Open on weekdays.</p>"
    source = "The helpline's own page"
    url = "https://example.org/helpline"
    checked_on = datetime.date(2026, 11, 1)
    review_on = datetime.date(2027, 3, 1)


class AssessmentFactory(DjangoModelFactory):
    class Meta:
        model = Assessment

    course = factory.LazyFunction(make_course)
    title = "Assessment"
    draw_count = 2
    pass_mark = 75
    is_live = True


class AttemptFactory(DjangoModelFactory):
    """An attempt that is open, with nothing drawn."""

    class Meta:
        model = Attempt

    enrolment = factory.SubFactory(EnrolmentFactory)
    assessment = factory.LazyAttribute(
        lambda o: (
            Assessment.objects.filter(course=o.enrolment.course).first()
            or AssessmentFactory(course=o.enrolment.course)
        )
    )
    number = factory.LazyAttribute(lambda o: o.enrolment.attempts.count() + 1)
    pass_mark = 75
    started_at = NOW
    out_of = 2


class MarkedAttemptFactory(AttemptFactory):
    """An attempt that was handed in and passed, unless told otherwise."""

    submitted_at = NOW
    right = 10
    out_of = 12
    is_passed = True


class AttemptQuestionFactory(DjangoModelFactory):
    class Meta:
        model = AttemptQuestion

    attempt = factory.SubFactory(AttemptFactory)
    question = factory.SubFactory(
        QuestionFactory, lesson=None, assessment=factory.SelfAttribute("..attempt.assessment")
    )
    revision = factory.SubFactory(
        QuestionRevisionFactory, question=factory.SelfAttribute("..question")
    )
    position = 1


def choices_of(*, right: str = "a", among: str = "abcd") -> list[dict]:
    """Choices called by a letter, of which one is right."""
    return [
        {
            "id": letter,
            "text": f"Choice {letter}",
            "correct": letter == right,
            "explanation": f"<p>About {letter}.</p>",
        }
        for letter in among
    ]


def make_assessment(
    *, outcomes: str = "one one one two two two", course: Course | None = None, **fields
) -> Assessment:
    """Make an assessment whose bank has a question for each word of `outcomes`; a is right."""
    course = course or make_course()
    course.latest_version.routes.update(requires_assessment=True)
    assessment = AssessmentFactory(course=course, **fields)
    for number, outcome in enumerate(outcomes.split(), start=1):
        question = QuestionFactory(lesson=None, assessment=assessment)
        question.latest_revision = QuestionRevisionFactory(
            question=question,
            content={
                "stem": f"<p>Question {number}?</p>",
                "outcome": outcome,
                "choices": choices_of(),
            },
        )
        question.save()
    return assessment


class SessionCreditFactory(DjangoModelFactory):
    class Meta:
        model = SessionCredit

    enrolment = factory.SubFactory(EnrolmentFactory)
    source = factory.Sequence(lambda n: f"register-{n}")
    title = "A day in Bristol"
    held_on = NOW.date()
    minutes = 120
    of_minutes = 120


class CorrectionFactory(DjangoModelFactory):
    class Meta:
        model = Correction

    enrolment = factory.SubFactory(EnrolmentFactory)
    kind = CorrectionKind.ATTENDANCE_COUNTED
    reason = "The register was lost."
    made_by = factory.SubFactory(UserFactory)
    made_at = NOW


def make_next_version(course: Course, *, keep: int = 99, add: int = 1, **rules) -> CourseVersion:
    """Make the next version of `course`: its first `keep` lessons, and `add` new ones after them.

    Its routes are those of the version before, with `rules` changed.
    """
    before = course.latest_version
    version = CourseVersionFactory(course=course, number=before.number + 1)
    steps = list(before.version_lessons.order_by("position"))
    module = steps[0].module
    lessons = [step.lesson for step in steps[:keep]]
    lessons += [LessonFactory(course=course) for _ in range(add)]
    for position, lesson in enumerate(lessons, start=1):
        VersionLesson.objects.create(
            version=version, module=module, lesson=lesson, position=position
        )
    for route in before.routes.all():
        RouteFactory(version=version, **(route.rules | rules))
    course.latest_version = version
    course.save()
    return version
