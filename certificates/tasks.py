from celery import shared_task
from django.utils import timezone


@shared_task(name="certificates.render_award", acks_late=True)
def render_award(pk: int, **_unknown: object) -> None:
    """Hurry one certificate; the sweep would find it too."""
    from certificates import services

    services.render_award(award_id=pk, now=timezone.now())


@shared_task(name="certificates.render_missing", acks_late=True)
def render_missing(**_unknown: object) -> None:
    from certificates import services

    services.render_missing(now=timezone.now())


@shared_task(name="certificates.remind_of_expiry", acks_late=True)
def remind_of_expiry(**_unknown: object) -> None:
    from certificates import services

    services.remind_of_expiry(now=timezone.now())
