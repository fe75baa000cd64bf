from celery import shared_task
from django.utils import timezone


@shared_task(name="courses.remind_owners_of_facts", acks_late=True)
def remind_owners_of_facts(**_unknown: object) -> None:
    from courses.services import facts

    facts.remind_owners(now=timezone.now())


@shared_task(name="courses.carry_on_pack", acks_late=True)
def carry_on_pack(pk: int, **_unknown: object) -> None:
    """Hurry one course pack; the sweep would find it too."""
    from courses.services.packs.working import work_on_pack

    work_on_pack(pk=pk, now=timezone.now())


@shared_task(name="courses.carry_on_packs", acks_late=True)
def carry_on_packs(**_unknown: object) -> None:
    from courses.services.packs.working import work_on_packs

    work_on_packs(now=timezone.now())


@shared_task(name="courses.clear_old_packs", acks_late=True)
def clear_old_packs(**_unknown: object) -> None:
    from courses.services.packs import uploads

    uploads.clear_old_packs(now=timezone.now())


@shared_task(name="courses.check_links", acks_late=True)
def check_links(**_unknown: object) -> None:
    from courses.services import links

    if links.look_at_links(now=timezone.now()):
        check_links.delay()


@shared_task(name="courses.make_cpd_file", acks_late=True)
def make_cpd_file(pk: int, **_unknown: object) -> None:
    """Hurry one PDF of a CPD record; the sweep would find it too."""
    from courses.services import cpd_files

    cpd_files.make_cpd_file(file_id=pk, now=timezone.now())


@shared_task(name="courses.look_after_cpd_files", acks_late=True)
def look_after_cpd_files(**_unknown: object) -> None:
    from courses.services import cpd_files

    cpd_files.look_after_cpd_files(now=timezone.now())
