"""Pages into rows: nothing an editor does loses a learner's record."""

import pytest
from wagtail.models import Page

from courses.models import (
    Course,
    CoursePage,
    CourseVersion,
    Lesson,
    LessonPage,
    ModulePage,
    Question,
    QuestionRevision,
)
from courses.queries import learners_needing
from courses.services import publish_course
from tests.factories.accounts import RoleGrantFactory
from tests.factories.courses import NOW, EnrolmentFactory
from tests.factories.pages import (
    make_course_page,
    make_lesson_page,
    make_published_course,
    make_site,
    publish,
    single,
)

pytestmark = pytest.mark.django_db


def lesson_page(number=0):
    return LessonPage.objects.order_by("path")[number]


def test_publishing_makes_a_course_that_people_can_begin():
    page = make_published_course(lessons=2)
    course = Course.objects.open().get()
    assert (course.title, course.slug, course.key) == ("A course", "a-course", "a-course")
    assert course.outcomes == [{"key": "one", "text": "Say one thing"}]
    assert course.latest_version.number == 1
    assert [
        row.lesson.title for row in course.latest_version.version_lessons.order_by("position")
    ] == [
        "Lesson 1",
        "Lesson 2",
    ]
    assert course.latest_version.routes.get().cpd_minutes == 40
    assert page.course == course


def test_a_course_without_lessons_is_not_open():
    make_course_page(make_site())
    assert Course.objects.get().latest_version is None
    assert not Course.objects.open().exists()


def test_publishing_again_without_a_change_of_outline_makes_no_version():
    page = make_published_course()
    page.title = "Better words"
    publish(page)
    assert CourseVersion.objects.count() == 1
    assert Course.objects.get().title == "Better words"


@pytest.mark.parametrize("change", ["lesson", "order", "minutes", "taken out"])
def test_a_changed_outline_makes_a_version_when_the_course_is_published(change):
    page = make_published_course(lessons=2)
    if change == "lesson":
        make_lesson_page(ModulePage.objects.get(), title="One more")
    elif change == "order":
        lesson_page(1).move(lesson_page(0), pos="left")
    elif change == "taken out":
        lesson_page(1).unpublish()
    else:
        page.course_routes.set([page.course_routes.model(kind="online", cpd_minutes=60)])
    assert CourseVersion.objects.count() == 1  # only publishing the course page makes one
    publish(CoursePage.objects.get(pk=page.pk) if change != "minutes" else page)
    assert CourseVersion.objects.count() == 2
    assert Course.objects.get().latest_version.number == 2


def test_publishing_a_lesson_changes_the_wording_and_no_version():
    make_published_course()
    page = lesson_page()
    page.body = [("text", "<p>Better words.</p>")]
    publish(page)
    assert "Better words" in str(Lesson.objects.get().body)
    assert CourseVersion.objects.count() == 1


def test_a_draft_changes_nothing_that_learners_see():
    make_published_course()
    page = lesson_page()
    page.title = "Not ready"
    page.save_revision()
    assert Lesson.objects.get().title == "Lesson 1"


def test_a_draft_from_before_the_first_publication_keeps_the_lesson_it_became():
    make_published_course()
    page = lesson_page()
    first = page.lesson
    oldest = page.revisions.order_by("created_at", "pk").first()
    assert oldest.content["lesson"] is None
    oldest.publish()
    assert LessonPage.objects.get().lesson == first
    assert Lesson.objects.count() == 1


def test_a_copy_gets_a_lesson_and_questions_of_its_own():
    make_published_course(body=[single()])
    original = lesson_page()
    copy = original.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=False)
    publish(LessonPage.objects.get(pk=copy.pk))
    assert LessonPage.objects.get(pk=copy.pk).lesson not in (None, original.lesson)
    assert Question.objects.count() == 2


def test_moving_and_renaming_keep_the_lesson():
    make_published_course(lessons=2)
    page = lesson_page(1)
    lesson = page.lesson
    page.move(lesson_page(0), pos="left")
    page = LessonPage.objects.get(lesson=lesson)
    page.slug, page.title = "renamed", "Renamed"
    publish(page)
    lesson.refresh_from_db()
    assert (lesson.title, lesson.key) == ("Renamed", "lesson-2")


def test_a_new_wording_of_a_question_is_a_new_revision_of_the_same_question():
    make_published_course(body=[single()])
    page = lesson_page()
    page.body[0].value["stem"] = page.body[0].block.child_blocks["stem"].to_python("<p>Well?</p>")
    publish(page)
    assert Question.objects.count() == 1
    assert [r.number for r in QuestionRevision.objects.order_by("number")] == [1, 2]
    publish(lesson_page())
    assert QuestionRevision.objects.count() == 2


def test_a_question_taken_out_is_kept_and_no_longer_asked():
    make_published_course(body=[single()])
    page = lesson_page()
    page.body = [("text", "<p>No question.</p>")]
    publish(page)
    assert not Question.objects.get().is_live


def test_deleting_the_pages_loses_no_row():
    page = make_published_course(lessons=2)
    EnrolmentFactory(course=Course.objects.get())
    page.delete()
    assert Lesson.objects.count() == 2
    assert not Course.objects.get().is_published


def test_taking_the_course_down_closes_it_for_new_people_only():
    page = make_published_course()
    page.unpublish()
    assert not Course.objects.open().exists()
    publish(page)
    assert Course.objects.open().exists()


def test_two_courses_of_the_same_name_get_keys_of_their_own():
    catalogue = make_site()
    make_course_page(catalogue, slug="same")
    Course.objects.update(slug="was-renamed")
    CoursePage.objects.update(slug="was-renamed")
    make_course_page(catalogue, slug="same")
    assert set(Course.objects.values_list("key", flat=True)) == {"same", "same-2"}


class TestDeletingInTheAdmin:
    @pytest.fixture
    def editor(self, client):
        from accounts.enums import Role
        from accounts.services import grant_role

        user = RoleGrantFactory(role=Role.VOLUNTEER).user
        grant_role(user=user, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
        client.force_login(user)
        return client

    def test_a_page_that_learners_need_is_refused_in_words(self, editor):
        make_published_course()
        EnrolmentFactory(course=Course.objects.get())
        page = lesson_page()
        response = editor.post(f"/cms/pages/{page.pk}/delete/", follow=True)
        assert LessonPage.objects.filter(pk=page.pk).exists()
        assert "Unpublish it instead" in response.content.decode()

    def test_in_bulk_too(self, editor):
        make_published_course()
        EnrolmentFactory(course=Course.objects.get())
        page = lesson_page()
        editor.post(f"/cms/bulk/wagtailcore/page/delete/?id={page.pk}&next=/cms/")
        assert LessonPage.objects.filter(pk=page.pk).exists()

    def test_a_page_nobody_needs_goes(self, editor):
        make_published_course()
        page = lesson_page()
        assert learners_needing(Page.objects.get(pk=page.pk)) == 0
        editor.post(f"/cms/pages/{page.pk}/delete/")
        assert not LessonPage.objects.filter(pk=page.pk).exists()


def test_publishing_is_safe_to_repeat():
    page = make_published_course()
    before = Course.objects.get().latest_version
    assert publish_course(page=page, now=NOW) == before
