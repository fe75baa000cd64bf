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


@shared_task(name="certificates.make_bundle", acks_late=True)
def make_bundle(pk: int, **_unknown: object) -> None:
    """Hurry one zip file; the sweep would find it too."""
    from certificates import services

    services.make_bundle(bundle_id=pk, now=timezone.now())


@shared_task(name="certificates.make_bundles", acks_late=True)
def make_bundles(**_unknown: object) -> None:
    from certificates import services

    services.make_bundles(now=timezone.now())


@shared_task(name="certificates.sweep_bundles", acks_late=True)
def sweep_bundles(**_unknown: object) -> None:
    from certificates import services

    services.sweep_bundles(now=timezone.now())
