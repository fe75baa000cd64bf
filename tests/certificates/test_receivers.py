"""A completion brings its certificate, in the same transaction."""

import pytest
from django.db import transaction

from certificates.models import Award
from courses.models import Completion, LessonProgress
from courses.services import complete_if_due
from courses.signals import course_completed
from tests.factories.courses import NOW, CompletionFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db


def then_fail(work):
    """Do the work, and then something that takes the whole transaction down."""
    with transaction.atomic():
        work()
        raise ZeroDivisionError


@pytest.fixture
def enrolment():
    """Somebody who has finished every lesson."""
    enrolment = EnrolmentFactory()
    for row in enrolment.version.version_lessons.all():
        LessonProgress.objects.create(
            enrolment=enrolment, lesson=row.lesson, started_at=NOW, finished_at=NOW
        )
    return enrolment


def test_completing_a_course_gives_its_certificate(enrolment):
    completion = complete_if_due(enrolment=enrolment, now=NOW)
    assert Award.objects.get().completion == completion
    assert complete_if_due(enrolment=enrolment, now=NOW) == completion
    assert Award.objects.count() == 1


def test_both_fall_together(enrolment):
    with pytest.raises(ZeroDivisionError):
        then_fail(lambda: complete_if_due(enrolment=enrolment, now=NOW))
    assert not Award.objects.exists()
    assert not Completion.objects.exists()


def test_the_news_told_twice_gives_one_certificate():
    completion = CompletionFactory()
    for _ in range(2):
        course_completed.send(sender=Completion, completion=completion, now=NOW)
    assert Award.objects.get().awarded_at == NOW
