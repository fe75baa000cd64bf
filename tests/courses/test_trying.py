"""An editor tests a course as a learner: it counts nowhere, and goes without a trace."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.enums import Role
from accounts.services import grant_role
from certificates.models import Award
from courses.models import (
    Answer,
    Attempt,
    AttemptQuestion,
    Completion,
    Course,
    DraftAnswer,
    Enrolment,
    EvaluationDraft,
    LessonProgress,
    Reflection,
)
from courses.queries import (
    latest_enrolment,
    learners_needing,
    my_learning,
    reflections_of,
    versions_of,
)
from courses.queries.question_statistics import question_statistics
from courses.queries.records import LearningAsked, learning_found
from courses.services import RouteNotOffered, enrol, finish_lesson, hand_in, save_response
from courses.services import start_attempt as begin_attempt
from courses.services.trying import HANGING_ON_A_TEST, NothingToTest, end_test, start_test
from notifications.models import Notice
from tests.courses.lessons import reflection
from tests.factories.accounts import UserFactory
from tests.factories.courses import (
    NOW,
    AnswerFactory,
    AttemptQuestionFactory,
    CorrectionFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonProgressFactory,
    MarkedAttemptFactory,
    SessionCreditFactory,
    make_assessment,
    make_course,
)
from tests.factories.pages import make_published_course, single

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.user = UserFactory()
    grant_role(user=client.user, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
    client.force_login(client.user)
    return client


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


def begin(user, course, route="online"):
    return start_test(user=user, course=course, route_kind=route, now=NOW)


def walk(test):
    """Finish every lesson of a test, right or wrong."""
    for step in test.version.version_lessons.order_by("position"):
        finish_lesson(enrolment=test, lesson=step.lesson, now=NOW)


class TestBeginning:
    def test_a_test_is_of_the_latest_version_and_belongs_nowhere(self):
        course = make_course(is_published=False)
        test = begin(UserFactory(), course)
        assert test.is_test
        assert test.version == course.latest_version
        assert (test.audience, test.organisation, test.area) == (None, None, None)

    def test_a_course_nobody_ever_published_has_nothing_to_test(self):
        with pytest.raises(NothingToTest):
            begin(UserFactory(), CourseFactory())
        assert not Enrolment.objects.exists()

    def test_a_way_that_is_not_offered_is_refused_and_the_test_before_stays(self):
        course, user = make_course(), UserFactory()
        before = begin(user, course)
        with pytest.raises(RouteNotOffered):
            begin(user, course, "blended")
        assert Enrolment.objects.get() == before

    def test_what_comes_first_does_not_matter(self):
        course = make_course()
        course.prerequisites.add(make_course())
        assert begin(UserFactory(), course).is_test

    def test_afresh_begins_at_nothing_and_leaves_others_alone(self):
        course, user = make_course(), UserFactory()
        other = LessonProgressFactory(enrolment=EnrolmentFactory(course=course, is_test=True))
        walk(begin(user, course))
        again = begin(user, course)
        assert Enrolment.objects.filter(user=user).get() == again
        assert LessonProgress.objects.get() == other


class TestBesideOnesOwnLearning:
    def test_the_test_is_shown_while_it_lasts_and_ones_own_place_afterwards(self):
        course, user = make_course(), UserFactory()
        own = EnrolmentFactory(user=user, course=course)
        test = begin(user, course)
        assert latest_enrolment(user, course.slug) == test
        assert end_test(user=user, course=course) is True
        assert latest_enrolment(user, course.slug) == own

    def test_who_tests_a_course_can_still_enrol(self):
        course, user = make_course(), UserFactory()
        test = begin(user, course)
        own = enrol(user=user, course=course, route_kind="online", now=NOW)
        assert own != test
        assert not own.is_test

    def test_ending_what_was_never_begun_ends_nothing(self):
        own = EnrolmentFactory()
        assert end_test(user=own.user, course=own.course) is False
        assert Enrolment.objects.get() == own


def filled(enrolment):
    """Put something of every kind on an enrolment."""
    lesson = enrolment.version.version_lessons.first().lesson
    LessonProgressFactory(enrolment=enrolment, lesson=lesson)
    answer = AnswerFactory(enrolment=enrolment)
    AttemptQuestionFactory(attempt=MarkedAttemptFactory(enrolment=enrolment))
    SessionCreditFactory(enrolment=enrolment)
    CorrectionFactory(enrolment=enrolment)
    DraftAnswer.objects.create(
        enrolment=enrolment, question=answer.question, response={}, saved_at=NOW
    )
    Reflection.objects.create(enrolment=enrolment, lesson=lesson, block_id="x", saved_at=NOW)
    EvaluationDraft.objects.create(enrolment=enrolment, saved_at=NOW)


class TestThrowingAway:
    def test_nothing_of_it_is_left_and_everything_of_others_is(self):
        test = EnrolmentFactory(is_test=True)
        own = EnrolmentFactory(user=test.user, course=test.course)
        filled(test)
        filled(own)
        assert end_test(user=test.user, course=test.course)
        for model in HANGING_ON_A_TEST:
            assert model.objects.get().enrolment == own
        assert Attempt.objects.get().enrolment == own
        assert AttemptQuestion.objects.get().attempt.enrolment == own
        assert Enrolment.objects.get() == own

    def test_everything_that_hangs_on_an_enrolment_is_known(self):
        known = {*HANGING_ON_A_TEST, Attempt, Completion}  # a test has no completion
        assert {rel.related_model for rel in Enrolment._meta.related_objects} == known
        assert {rel.related_model for rel in Attempt._meta.related_objects} == {AttemptQuestion}


class TestCountingNowhere:
    def test_a_test_walked_to_its_end_is_in_no_figure_and_no_list(
        self, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            page = make_published_course(body=[("text", "<p>Words.</p>"), reflection()])
            course = Course.objects.get()
            make_assessment(course=course)
            user, admin = UserFactory(), UserFactory()
            grant_role(user=admin, role=Role.ADMINISTRATOR, now=NOW, starts_on=NOW.date())
            notices = Notice.objects.count()
            test = begin(user, course)
            walk(test)
            lesson = course.lessons.get()
            Reflection.objects.create(
                enrolment=test, lesson=lesson, block_id=lesson.body[1].id, text="Hm", saved_at=NOW
            )
            attempt = begin_attempt(enrolment=test, now=NOW)
            for drawn in attempt.drawn.order_by("position"):
                save_response(
                    attempt=attempt,
                    position=drawn.position,
                    response={"choices": ["a"]},
                    now=NOW,
                )
            hand_in(enrolment=test, attempt_id=attempt.public_id, now=NOW)
        test.refresh_from_db()
        assert test.completed_at == NOW  # it was a whole walk
        assert not Completion.objects.exists()
        assert not Award.objects.exists()
        assert Notice.objects.count() == notices
        assert my_learning(user) == []
        assert reflections_of(user) == []
        assert not learning_found(admin, LearningAsked(), now=NOW).exists()
        (version,) = versions_of(course)
        assert (version.under_way, version.finished) == (0, 0)
        assert all(each.asked == 0 for each in question_statistics(course).assessment)
        assert learners_needing(page) == 0

    def test_a_test_does_not_change_what_ones_own_attempt_draws(self):
        assessment = make_assessment(outcomes="one one", draw_count=1)
        test = EnrolmentFactory(course=assessment.course, is_test=True)
        first, second = assessment.bank.order_by("pk")
        for _ in range(3):
            AttemptQuestionFactory(
                attempt=MarkedAttemptFactory(enrolment=test, is_passed=False),
                question=first,
                revision=first.latest_revision,
            )
        own = EnrolmentFactory(user=test.user, course=assessment.course)
        AttemptQuestionFactory(
            attempt=MarkedAttemptFactory(enrolment=own, is_passed=False),
            question=second,
            revision=second.latest_revision,
        )
        # Of their own they have met the second only, so the first comes next.
        assert begin_attempt(enrolment=own, now=NOW).drawn.get().question == first

    def test_ones_own_attempt_is_not_open_from_a_test(self, editor):
        assessment = make_assessment()
        own = EnrolmentFactory(user=editor.user, course=assessment.course)
        attempt = MarkedAttemptFactory(enrolment=own)
        url = reverse("courses:attempt", args=[own.course.slug, attempt.public_id])
        assert editor.get(url).status_code == 200
        begin(editor.user, own.course)
        assert editor.get(url).status_code == 404


class TestPages:
    def test_an_editor_begins_walks_and_ends(self, editor):
        make_published_course(body=[single()])
        course = Course.objects.get()
        page = editor.get(course.get_absolute_url())
        assert "Test it as a learner" in text(page)
        assert "This is a test." not in text(page)
        editor.get(reverse("courses:test", args=[course.slug]))
        response = editor.post(
            reverse("courses:test", args=[course.slug]), {"route": "online"}, follow=True
        )
        assert "This is a test." in text(response)
        lesson = course.lessons.get()
        assert "This is a test." in text(
            editor.get(reverse("courses:lesson", args=[course.slug, lesson.public_id]))
        )
        question = lesson.questions.get()
        right = question.latest_revision.content["choices"][0]["id"]
        editor.post(
            reverse("courses:answer", args=[course.slug, lesson.public_id, question.public_id]),
            {"attempt": "1", "choice": right},
        )
        assert Answer.objects.get().enrolment.is_test
        response = editor.post(
            reverse("courses:lesson-finish", args=[course.slug, lesson.public_id]), follow=True
        )
        assert "A test makes none of them." in text(response)
        assert "My certificates" not in text(response).split("This is a test.")[1]
        response = editor.post(reverse("courses:test-end", args=[course.slug]), follow=True)
        assert "Nothing of it was kept." in text(response)
        assert "This is a test." not in text(response)
        assert not Enrolment.objects.exists()

    def test_a_way_that_is_not_listed_is_refused_in_words(self, editor):
        course = make_course()
        response = editor.post(reverse("courses:test", args=[course.slug]), {"route": "by-air"})
        assert response.status_code == 422
        assert "Choose one of the ways listed." in text(response)

    def test_without_a_version_it_says_what_to_do(self, editor):
        course = CourseFactory()
        url = reverse("courses:test", args=[course.slug])
        assert "There is nothing to walk through yet" in text(editor.get(url))
        assert "There is nothing to walk through yet" in text(editor.post(url, follow=True))

    def test_a_learner_has_no_test(self, client):
        course, user = make_course(), UserFactory()
        client.force_login(user)
        for name in ("test", "test-end"):
            url = reverse(f"courses:{name}", args=[course.slug])
            assert client.post(url, {"route": "online"}).status_code == 403
        assert "Test it as a learner" not in text(client.get(course.get_absolute_url()))
