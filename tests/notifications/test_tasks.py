import datetime

import pytest
from django.core import mail
from django.utils import timezone

from notifications.models import Notice
from notifications.tasks import clear_old_messages, send_due_notices, send_notice
from tests.factories.notifications import MessageFactory, NoticeFactory, PreferenceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_quiet_hours")]


def test_the_task_sends_its_notice_and_swallows_what_it_does_not_know():
    other = NoticeFactory(due_at=timezone.now())
    notice = NoticeFactory(due_at=timezone.now())
    send_notice(pk=notice.pk, priority="from a newer release")
    assert [message.to for message in mail.outbox] == [[notice.address], [other.address]]


def test_the_sweep_sends_what_is_due():
    NoticeFactory.create_batch(2, due_at=timezone.now())
    send_due_notices(since="an older release")
    assert len(mail.outbox) == 2


def test_the_sweep_makes_the_daily_summaries_and_sends_them():
    held = PreferenceFactory().user
    long_ago = timezone.now() - datetime.timedelta(days=2)
    notice = MessageFactory(recipient=held, state="held", sent_at=None, posted_at=long_ago)
    send_due_notices()
    notice.refresh_from_db()
    assert notice.state == "sent"
    assert [message.to for message in mail.outbox] == [[held.email]]


def test_old_texts_are_cleared_each_night(settings):
    old = MessageFactory(posted_at=timezone.now() - datetime.timedelta(days=366))
    clear_old_messages(more="from a newer release")
    assert Notice.objects.get(pk=old.pk).body == ""
    swept = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "notifications.clear_old_messages" in swept


@pytest.mark.parametrize(
    ("task", "name"),
    [
        (send_notice, "notifications.send_notice"),
        (send_due_notices, "notifications.send_due_notices"),
        (clear_old_messages, "notifications.clear_old_messages"),
    ],
)
def test_tasks_are_known_by_name_and_acknowledged_late(task, name):
    assert (task.name, task.acks_late) == (name, True)


def test_the_sweep_is_in_the_beat_schedule(settings):
    swept = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "notifications.send_due_notices" in swept
