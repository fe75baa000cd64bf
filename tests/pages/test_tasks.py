"""What editors scheduled happens by itself."""

import datetime

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from wagtail.signals import page_published

from courses.models import Course, CourseVersion, LessonPage
from lms.celery import app
from lms.pages.tasks import publish_scheduled
from notifications.models import Notice
from notifications.services import deliver_due
from tests.factories.accounts import UserFactory
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


def due_but_not_publishable(course, editor):
    """A draft given its day by `editor`, and what it asks for was taken away since."""
    (route,) = course.course_routes.all()
    route.requires_assessment = True
    course.course_routes.add(route)
    past = timezone.now() - datetime.timedelta(days=1)
    course.go_live_at = past
    revision = course.save_revision(user=editor)
    revision.approved_go_live_at = past
    revision.save()


def test_a_page_that_cannot_be_published_stops_no_other():
    editor = UserFactory()
    course = make_published_course()
    due_but_not_publishable(course, editor)
    lesson = LessonPage.objects.get()
    lesson.title = "New words"
    schedule(lesson, go_live_at=True)
    publish_scheduled()
    lesson.refresh_from_db()
    assert lesson.title == "New words"
    assert not course.course.latest_version.routes.filter(requires_assessment=True).exists()
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (editor, "pages.not_published")
    noon = timezone.now().replace(hour=12) + datetime.timedelta(days=1)  # whatever the hour is now
    deliver_due(now=noon)
    (message,) = mail.outbox
    assert f"/cms/pages/{course.pk}/edit/" in message.body
    publish_scheduled()  # its day is gone: it is not tried again, and nobody is told twice
    assert Notice.objects.count() == 1
    draft = course.get_latest_revision_as_object()
    assert draft.course_routes.get().requires_assessment


def test_something_else_that_goes_wrong_is_tried_again(caplog):
    """A mistake of ours must not cost an editor their day."""
    course = make_published_course()
    lesson = LessonPage.objects.get()
    course.title = lesson.title = "New words"
    schedule(course, go_live_at=True)
    schedule(lesson, go_live_at=True)

    def broken(sender, instance, **kwargs):
        if instance.pk == course.pk:
            raise RuntimeError("broken")

    page_published.connect(broken)
    try:
        publish_scheduled()
    finally:
        page_published.disconnect(broken)
    lesson.refresh_from_db()
    course.refresh_from_db()
    assert (lesson.title, course.title) == ("New words", "A course")
    assert "Could not publish revision" in caplog.text
    assert not Notice.objects.exists()
    publish_scheduled()
    course.refresh_from_db()
    assert course.title == "New words"


def test_nothing_due_changes_nothing():
    make_published_course()
    publish_scheduled()
    assert LessonPage.objects.get().live
    assert CourseVersion.objects.count() == 1
