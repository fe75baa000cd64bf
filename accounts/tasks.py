from celery import shared_task
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
