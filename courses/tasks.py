from celery import shared_task
from django.utils import timezone


@shared_task(name="courses.remind_owners_of_facts", acks_late=True)
def remind_owners_of_facts(**_unknown: object) -> None:
    from courses.services import facts

    facts.remind_owners(now=timezone.now())


@shared_task(name="courses.check_links", acks_late=True)
def check_links(**_unknown: object) -> None:
    from courses.services import links

    if links.look_at_links(now=timezone.now()):
        check_links.delay()
