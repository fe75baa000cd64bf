"""What learners write for themselves: kept, found again, taken away, and nobody else's."""

import datetime

import pytest
from django.apps import apps
from django.test import Client
from wagtail.models import ReferenceIndex

from accounts.enums import Role
from accounts.services import grant_role, sync_groups
from courses.models import Enrolment, Lesson, LessonPage, LessonProgress, Reflection
from courses.services import ReflectionGone, ReflectionRefused, enrol, keep_reflection
from tests.courses.lessons import reflection
from tests.courses.test_views import Learner
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.pages import publish

pytestmark = pytest.mark.django_db

WORDS = "I thought of Mum in the queue"
BY_SCRIPT = {"HTTP_X_REQUESTED_WITH": "fetch"}


class Writer(Learner):
    def __init__(self, blocks=1):
        super().__init__([reflection(f"Think {n}") for n in range(1, blocks + 1)])
        self.block = self.lesson.body[0].id

    def keep(self, text=WORDS, block=None):
        return keep_reflection(
            enrolment=self.enrolment,
            lesson=self.lesson,
            block_id=block or self.block,
            text=text,
            now=NOW,
        )

    def send(self, text=WORDS, block=None, **headers):
        url = self.url("reflection", block_id=block or self.block)
        return self.client.post(url, {"text": text}, **headers)

    def take_out(self):
        """An editor publishes the lesson without what it asked."""
        page = LessonPage.objects.get()
        page.body = [("text", "<p>Something else.</p>")]
        publish(page)
        self.lesson = Lesson.objects.get()


def test_it_is_kept_with_the_question_as_it_was_read():
    writer = Writer()
    writer.keep("  Two\r\nlines ")
    kept = Reflection.objects.get()
    assert (kept.text, kept.title, kept.saved_at) == ("Two\nlines", "Think 1", NOW)
    assert "<b>there</b>" in kept.prompt
    assert kept.is_in_cpd is False


def test_the_last_one_written_counts_and_what_is_empty_is_not_kept():
    writer = Writer()
    writer.keep("One")
    writer.keep("Two")
    assert Reflection.objects.get().text == "Two"
    assert writer.keep(" \n ") is None
    assert not Reflection.objects.exists()


@pytest.mark.parametrize("text", ["x" * 10_001, "a\x00b"])
def test_what_cannot_be_kept_is_refused_and_nothing_written(text):
    writer = Writer()
    writer.keep()
    with pytest.raises(ReflectionRefused):
        writer.keep(text)
    assert Reflection.objects.get().text == WORDS


def test_a_block_the_lesson_does_not_have_keeps_nothing():
    with pytest.raises(ReflectionGone):
        Writer().keep(block="forged")
    assert not Reflection.objects.exists()


def test_what_was_kept_can_be_written_on_when_the_lesson_no_longer_asks_it():
    writer = Writer()
    writer.keep()
    writer.take_out()
    writer.keep("More")
    kept = Reflection.objects.get()
    assert (kept.text, kept.title) == ("More", "Think 1")


def test_a_script_is_told_when_it_was_saved():
    response = Writer().send(**BY_SCRIPT)
    assert response.status_code == 200
    assert response.content.decode().startswith("Saved at ")


def test_a_button_saves_it_and_the_lesson_shows_it_again():
    writer = Writer()
    response = writer.send()
    assert response.url.endswith(f"#block-{writer.block}")
    page = writer.page().content.decode()
    assert WORDS in page
    assert "Saved on " in page
    assert "Saved at " in page  # the message


def test_what_is_too_long_is_shown_again_as_it_was_typed():
    writer = Writer()
    response = writer.send("y" * 10_001)
    assert response.status_code == 422
    page = response.content.decode()
    assert "y" * 10_001 in page
    assert "under 10,000 characters" in page
    assert f'href="#reflection-{writer.block}"' in page
    refused = writer.send("y" * 10_001, **BY_SCRIPT)
    assert (refused.status_code, refused.content[:9]) == (422, b"Not saved")


