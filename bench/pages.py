"""The pages and forms that are measured, each through the whole WSGI application."""

from collections.abc import Callable
from itertools import count

from django.urls import reverse

from accounts.models import User
from bench.data import NOW, Cast, CourseData, enrol_all, make_editor, make_people
from bench.measure import Work
from bench.urls import NOTHING
from bench.visitor import Visitor
from certificates.pdf import certificate_pdf
from certificates.queries import facts_of, pictures_of
from courses.models import Answer, Attempt, Lesson, LessonProgress, Question

_finishers = count()


def works(cast: Cast) -> list[Work]:
    """List what is measured, reads before writes. A write is undone, untimed, before its next."""
    anybody, reader = Visitor(), Visitor(cast.reader)

    def page(name: str, path: str, visitor: Visitor = reader) -> Work:
        return Work(name, lambda _: visitor.get(path))

    first_lesson = cast.course.lessons[0]
    code_path = reverse("certificates:verify-code", args=[cast.award.code])
    return [
        page("a page of nothing", f"/{NOTHING}"),
        page("home", "/", anybody),
        page("catalogue", reverse("courses:catalogue"), anybody),
        page("course page, 10 lessons", cast.course.course.get_absolute_url()),
        page("course page, 100 lessons", cast.long.course.get_absolute_url()),
        page("course page, 1,000 lessons", cast.longest.course.get_absolute_url()),
        page("lesson page", lesson_url("courses:lesson", cast.course, first_lesson)),
        Work("answer", lambda _: _answer(cast, reader)),
        Work("finish a lesson", lambda _: _finish(cast, cast.course, reader)),
        Work("finish a lesson of 1,000", lambda _: _finish(cast, cast.longest, reader)),
        Work("finish the course: completion, award", lambda _: _complete(cast)),
        page("my learning", reverse("courses:my-learning")),
        page("check a certificate", code_path, anybody),
        page("my certificates", reverse("certificates:mine")),
        Work("certificate PDF", lambda _: lambda: _draw(cast)),
    ]


def assessment_works(reader: User, data: CourseData, attempt: Attempt) -> list[Work]:
    """List what is measured of an assessment that many have taken."""
    learner, editor = Visitor(reader), Visitor(make_editor())
    slug, course = data.course.slug, data.course
    urls = {
        name: reverse(f"courses:{name}", args=[slug, attempt.public_id, *more])
        for name, *more in [("attempt-question", 1), ("attempt-hand-in",), ("attempt",)]
    }

    def hand_in() -> Callable[[], None]:
        _hand_in(attempt, is_in=False)
        return learner.post(urls["attempt-hand-in"], "")

    def save() -> Callable[[], None]:
        _hand_in(attempt, is_in=False)
        return learner.post(urls["attempt-question"], "choice=a&go=on")

    def results() -> Callable[[], None]:
        _hand_in(attempt, is_in=True)
        return learner.get(urls["attempt"])

    figures = reverse("courses:question-statistics", args=[course.slug])
    return [
        Work("assessment: a question saved", lambda _: save()),
        Work("assessment: handed in", lambda _: hand_in()),
        Work("assessment: results", lambda _: results()),
        Work("assessment: figures of its questions", lambda _: editor.get(figures)),
    ]


def _hand_in(attempt: Attempt, *, is_in: bool) -> None:
    """Let the reader's attempt be handed in, or open again."""
    Attempt.objects.filter(pk=attempt.pk).update(
        submitted_at=NOW if is_in else None,
        right=6 if is_in else None,
        is_passed=False if is_in else None,
    )
    attempt.drawn.update(is_correct=False if is_in else None)


def lesson_url(name: str, data: CourseData, lesson: Lesson) -> str:
    return reverse(name, args=[data.course.slug, lesson.public_id])


def answer_url(data: CourseData, question: Question, lesson: Lesson) -> str:
    return reverse("courses:answer", args=[data.course.slug, lesson.public_id, question.public_id])


def _answer(cast: Cast, reader: Visitor) -> Callable[[], None]:
    """Answer the first question of the lesson the reader is at."""
    lesson, (question, _) = cast.course.lessons[4], cast.course.questions[4]
    Answer.objects.filter(enrolment__user=cast.reader, question=question).delete()
    return reader.post(answer_url(cast.course, question, lesson), "attempt=1&choice=a")


def _finish(cast: Cast, data: CourseData, reader: Visitor) -> Callable[[], None]:
    """Finish the lesson before the one the reader is at."""
    lesson = data.lessons[len(data.lessons) * 2 // 5 - 1]
    LessonProgress.objects.filter(enrolment__user=cast.reader, lesson=lesson).update(
        finished_at=None
    )
    return reader.post(lesson_url("courses:lesson-finish", data, lesson), "")


def _complete(cast: Cast) -> Callable[[], None]:
    """Finish the last lesson, as somebody new each time: a completion cannot be undone."""
    (person,) = make_people("finisher", 1, first=next(_finishers))
    enrol_all([person], cast.course, finished=9, answered=1)
    last = cast.course.lessons[-1]
    return Visitor(person).post(lesson_url("courses:lesson-finish", cast.course, last), "")


def _draw(cast: Cast) -> None:
    design = cast.award.design
    certificate_pdf(design=design, facts=facts_of(cast.award), pictures=pictures_of(design))
