"""Courses that come before others, and what a course cannot ask for."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.test.utils.form_data import inline_formset

from courses.models import (
    AssessmentPage,
    CompletionWithdrawal,
    Course,
    CoursePage,
    CoursePrerequisite,
    Enrolment,
)
from courses.services import PrerequisiteMissing, enrol
from tests.courses.test_editing import course_form, editor, routes_form, save, text  # noqa: F401 - a fixture
from tests.factories.accounts import UserFactory
from tests.factories.courses import (
    NOW,
    CompletionFactory,
    CourseFactory,
    EnrolmentFactory,
    make_course,
)
from tests.factories.pages import make_published_course, publish

pytestmark = pytest.mark.django_db


class Second:
    """A course that comes after another, and somebody who wants to take it."""

    def __init__(self):
        self.first, self.course = make_course(title="The first"), make_course(title="The second")
        self.course.prerequisites.add(self.first)
        self.user = UserFactory()

    def enrol(self):
        return enrol(user=self.user, course=self.course, route_kind="online", now=NOW)

    def complete_first(self):
        enrolment = EnrolmentFactory(user=self.user, course=self.first, completed_at=NOW)
        return CompletionFactory(user=self.user, enrolment=enrolment)


class TestEnrolling:
    def test_the_first_course_comes_first(self):
        second = Second()
        with pytest.raises(PrerequisiteMissing) as refusal:
            second.enrol()
        assert refusal.value.courses == [second.first]
        assert str(refusal.value.message) == "Complete “The first” before you start this course."
        second.complete_first()
        assert second.enrol()

    def test_a_completion_that_was_withdrawn_does_not_count(self):
        second = Second()
        completion = second.complete_first()
        withdrawal = CompletionWithdrawal.objects.create(
            completion=completion, reason="Wrong", withdrawn_at=NOW
        )
        with pytest.raises(PrerequisiteMissing):
            second.enrol()
        withdrawal.delete()
        assert second.enrol()

    def test_somebody_else_s_completion_does_not_count(self):
        second = Second()
        CompletionFactory(enrolment=EnrolmentFactory(course=second.first, completed_at=NOW))
        with pytest.raises(PrerequisiteMissing):
            second.enrol()

    def test_who_has_begun_goes_on(self):
        second = Second()
        second.course.prerequisites.clear()
        enrolment = second.enrol()
        second.course.prerequisites.add(second.first)
        assert second.enrol() == enrolment


class TestThePage:
    def test_it_says_what_comes_first_and_how_that_stands(self, client):
        second = Second()
        client.force_login(second.user)
        url = second.course.get_absolute_url()
        page = client.get(url).content.decode()
        assert "Complete “The first”" in page
        assert "Not begun" in page
        assert "Start the course" not in page
        enrolment = EnrolmentFactory(user=second.user, course=second.first)
        assert "Begun" in client.get(url).content.decode()
        enrolment.delete()
        second.complete_first()
        page = client.get(url).content.decode()
        assert "Start the course" in page
        assert "Completed" in page

    def test_a_visitor_reads_it_too(self, client):
        page = client.get(Second().course.get_absolute_url()).content.decode()
        assert "Complete “The first”" in page
        assert "Create an account to start" in page

    def test_a_form_sent_all_the_same_is_refused_in_words(self, client):
        second = Second()
        client.force_login(second.user)
        response = client.post(f"{second.course.get_absolute_url()}enrol/", {"route": "online"})
        assert response.status_code == 409
        assert "Complete “The first” before you start this course." in response.content.decode()
        assert not Enrolment.objects.exists()

    def test_a_route_says_what_it_asks_for(self, client):
        course = make_course()
        course.latest_version.routes.update(requires_attendance=True, requires_evaluation=True)
        page = client.get(course.get_absolute_url()).content.decode()
        for words in ("Finish every lesson", "for at least 80% of its time", "Fill in the eval"):
            assert words in page


def needs_form(*courses):
    return inline_formset([{"needs": str(course.pk)} for course in courses])


class TestCircles:
    @pytest.mark.parametrize("action", ["", "action-publish"])
    def test_a_course_that_waits_for_this_one_is_refused_in_drafts_too(self, editor, action):  # noqa: F811 - the fixture
        page = make_published_course()
        between, far = CourseFactory(title="Between"), CourseFactory(title="Far")
        far.prerequisites.add(between)
        between.prerequisites.add(Course.objects.get(slug="a-course"))
        response = save(
            editor, page, course_form(course_prerequisites=needs_form(far)), action=action
        )
        assert "“Far” already asks for “A course” first" in text(response)
        assert not CoursePrerequisite.objects.exists()

    def test_not_before_itself(self, editor):  # noqa: F811 - the fixture
        page = make_published_course()
        form = course_form(course_prerequisites=needs_form(Course.objects.get()))
        assert "A course cannot come before itself." in text(save(editor, page, form))

    def test_one_after_the_other_is_fine(self, editor):  # noqa: F811 - the fixture
        page = make_published_course()
        other = CourseFactory()
        save(editor, page, course_form(course_prerequisites=needs_form(other)))
        assert list(Course.objects.get(slug="a-course").prerequisites.all()) == [other]

    def test_what_comes_to_be_published_otherwise_is_refused_too(self):
        page = make_published_course()
        other = CourseFactory()
        page.course_prerequisites.add(CoursePrerequisite(needs=other))
        revision = page.save_revision()
        other.prerequisites.add(page.course)
        with pytest.raises(ValidationError):
            revision.publish()
        other.prerequisites.clear()
        revision.publish()


class TestRoutes:
    def refused(self, editor, page, words, **rules):  # noqa: F811 - the fixture
        form = course_form(course_routes=routes_form(("online", "40")))
        form = {k: v for k, v in form.items() if not k.startswith("course_routes-0-requires")}
        form |= {f"course_routes-0-requires_{name}": "on" for name in rules}
        response = save(editor, page, form)
        assert words in text(response)
        return response

    def test_one_that_asks_for_nothing(self, editor):  # noqa: F811 - the fixture
        self.refused(editor, make_published_course(), "This way asks for nothing")

    def test_a_session_online(self, editor):  # noqa: F811 - the fixture
        words = "Nobody attends a training session online."
        self.refused(editor, make_published_course(), words, lessons=1, attendance=1)

    def test_an_assessment_that_there_is_not(self, editor):  # noqa: F811 - the fixture
        page = make_published_course()
        words = "the course has none that is published"
        self.refused(editor, page, words, lessons=1, assessment=1)
        assert (
            not Course.objects.get().latest_version.routes.filter(requires_assessment=True).exists()
        )

    def test_in_a_draft_it_is_only_said(self, editor):  # noqa: F811 - the fixture
        page = make_published_course()
        form = course_form() | {"course_routes-0-requires_assessment": "on"}
        response = save(editor, page, form, action="")
        assert "the course has none that is published" in text(response)
        draft = CoursePage.objects.get().get_latest_revision_as_object()
        assert draft.course_routes.get().requires_assessment

    def test_with_one_that_is_published_it_is_fine(self, editor):  # noqa: F811 - the fixture
        page = make_published_course()
        assessment = AssessmentPage(title="Assessment", bank=[], live=False)
        page.add_child(instance=assessment)
        AssessmentPage.objects.update(live=True)
        save(editor, page, course_form() | {"course_routes-0-requires_assessment": "on"})
        assert Course.objects.get().latest_version.routes.get().requires_assessment

    def test_a_publication_by_date_is_refused_too(self):
        page = make_published_course()
        page.course_routes.get().delete()
        page = CoursePage.objects.get()
        route = page.course_routes.model(kind="online", cpd_minutes=40, requires_lessons=False)
        page.course_routes.add(route)
        with pytest.raises(ValidationError):
            publish(page)
