"""What editors scheduled happens by itself."""

import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from courses.models import Course, CourseVersion, LessonPage
from lms.celery import app
from lms.pages.tasks import publish_scheduled
from tests.factories.pages import make_lesson_page, make_published_course

pytestmark = pytest.mark.django_db


def schedule(page, **moments):
    """Publish as the editor's button does, with moments still to come; then let them pass."""
    later = timezone.now() + datetime.timedelta(hours=1)
    for name in moments:
        setattr(page, name, later)
    revision = page.save_revision()
    revision.publish()
    past = timezone.now() - datetime.timedelta(minutes=1)
    revision.refresh_from_db()
    if "go_live_at" in moments:
        revision.content["go_live_at"] = past.isoformat()
        revision.approved_go_live_at = past
        revision.save()
    if "expire_at" in moments:
        type(page).objects.filter(pk=page.pk).update(expire_at=past)


def test_beat_knows_the_task():
    tasks = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    app.loader.import_default_modules()
    assert "pages.publish_scheduled" in tasks
    assert set(tasks) <= set(app.tasks)


def test_new_words_go_live_when_their_time_has_come():
    course = make_published_course()
    course.title = "New words"
    schedule(course, go_live_at=True)
    assert Course.objects.get().title == "A course"
    publish_scheduled()
    assert Course.objects.get().title == "New words"


def test_a_scheduled_course_makes_its_version():
    course = make_published_course()
    make_lesson_page(course.get_children().get().specific, title="One more")
    schedule(course, go_live_at=True)
    assert CourseVersion.objects.count() == 1
    publish_scheduled()
    assert Course.objects.get().latest_version.version_lessons.count() == 2


def test_a_course_is_taken_down_when_its_time_is_over():
    course = make_published_course()
    schedule(course, expire_at=True)
    assert Course.objects.open().exists()
    publish_scheduled()
    assert not Course.objects.open().exists()
    course.refresh_from_db()
    assert course.expired


def test_nothing_due_changes_nothing():
    make_published_course()
    publish_scheduled()
    assert LessonPage.objects.get().live
    assert CourseVersion.objects.count() == 1
