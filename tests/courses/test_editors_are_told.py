"""What editors are told, and kept from, where a page reaches beyond itself."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from courses.models import (
    Assessment,
    CatalogueIndexPage,
    CoursePage,
    CourseRoute,
    CourseVersion,
    Enrolment,
    Lesson,
    LessonPage,
)
from courses.queries import first_courses, whats_left
from courses.services import RouteNotChosen, enrol
from tests.courses.test_editing import course_form, editor, routes_form, said, save, text  # noqa: F401
from tests.courses.test_prerequisites import needs_form
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW, CourseFactory, EnrolmentFactory, make_course
from tests.factories.pages import (
    make_course_page,
    make_lesson_page,
    make_module_page,
    make_published_course,
    publish,
)

pytestmark = pytest.mark.django_db


class TestMoved:
    def test_a_lesson_that_comes_back_is_the_lesson_it_was(self):
        course = make_published_course(lessons=2)
        page = LessonPage.objects.order_by("path").last()
        lesson = page.lesson
        home = page.get_parent()
        other = make_course_page(CatalogueIndexPage.objects.get(), title="Other", slug="other")
        target = make_module_page(other)
        make_lesson_page(target)
        publish(other)
        page.move(target, pos="last-child")
        publish(LessonPage.objects.get(pk=page.pk))
        moved = LessonPage.objects.get(pk=page.pk)
        assert moved.lesson != lesson
        moved.move(home, pos="last-child")
        publish(LessonPage.objects.get(pk=page.pk))
        assert LessonPage.objects.get(pk=page.pk).lesson == lesson
        publish(CoursePage.objects.get(pk=course.pk))
        latest = CourseVersion.objects.filter(course=course.course).order_by("number").last()
        assert lesson.pk in latest.version_lessons.values_list("lesson", flat=True)
        assert latest.version_lessons.count() == 2

    def test_a_copy_is_not_the_lesson_whose_page_was_deleted(self):
        make_published_course(lessons=1)
        page = LessonPage.objects.get()
        lesson = page.lesson
        copy = page.copy(update_attrs={"slug": "a-copy", "title": "A copy"}, keep_live=False)
        page.delete()
        publish(LessonPage.objects.get(pk=copy.pk))
        assert LessonPage.objects.get(pk=copy.pk).lesson != lesson
        assert Lesson.objects.count() == 2

    def test_both_courses_are_named(self, editor):  # noqa: F811
        make_published_course(lessons=2)
        page = LessonPage.objects.order_by("path").last()
        other = make_course_page(CatalogueIndexPage.objects.get(), title="Other", slug="other")
        target = make_module_page(other)
        make_lesson_page(target)
        publish(other)
        answer = editor.post(f"/cms/pages/{page.pk}/move/{target.pk}/confirm/", follow=True)
        assert "“A course” itself must be published" in text(answer)
        assert "“Other” itself must be published" in text(answer)


class TestSaid:
    def test_a_course_that_was_never_published_does_not_stay_open(self, editor):  # noqa: F811
        make_published_course()
        page = make_course_page(CatalogueIndexPage.objects.get(), title="New", slug="new")
        module = make_module_page(page)
        data = {
            "title": "A module",
            "slug": module.slug,
            "introduction": rich_text("<p>Why.</p>"),
            "content_note": "",
            "comments": inline_formset([]),
        }
        answer = text(save(editor, module, nested_form_data(data)))
        assert "Learners see nothing of the course yet" in answer
        assert "stays open" not in answer

    def test_a_copy_has_still_to_be_published(self, editor):  # noqa: F811
        page = make_published_course()
        data = {
            "new_title": "Copied",
            "new_slug": "copied",
            "new_parent_page": str(page.get_parent().pk),
            "copy_subpages": "on",
            "publish_copies": "on",
        }
        answer = editor.post(f"/cms/pages/{page.pk}/copy/", data, follow=True)
        assert "“Copied” is not in the catalogue yet" in text(answer)

    def test_a_course_that_comes_first_is_not_unpublished(self, editor):  # noqa: F811
        page = make_published_course()
        after = make_course(title="The second")
        after.prerequisites.add(page.course)
        answer = editor.post(f"/cms/pages/{page.pk}/unpublish/", follow=True)
        assert "it comes first for “The second”" in text(answer)
        assert CoursePage.objects.get(pk=page.pk).live
        after.prerequisites.clear()
        editor.post(f"/cms/pages/{page.pk}/unpublish/", follow=True)
        assert not CoursePage.objects.get(pk=page.pk).live

    def test_the_same_course_twice_is_said_in_words(self, editor):  # noqa: F811
        page, before = make_published_course(), CourseFactory()
        form = course_form(course_prerequisites=needs_form(before, before))
        assert "Each course is listed once." in text(save(editor, page, form))


class TestLearners:
    def test_a_course_that_comes_first_and_is_closed_leads_nowhere(self):
        course, first = make_course(), make_course(title="First", is_published=False)
        course.prerequisites.add(first)
        user = UserFactory()
        (line,) = first_courses(course, user)
        assert (line.url, line.status) == ("", "Not open at the moment")
        EnrolmentFactory(user=user, course=first)
        (line,) = first_courses(course, user)
        assert line.url == first.get_absolute_url()

    def test_an_assessment_that_was_taken_down_is_still_linked(self):
        enrolment = EnrolmentFactory()
        enrolment.route.requires_lessons, enrolment.route.requires_assessment = False, True
        enrolment.route.save()
        (left,) = whats_left(enrolment)
        assert (left.url, "not there yet" in left.sentence) == ("", True)
        Assessment.objects.create(course=enrolment.course, title="Test", is_live=False)
        (left,) = whats_left(enrolment)
        assert left.url == reverse("courses:assessment", args=[enrolment.course.slug])

    def test_a_way_must_be_chosen(self, client):
        course, user = make_course(), UserFactory()
        with pytest.raises(RouteNotChosen):
            enrol(user=user, course=course, route_kind="", now=NOW)
        client.force_login(user)
        answer = client.post(f"/courses/{course.slug}/enrol/")
        assert answer.status_code == 422
        assert "Choose how you want to take the course." in answer.content.decode()

    def test_where_no_lesson_is_asked_for_the_page_says_what_is(self, client):
        course, user = make_course(), UserFactory()
        course.latest_version.routes.update(requires_lessons=False, requires_evaluation=True)
        client.force_login(user)
        answer = client.post(f"/courses/{course.slug}/enrol/", {"route": "online"}, follow=True)
        assert answer.redirect_chain == [(course.get_absolute_url(), 302)]
        page = text(answer)
        assert "Fill in the evaluation." in page
        assert "does not ask for them" in page
        assert " of 3 lessons" not in page
        assert Enrolment.objects.get().user == user


class TestPrintable:
    def test_a_title_that_no_certificate_can_print_is_refused(self, editor):  # noqa: F811
        page = make_published_course()
        answer = text(save(editor, page, course_form(title="A course 😀")))
        assert "our typeface has no “😀”" in answer
        page.refresh_from_db()
        assert page.title == "A course"

    def test_nor_is_such_an_outcome(self, editor):  # noqa: F811
        page = make_published_course()
        outcomes = streamfield([("outcome", {"key": "one", "text": "Say 名"})])
        answer = save(editor, page, course_form(outcomes=outcomes))
        assert "Certificates carry these words" in answer.content.decode()
        assert page.course.outcomes[0]["text"] == "Say one thing"


class TestHistory:
    def test_a_version_with_a_route_that_is_gone_is_published_again(self, editor):  # noqa: F811
        """It names the row of a route that was deleted since."""
        page = make_published_course()
        both = routes_form(("online", "40"), ("blended", "60"))
        save(editor, page, course_form(course_routes=both))
        gone = CourseRoute.objects.get(kind="blended")
        old = CoursePage.objects.get(pk=page.pk)
        old.course_routes.remove(gone)
        publish(old)
        rules = {"requires_lessons": "on", "attendance_share": "80"}
        online = CourseRoute.objects.get()
        again = inline_formset(
            [
                {"id": str(online.pk), "kind": "online", "cpd_minutes": "40", **rules},
                {"id": str(gone.pk), "kind": "blended", "cpd_minutes": "60", **rules},
            ],
            initial=2,
        )
        save(editor, page, course_form(course_routes=again))
        kinds = (
            CourseRoute.objects.filter(page=page).order_by("kind").values_list("kind", flat=True)
        )
        assert list(kinds) == ["blended", "online"]

    def test_the_preview_of_a_course_shows_what_is_below_it(self, editor):  # noqa: F811
        page = make_published_course(lessons=2)
        LessonPage.objects.order_by("path").last().unpublish()
        shown = page.make_preview_request().content.decode()
        assert "Lesson 1" in shown
        assert "Draft" in shown.split("Lesson 2")[1]


class TestLeft:
    def test_my_learning_names_courses_somebody_is_no_longer_enrolled_on(self, client):
        enrolment = EnrolmentFactory(withdrawn_at=NOW)
        client.force_login(enrolment.user)
        assert (
            "Courses you are no longer enrolled on" in client.get("/my-learning/").content.decode()
        )
        EnrolmentFactory(user=enrolment.user, course=enrolment.course)
        assert "no longer enrolled" not in client.get("/my-learning/").content.decode()
