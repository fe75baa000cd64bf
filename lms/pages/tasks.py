from celery import shared_task
from django.utils import timezone


@shared_task(name="pages.publish_scheduled", acks_late=True)
def publish_scheduled(**_unknown: object) -> None:
    """Publish and take down what editors gave a date."""
    from lms.pages.scheduled import publish_and_take_down

    publish_and_take_down(now=timezone.now())
