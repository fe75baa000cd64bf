from celery import shared_task
from django.utils import timezone


@shared_task(name="notifications.send_notice", acks_late=True)
def send_notice(pk: int, **_unknown: object) -> None:
    """Hurry one notice; the sweep would find it too."""
    from notifications.services import deliver_notice

    deliver_notice(pk=pk, now=timezone.now())


@shared_task(name="notifications.send_due_notices", acks_late=True)
def send_due_notices(**_unknown: object) -> None:
    from notifications.services import deliver_due

    deliver_due(now=timezone.now())
