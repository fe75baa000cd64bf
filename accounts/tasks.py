from celery import shared_task
from django.conf import settings
from django.utils import timezone


@shared_task(name="accounts.carry_on_import", acks_late=True)
def carry_on_import(pk: int, **_unknown: object) -> None:
    """Hurry one import; the sweep would find it too."""
    from accounts.services.imports import work_on_import

    work_on_import(pk=pk, now=timezone.now())


@shared_task(name="accounts.carry_on_imports", acks_late=True)
def carry_on_imports(**_unknown: object) -> None:
    from accounts.services.imports import work_on_imports

    work_on_imports(now=timezone.now())


@shared_task(name="accounts.purge_import_rows", acks_late=True)
def purge_import_rows(**_unknown: object) -> None:
    from accounts.services.imports import purge_rows

    purge_rows(now=timezone.now())


@shared_task(name="accounts.refresh_roles", acks_late=True)
def refresh_roles(**_unknown: object) -> None:
    """Let roles begin and end with the day. Harmless at any hour."""
    from accounts.services import refresh_all_roles

    refresh_all_roles(on=timezone.localdate())


@shared_task(name="accounts.purge_audit", acks_late=True)
def purge_audit(**_unknown: object) -> None:
    from accounts import services

    services.purge_audit(now=timezone.now(), keep_days=settings.AUDIT_KEEP_DAYS)
