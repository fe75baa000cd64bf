import pytest
from django.core import mail
from django.utils import timezone

from notifications.tasks import send_due_notices, send_notice
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db


def test_the_task_sends_its_notice_and_swallows_what_it_does_not_know():
    other = NoticeFactory(due_at=timezone.now())
    notice = NoticeFactory(due_at=timezone.now())
    send_notice(pk=notice.pk, priority="from a newer release")
    assert [message.to for message in mail.outbox] == [[notice.address], [other.address]]


def test_the_sweep_sends_what_is_due():
    NoticeFactory.create_batch(2, due_at=timezone.now())
    send_due_notices(since="an older release")
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("task", "name"),
    [
        (send_notice, "notifications.send_notice"),
        (send_due_notices, "notifications.send_due_notices"),
    ],
)
def test_tasks_are_known_by_name_and_acknowledged_late(task, name):
    assert (task.name, task.acks_late) == (name, True)


def test_the_sweep_is_in_the_beat_schedule(settings):
    swept = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "notifications.send_due_notices" in swept
