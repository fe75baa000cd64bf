"""Enrolling, finishing lessons, completing."""

import datetime

import pytest

from courses.models import Completion, Enrolment, LessonProgress
from courses.models.learning import CompletionIsFinal
from courses.queries import outline_of, whats_left
from courses.services import (
    AlreadyCompleted,
    ChecksUnanswered,
    CourseNotOpen,
    LessonNotYours,
    RouteNotOffered,
    complete_if_due,
    enrol,
    finish_lesson,
    keep_place,
    lesson_of,
    open_lesson,
)
from courses.signals import course_completed
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import (
    NOW,
    AnswerFactory,
    CompletionFactory,
    CourseVersionFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonProgressFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    RouteFactory,
    make_course,
)
from tests.races import run_at_once

pytestmark = pytest.mark.django_db


def begin(user, course, kind="online", **how):
    return enrol(user=user, course=course, route_kind=kind, now=NOW, **how)


def lessons_of(enrolment):
    rows = enrolment.version.version_lessons.order_by("position").select_related("lesson")
    return [row.lesson for row in rows]


def finish(enrolment, lesson, now=NOW):
    return finish_lesson(enrolment=enrolment, lesson=lesson, now=now)


def test_an_enrolment_keeps_who_the_person_was_at_that_moment():
    membership = MembershipFactory()
    user, organisation = membership.user, membership.organisation
    enrolment = begin(user, make_course())
    assert enrolment.audience == user.job_role.audience
    assert (enrolment.organisation, enrolment.area) == (organisation, organisation.area)


def test_somebody_without_work_or_organisation_can_learn_too():
    enrolment = begin(UserFactory(job_role=None), make_course())
    assert (enrolment.audience, enrolment.organisation) == (None, None)


def test_enrolling_twice_is_one_enrolment():
    user, course = UserFactory(), make_course()
    assert begin(user, course) == begin(user, course)


@pytest.mark.django_db(transaction=True)
def test_enrolling_in_many_tabs_at_once_is_one_enrolment():
    user, course = UserFactory(), make_course()
    results = run_at_once(*[lambda: begin(user, course)] * 8)
    assert set(results) == {Enrolment.objects.get()}


def test_after_a_completion_a_refresher_is_begun_by_who_means_it():
    completion = CompletionFactory()
    with pytest.raises(AlreadyCompleted):  # a form that was left open in another tab
        begin(completion.user, completion.course)
    assert Enrolment.objects.get() == completion.enrolment
    enrolment = begin(completion.user, completion.course, is_refresher=True)
    assert enrolment != completion.enrolment
    assert begin(completion.user, completion.course, is_refresher=True) == enrolment
    assert Enrolment.objects.count() == 2


@pytest.mark.parametrize("kind", ["in_person", "nonsense"])
def test_a_route_the_course_does_not_offer_is_refused(kind):
    with pytest.raises(RouteNotOffered):
        begin(UserFactory(), make_course(), kind)


@pytest.mark.parametrize("change", [{"is_published": False}, {"latest_version": None}])
def test_a_course_that_is_not_open_is_refused(change):
    course = make_course()
    for name, value in change.items():
        setattr(course, name, value)
    with pytest.raises(CourseNotOpen):
        begin(UserFactory(), course)


def test_only_the_lessons_of_one_s_version_are_one_s_own():
    enrolment = EnrolmentFactory()
    lesson = lessons_of(enrolment)[0]
    assert lesson_of(enrolment, lesson.public_id) == lesson
    with pytest.raises(LessonNotYours):
        lesson_of(enrolment, LessonFactory(course=enrolment.course).public_id)


def ask_in(lesson, **fields):
    question = QuestionFactory(lesson=lesson, **fields)
    question.latest_revision = QuestionRevisionFactory(question=question)
    question.save()
    return question


def test_a_lesson_is_finished_when_its_checks_are_answered_right_or_wrong():
    enrolment = EnrolmentFactory()
    lesson = lessons_of(enrolment)[0]
    questions = [ask_in(lesson), ask_in(lesson)]
    ask_in(lesson, kind="scenario")  # may be left out
    ask_in(lesson, is_live=False)  # is no longer asked
    with pytest.raises(ChecksUnanswered) as refusal:
        finish(enrolment, lesson)
    assert refusal.value.count == 2
    assert not LessonProgress.objects.filter(finished_at__isnull=False).exists()
    for question in questions:
        AnswerFactory(enrolment=enrolment, revision=question.latest_revision, is_correct=False)
    finish(enrolment, lesson)
    assert LessonProgress.objects.get().finished_at == NOW


def test_somebody_else_s_answers_do_not_count():
    enrolment = EnrolmentFactory()
    lesson = lessons_of(enrolment)[0]
    AnswerFactory(revision=ask_in(lesson).latest_revision)
    with pytest.raises(ChecksUnanswered):
        finish(enrolment, lesson)


def test_finishing_again_keeps_the_first_time():
    enrolment = EnrolmentFactory()
    lesson = lessons_of(enrolment)[0]
    finish(enrolment, lesson)
    finish(enrolment, lesson, now=NOW + datetime.timedelta(days=1))
    assert LessonProgress.objects.get().finished_at == NOW