def test_what_was_typed_into_a_lesson_that_changed_meanwhile_can_be_copied():
    writer = Writer()
    writer.take_out()
    response = writer.send()
    assert response.status_code == 404
    assert WORDS in response.content.decode()


def test_signed_out_it_says_so():
    writer = Writer()
    writer.client.logout()
    response = writer.send(**BY_SCRIPT)
    assert response.status_code == 401
    assert "signed out" in response.content.decode()


def test_it_does_not_hold_up_finishing():
    writer = Writer()
    writer.client.post(writer.url("lesson-finish"))
    assert LessonProgress.objects.get().finished_at is not None


# --- all together ---


def test_all_of_them_are_listed_by_course_and_lesson_even_those_no_longer_asked():
    writer = Writer()
    writer.keep()
    writer.take_out()
    page = writer.client.get("/my-learning/reflections/").content.decode()
    for text in (WORDS, "Think 1", "<b>there</b>", writer.course.title, writer.lesson.title):
        assert text in page
    assert writer.url() in page


def test_those_of_a_course_taken_earlier_are_listed_too():
    writer = Writer()
    writer.keep()
    Enrolment.objects.update(completed_at=NOW)
    enrol(
        user=writer.user,
        course=writer.course,
        route_kind="online",
        is_refresher=True,
        now=NOW + datetime.timedelta(days=400),
    )
    assert WORDS not in writer.page().content.decode()
    page = writer.client.get("/my-learning/reflections/").content.decode()
    assert WORDS in page
    assert writer.url() not in page  # the lesson open now is that of the new enrolment


def test_without_any_it_says_what_would_be_here():
    page = Writer().client.get("/my-learning/reflections/").content.decode()
    assert "You have not written anything yet" in page


def test_they_can_be_taken_away_as_text():
    writer = Writer()
    writer.keep("One\nTwo")
    response = writer.client.get("/my-learning/reflections/download/")
    text = response.content.decode("utf-8-sig")
    assert response["Content-Disposition"] == 'attachment; filename="my-reflections.txt"'
    assert "no-store" in response["Cache-Control"]
    assert "Think 1\r\nWho was there?" in text
    assert "One\r\nTwo" in text


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries(rows, django_assert_num_queries):
    writer = Writer(blocks=rows)
    for block in writer.lesson.body:
        writer.keep(block=block.id)
    writer.page()
    with django_assert_num_queries(8):
        writer.page()
    with django_assert_num_queries(4):
        writer.client.get("/my-learning/reflections/")


# --- nobody else ---


@pytest.mark.parametrize("role", [None, *Role])
def test_nobody_else_ever_sees_them(role):
    writer = Writer()
    writer.keep()
    other = UserFactory()
    if role and role != Role.LEAD:
        grant_role(user=other, role=role, scope=None, now=NOW, starts_on=NOW.date())
        sync_groups(on=NOW.date())
    enrol(user=other, course=writer.course, route_kind="online", now=NOW)
    client = Client()
    client.force_login(other)
    for path in (
        writer.url(),
        "/my-learning/reflections/",
        "/my-learning/reflections/download/",
        "/account/held/download/",
        "/cms/",
        f"/cms/pages/{LessonPage.objects.get().pk}/edit/",
    ):
        assert WORDS not in client.get(path, follow=True).content.decode(errors="ignore"), path


def test_wagtail_has_no_screen_search_or_index_of_them():
    from django.urls import get_resolver
    from wagtail.search.index import get_indexed_models
    from wagtail.snippets.models import get_snippet_models

    assert Reflection not in get_indexed_models()
    assert Reflection not in get_snippet_models()
    assert not apps.is_installed("django.contrib.admin")
    assert "reflection" not in str(get_resolver("wagtail.admin.urls").reverse_dict).lower()
    assert ReferenceIndex.model_is_indexable(Reflection) is False


def test_they_are_in_what_is_held_about_their_writer():
    writer = Writer()
    writer.keep()
    assert WORDS in writer.client.get("/account/held/download/").content.decode()
