from celery import shared_task
from django.utils import timezone


@shared_task(name="notifications.send_notice", acks_late=True)
def send_notice(pk: int, **_unknown: object) -> None:
    """Hurry one notice; the sweep would find it too."""
    from notifications.services import deliver_notice

    deliver_notice(pk=pk, now=timezone.now())


@shared_task(name="notifications.send_due_notices", acks_late=True)
def send_due_notices(**_unknown: object) -> None:
    """Make the daily summaries that are due, and send everything that is."""
    from notifications.services import deliver_due, make_digests

    make_digests(now=timezone.now())
    deliver_due(now=timezone.now())


@shared_task(name="notifications.clear_old_messages", acks_late=True)
def clear_old_messages(**_unknown: object) -> None:
    """Delete the text of messages whose time is over."""
    from notifications.services import clear_old_messages as clear

    clear(now=timezone.now())
