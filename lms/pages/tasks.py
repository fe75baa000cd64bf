from celery import shared_task
from django.core.management import call_command


@shared_task(name="pages.publish_scheduled", acks_late=True)
def publish_scheduled(**_unknown: object) -> None:
    """Publish and take down what editors gave a date, as Wagtail does it."""
    call_command("publish_scheduled")