def test_what_is_left_names_each_lesson_until_none_is():
    enrolment = EnrolmentFactory()
    first, second = lessons_of(enrolment)
    assert [item.sentence for item in whats_left(enrolment)] == [
        f"Finish the lesson “{first.title}”.",
        f"Finish the lesson “{second.title}”.",
    ]
    finish(enrolment, first)
    assert [item.sentence for item in whats_left(enrolment)] == [
        f"Finish the lesson “{second.title}”."
    ]


def test_the_last_lesson_completes_at_once_with_the_facts_of_that_moment():
    membership = MembershipFactory()
    enrolment = begin(membership.user, make_course(title="As it was"))
    first, second = lessons_of(enrolment)
    assert finish(enrolment, first) is None
    completion = finish(enrolment, second)
    enrolment.refresh_from_db()
    assert enrolment.completed_at == completion.completed_at == NOW
    assert completion.user == membership.user
    assert completion.course_title == "As it was"
    assert completion.cpd_minutes == 40
    assert completion.outcomes == ["Say one thing", "Do another"]
    assert completion.organisation == membership.organisation
    assert (completion.version_number, completion.route_kind) == (1, "online")


@pytest.fixture
def news():
    heard = []

    def listen(completion, **kwargs):
        heard.append(completion)

    course_completed.connect(listen, weak=False)
    yield heard
    course_completed.disconnect(listen)


def test_a_completion_is_announced_once(news):
    enrolment = EnrolmentFactory(course=make_course(lessons=1))
    (lesson,) = lessons_of(enrolment)
    for _ in range(2):
        finish(enrolment, lesson)
        complete_if_due(enrolment=enrolment, now=NOW)
    assert news == [Completion.objects.get()]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_finishing_the_last_lesson_complete_once(news):
    enrolment = EnrolmentFactory(course=make_course(lessons=1))
    (lesson,) = lessons_of(enrolment)
    results = run_at_once(*[lambda: finish(enrolment, lesson)] * 8)
    assert set(results) == {Completion.objects.get()}
    assert len(news) == 1


def test_if_a_receiver_fails_there_is_no_completion_either():
    def fail(**kwargs):
        raise RuntimeError("no award")

    course_completed.connect(fail)
    enrolment = EnrolmentFactory(course=make_course(lessons=1))
    try:
        with pytest.raises(RuntimeError):
            finish(enrolment, lessons_of(enrolment)[0])
    finally:
        course_completed.disconnect(fail)
    assert not Completion.objects.exists()


def test_nobody_is_completed_who_withdrew():
    enrolment = EnrolmentFactory(course=make_course(lessons=1), withdrawn_at=NOW)
    assert finish(enrolment, lessons_of(enrolment)[0]) is None


def test_a_completion_never_changes():
    completion = CompletionFactory()
    completion.cpd_minutes = 400
    with pytest.raises(CompletionIsFinal):
        completion.save()
    with pytest.raises(CompletionIsFinal):
        completion.delete()
    with pytest.raises(CompletionIsFinal):
        Completion.objects.update(cpd_minutes=400)
    with pytest.raises(CompletionIsFinal):
        Completion.objects.filter(pk=completion.pk).delete()


def test_a_newer_version_asks_nothing_of_those_under_way():
    enrolment = EnrolmentFactory(course=make_course(lessons=1))
    course = enrolment.course
    newer = CourseVersionFactory(course=course, number=2)
    RouteFactory(version=newer)
    newer.version_lessons.create(
        module=enrolment.version.version_lessons.get().module,
        lesson=LessonFactory(course=course),
        position=1,
    )
    course.latest_version = newer
    course.save()
    assert finish(enrolment, lessons_of(enrolment)[0]).version_number == 1


def test_the_place_is_kept_to_the_block():
    enrolment = EnrolmentFactory()
    second = lessons_of(enrolment)[1]
    open_lesson(enrolment=enrolment, lesson=second, now=NOW)
    block = second.body[0].id
    keep_place(enrolment=enrolment, lesson=second, block_id=block)
    keep_place(enrolment=enrolment, lesson=second, block_id="forged")
    enrolment.refresh_from_db()
    assert outline_of(enrolment.course, enrolment).resume_url.endswith(
        f"/lessons/{second.public_id}/#block-{block}"
    )


def test_a_page_that_is_closing_does_not_take_the_place_back():
    enrolment = EnrolmentFactory()
    first, second = lessons_of(enrolment)
    open_lesson(enrolment=enrolment, lesson=second, now=NOW)
    keep_place(enrolment=enrolment, lesson=first, block_id=first.body[0].id)
    enrolment.refresh_from_db()
    assert enrolment.last_lesson == second


def test_after_finishing_the_place_is_the_next_lesson_not_finished():
    enrolment = EnrolmentFactory(course=make_course(lessons=3))
    first, second, third = lessons_of(enrolment)
    LessonProgressFactory(enrolment=enrolment, lesson=third, finished_at=NOW)
    open_lesson(enrolment=enrolment, lesson=first, now=NOW)
    finish(enrolment, first)
    enrolment.refresh_from_db()
    assert outline_of(enrolment.course, enrolment).resume_title == second.title
