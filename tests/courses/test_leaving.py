"""Lessons that may be hard to read: away at once, support beside them, and where somebody is."""

import datetime

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from accounts.enums import Role
from accounts.services import grant_role, sync_groups
from courses.models import Lesson, LessonPage, LessonProgress
from courses.queries import content_note_of, lesson_for
from courses.queries.beside import support_beside
from lms.core.models import SiteSettings
from tests.courses.test_views import Learner
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW, EnrolmentFactory, FactFactory, make_course

pytestmark = pytest.mark.django_db

NOTE = "A death is spoken of."
AWAY = "https://www.bbc.co.uk/weather"


def hard_lesson(**fields):
    learner = Learner()
    Lesson.objects.filter(pk=learner.lesson.pk).update(content_note=NOTE, **fields)
    return learner


def set_site(**fields):
    SiteSettings.objects.update(contact_email="", contact_phone="")
    for row in SiteSettings.objects.all():
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    cache.clear()


def test_a_hard_lesson_can_be_left_at_once_and_another_cannot():
    page = hard_lesson().page().content.decode()
    assert page.count(f'href="{AWAY}"') == 2  # the button, and a skip link
    assert 'data-module="govuk-exit-this-page"' in page
    assert page.count('rel="nofollow noreferrer"') == 2
    assert "Stop for now" in page


def test_a_lesson_that_is_not_hard_has_no_such_button():
    page = Learner().page().content.decode()
    assert AWAY not in page
    assert "Leave now" not in page


def test_the_module_s_note_brings_it_too():
    learner = Learner()
    learner.lesson.course.modules.update(content_note=NOTE)
    assert AWAY in learner.page().content.decode()


def test_the_charity_says_where_to():
    learner = hard_lesson()
    set_site(leave_url="https://example.org/news")
    page = learner.page().content.decode()
    assert 'href="https://example.org/news"' in page
    assert AWAY not in page


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org/", "weather"])
def test_only_an_address_of_the_web_is_taken(address):
    with pytest.raises(ValidationError) as refused:
        SiteSettings(leave_url=address).clean_fields(exclude=["site"])
    assert "leave_url" in refused.value.message_dict


def test_support_is_what_the_register_says_of_it():
    shown = FactFactory(title="A line for families", is_support=True)
    FactFactory(title="Another line")
    FactFactory(title="An old line", is_support=True, is_retired=True)
    page = hard_lesson().page().content.decode()
    assert 'href="#support"' in page
    assert shown.title in page
    assert "Checked 1 November 2026" in page
    assert "Another line" not in page
    assert "An old line" not in page
    assert "We are checking this." not in page


def test_support_past_its_review_says_so():
    FactFactory(is_support=True, review_on=datetime.date(2026, 11, 2))
    assert "We are checking this." in hard_lesson().page().content.decode()


def test_without_an_entry_it_is_the_charity_and_without_that_the_lesson_itself():
    learner = hard_lesson()
    lesson = Lesson.objects.get(pk=learner.lesson.pk)
    set_site(contact_phone="01632 960 001")
    page = learner.page().content.decode()
    assert 'href="tel:01632960001"' in page

    set_site()
    assert support_beside(NOTE, lesson.body).anchor == ""
    assert "Get support" not in learner.page().content.decode()

    lesson.body = [("support", {"title": "Talk", "text": "<p>To somebody.</p>"})]
    lesson.save()
    block = Lesson.objects.get(pk=lesson.pk).body[0].id
    assert f'href="#block-{block}"' in learner.page().content.decode()


@pytest.mark.parametrize("own", [NOTE, ""])
def test_a_preview_has_it_as_well(own):
    learner = Learner()
    page = LessonPage.objects.get()
    page.content_note = own
    module = page.get_parent().specific
    module.content_note = "" if own else NOTE
    module.save()
    shown = page.serve_preview(RequestFactory().get("/"), "").content.decode()
    assert NOTE in shown
    assert AWAY in shown

    Lesson.objects.update(content_note=own)
    learner.lesson.course.modules.update(content_note=module.content_note)
    editor = UserFactory()
    grant_role(user=editor, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
    sync_groups(on=NOW.date())
    learner.client.force_login(editor)
    assert AWAY in learner.page().content.decode()


def test_the_note_of_a_lesson_is_its_own_or_its_module_s():
    course = make_course(lessons=1)
    lesson = course.lessons.get()
    assert content_note_of(lesson) == ""
    course.modules.update(content_note="Of the module.")
    assert content_note_of(lesson) == "Of the module."
    lesson.content_note = NOTE
    assert content_note_of(lesson) == NOTE


class TestPlace:
    def test_the_module_s_lessons_with_how_they_stand(self):
        enrolment = EnrolmentFactory(course=make_course(lessons=3))
        first, second, third = [
            step.lesson for step in enrolment.version.version_lessons.order_by("position")
        ]
        LessonProgress.objects.create(
            enrolment=enrolment, lesson=first, started_at=NOW, finished_at=NOW
        )
        LessonProgress.objects.create(enrolment=enrolment, lesson=second, started_at=NOW)
        place = lesson_for(enrolment, second).module
        assert [(x.title, x.status, x.is_current) for x in place.lessons] == [
            (first.title, "Finished", False),
            (second.title, "Begun", True),
            (third.title, "Not begun", False),
        ]
        assert (place.finished, place.minutes_left) == (1, 10)

    @pytest.mark.parametrize("rows", [1, 3, 30])
    def test_queries(self, rows, django_assert_num_queries):
        enrolment = EnrolmentFactory(course=make_course(lessons=rows))
        lesson = enrolment.version.version_lessons.first().lesson
        for _ in range(rows):
            FactFactory(is_support=True)
        with django_assert_num_queries(4):
            lesson_for(enrolment, lesson)
        lesson.content_note = NOTE
        with django_assert_num_queries(5):
            lesson_for(enrolment, lesson)
