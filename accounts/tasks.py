from celery import shared_task
from django.conf import settings
from django.utils import timezone


@shared_task(name="accounts.refresh_roles", acks_late=True)
def refresh_roles(**_unknown: object) -> None:
    """Let roles begin and end with the day. Harmless at any hour."""
    from accounts.services import refresh_all_roles

    refresh_all_roles(on=timezone.localdate())


@shared_task(name="accounts.purge_audit", acks_late=True)
def purge_audit(**_unknown: object) -> None:
    from accounts import services

    services.purge_audit(now=timezone.now(), keep_days=settings.AUDIT_KEEP_DAYS)
