"""The address of a course: letters that every address can hold, one owner, old ones lead on."""

import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from courses.models import Course, CoursePage, FormerAddress, Lesson
from tests.factories.accounts import UserFactory
from tests.factories.courses import CourseFactory, EnrolmentFactory, make_course
from tests.factories.pages import (
    make_course_page,
    make_lesson_page,
    make_module_page,
    make_published_course,
    make_site,
    publish,
)

pytestmark = pytest.mark.django_db


def test_a_title_with_accents_gets_a_plain_address(client):
    page = make_course_page(make_site(), title="Siân’s café", slug="")
    make_lesson_page(make_module_page(page))
    publish(CoursePage.objects.get())
    assert Course.objects.get().slug == "sians-cafe"
    assert "Siân’s café" in client.get("/courses/").content.decode()
    assert client.get("/courses/sians-cafe/").status_code == 200


@pytest.mark.parametrize("slug", ["siân", "a b", "a.b", "a/b", "a\n"])
def test_a_page_with_another_address_is_refused_at_its_field(slug):
    with pytest.raises(ValidationError) as refusal:
        make_course_page(make_site(), slug=slug)
    assert "slug" in refusal.value.message_dict


@pytest.mark.parametrize("slug", ["siân", "a b", "", "a\n"])
def test_no_row_holds_an_address_that_cannot_be_reached(client, slug):
    course = make_course()
    with pytest.raises(IntegrityError), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(slug=slug)
    assert client.get("/courses/").status_code == 200


def test_addresses_from_before_are_made_plain():
    migration = importlib.import_module("courses.migrations.0002_addresses")
    good, bad, other = CourseFactory(slug="sian"), CourseFactory(), CourseFactory()
    with connection.cursor() as cursor:  # as it was before the constraint
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL wants them done first
            cursor.execute("ALTER TABLE courses_course DROP CONSTRAINT course_slug_is_plain")
        Course.objects.filter(pk=bad.pk).update(slug="siân")
        Course.objects.filter(pk=other.pk).update(slug="Ὀδυσσεύς")
        migration.make_plain(apps, None)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert list(Course.objects.order_by("pk").values_list("slug", flat=True)) == [
        good.slug,
        "sian-2",
        other.key,
    ]


class TestOneOwner:
    def test_a_new_course_takes_the_address_of_one_whose_page_is_gone(self, client):
        catalogue = make_site()
        make_course_page(catalogue, title="First").delete()
        page = make_course_page(catalogue, title="Second")
        assert page.course.slug == "a-course"
        assert set(Course.objects.values_list("title", "slug")) == {
            ("First", "a-course-2"),
            ("Second", "a-course"),
        }

    def test_records_of_the_old_course_stay_with_it(self):
        page = make_published_course()
        enrolment = EnrolmentFactory(course=page.course)
        page.delete()
        make_course_page(make_site())
        enrolment.refresh_from_db()
        assert enrolment.course.slug == "a-course-2"

    def test_so_does_one_that_was_taken_down_and_renamed(self):
        catalogue = make_site()
        first = make_course_page(catalogue)
        first.unpublish()
        CoursePage.objects.filter(pk=first.pk).update(slug="renamed-while-down")
        page = make_course_page(catalogue)
        assert page.course.slug == "a-course"


class TestRenamed:
    @pytest.fixture
    def renamed(self):
        page = make_published_course()
        page.slug = "new-name"
        publish(page)
        return Course.objects.get()

    def test_old_addresses_lead_on_for_good(self, client, renamed):
        lesson = Lesson.objects.get().public_id
        client.force_login(UserFactory())
        for rest in ("", "continue/", "completed/", f"lessons/{lesson}/"):
            response = client.get(f"/courses/a-course/{rest}?a=1")
            assert response.status_code == 301
            assert response.url == f"/courses/new-name/{rest}?a=1"

    def test_a_form_that_was_open_is_not_lost(self, client, renamed):
        client.force_login(UserFactory())
        response = client.post("/courses/a-course/enrol/", {"route": "online"})
        assert (response.status_code, response.url) == (308, "/courses/new-name/enrol/")

    def test_an_address_nobody_ever_had_is_not_found(self, client, renamed):
        client.force_login(UserFactory())
        assert client.get("/courses/never/").status_code == 404
        assert client.get("/courses/never/continue/").status_code == 404

    def test_a_course_that_takes_the_old_address_keeps_it(self, client, renamed):
        page = make_course_page(make_site())
        make_lesson_page(make_module_page(page))
        publish(CoursePage.objects.get(pk=page.pk))
        assert client.get("/courses/a-course/").status_code == 200
        assert not FormerAddress.objects.exists()

    def test_going_back_to_the_old_address(self, client, renamed):
        page = CoursePage.objects.get()
        page.slug = "a-course"
        publish(page)
        assert client.get("/courses/a-course/").status_code == 200
        assert client.get("/courses/new-name/").url == "/courses/a-course/"
