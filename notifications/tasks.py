import time

from celery import shared_task
from django.conf import settings
from django.utils import timezone

# How long a sweep goes on while there is something to send; then others have their turn.
SWEEP_LASTS_SECONDS = 45
HURRY_LASTS_SECONDS = 5


@shared_task(name="notifications.send_notice", acks_late=True)
def send_notice(pk: int, **_unknown: object) -> None:
    """Hurry one notice, then what else is due: behind a thousand of these no sweep gets a turn."""
    from notifications.services import deliver_due, deliver_notice

    deliver_notice(pk=pk, now=timezone.now())
    deliver_due(now=timezone.now(), seconds=HURRY_LASTS_SECONDS)


@shared_task(name="notifications.send_due_notices", acks_late=True)
def send_due_notices(**_unknown: object) -> None:
    """Make the daily summaries that are due, and send what is, while anything finds its place."""
    from notifications.services import deliver_batch, make_digests, release_changed_addresses

    release_changed_addresses(now=timezone.now())
    make_digests(now=timezone.now())
    last = time.monotonic() + SWEEP_LASTS_SECONDS
    while (left := last - time.monotonic()) > 0:
        if not deliver_batch(now=timezone.now(), seconds=left).settled:
            break


@shared_task(name="notifications.read_bounces", acks_late=True)
def read_bounces(**_unknown: object) -> None:
    """Read what came back to the mailbox for returned mail, where there is one."""
    from notifications.services import messages_on_server, read_reports

    if settings.BOUNCE_IMAP_URL:
        read_reports(messages_on_server(settings.BOUNCE_IMAP_URL), now=timezone.now())


@shared_task(name="notifications.clear_old_messages", acks_late=True)
def clear_old_messages(**_unknown: object) -> None:
    """Delete the text of messages whose time is over."""
    from notifications.services import clear_old_messages as clear

    clear(now=timezone.now())
