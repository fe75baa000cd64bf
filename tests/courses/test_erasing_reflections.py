"""What somebody wrote for themselves is theirs to erase, asked any more or not."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from courses.models import LessonProgress, Reflection
from courses.services import ReflectionGone, erase_reflection
from tests.courses.test_reflections import WORDS, Writer
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def address(reflection):
    return reverse("courses:reflection-erase", args=[reflection.pk])


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_the_page_asks_and_only_the_button_erases():
    writer = Writer()
    kept = writer.keep()
    listed = writer.client.get("/my-learning/reflections/").content.decode()
    assert f'href="{address(kept)}"' in listed
    asked = writer.client.get(address(kept)).content.decode()
    assert WORDS in asked
    assert "It cannot be brought back" in asked
    assert Reflection.objects.exists()

    response = writer.client.post(address(kept))
    assert response["Location"] == "/my-learning/reflections/"
    assert told(response) == "What you wrote is erased."
    assert not Reflection.objects.exists()


def test_what_a_lesson_no_longer_asks_is_erased_too():
    writer = Writer()
    kept = writer.keep()
    writer.take_out()
    writer.client.post(address(kept))
    assert not Reflection.objects.exists()


def test_only_the_one_is_erased_and_the_lesson_stays_as_it_was():
    writer = Writer(blocks=2)
    first = writer.keep()
    second = writer.keep(block=writer.lesson.body[1].id)
    writer.client.get(writer.url())
    before = list(LessonProgress.objects.values())
    erase_reflection(user=writer.user, pk=first.pk)
    assert list(Reflection.objects.all()) == [second]
    assert list(LessonProgress.objects.values()) == before


def test_a_second_press_says_that_it_is_erased():
    writer = Writer()
    kept = writer.keep()
    writer.client.post(address(kept))
    response = writer.client.post(address(kept))
    assert response.status_code == 302
    assert "nothing of it is kept" in told(response)


def test_somebody_else_s_is_not_there():
    kept = Writer().keep()
    other = UserFactory()
    client = Client()
    assert client.get(address(kept)).status_code == 302
    client.force_login(other)
    assert client.get(address(kept)).status_code == 404
    client.post(address(kept))
    with pytest.raises(ReflectionGone):
        erase_reflection(user=other, pk=kept.pk)
    assert Reflection.objects.get() == kept
