"""Searching by part of a name finds it whatever its capitals, on both databases."""

import pytest

from accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Łukasz Żak", "łukasz"),
        ("Łukasz Żak", "ŻAK"),
        ("Sofía Ñuñez", "ñuñez"),
        ("Ελένη Παπά", "ΕΛΈΝΗ"),
        ("Anna Smith", "a sm"),
        ("100% Sure", "0% s"),
        ("Under_score", "r_s"),
        ("Back\\slash", "k\\s"),
        ("Line\nbreak", "line\nb"),
        ("Hook [a-z]", "[a-z]"),
    ],
)
def test_it_is_found(name, word):
    person = UserFactory(full_name=name)
    assert list(User.objects.filter(full_name__icontains=word)) == [person]


@pytest.mark.parametrize(
    ("name", "word"), [("Anna", "a%a"), ("Anna", "a__a"), ("Anna", "annab"), ("Hook a", "[a-z]")]
)
def test_signs_stand_for_themselves(name, word):
    UserFactory(full_name=name)
    assert not User.objects.filter(full_name__icontains=word).exists()


def test_beginnings_and_ends():
    person = UserFactory(full_name="Łukasz Żak")
    assert list(User.objects.filter(full_name__istartswith="łuk")) == [person]
    assert list(User.objects.filter(full_name__iendswith="żAK")) == [person]
    assert not User.objects.filter(full_name__istartswith="ukasz").exists()


def test_nothing_is_like_what_is_not_there():
    UserFactory(job_role=None)
    assert not User.objects.filter(job_role__name__icontains="a").exists()
    assert User.objects.exclude(job_role__name__icontains="a").count() == 1
