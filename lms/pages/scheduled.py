"""What editors gave a date: published and taken down when it comes, each page by itself."""

import datetime
import logging
from collections.abc import Iterator

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail.models import DraftStateMixin, Page, Revision

from lms.pages.notices import tell_not_published

logger = logging.getLogger(__name__)


def publish_and_take_down(*, now: datetime.datetime) -> None:
    """Take down what has run out by `now`, and publish what is due; one bad page stops nobody.

    Wagtail's own command does the same in one go, and ends at the first page that is refused. A
    page that cannot be published by its day loses the day and stays a draft, and whoever gave it
    is told. Anything else that goes wrong is logged, and tried again at the next sweep.
    """
    for page in _run_out(now):
        try:
            with transaction.atomic():
                page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        except Exception:
            logger.exception("Could not take down %s %s", page._meta.label, page.pk)
    for revision in _due(now):
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except ValidationError:
            _give_up(revision, now)
        except Exception:
            logger.exception("Could not publish revision %s", revision.pk)


def _run_out(now: datetime.datetime) -> Iterator[DraftStateMixin]:
    for model in (Page, *_kinds_beside_pages()):
        yield from model._default_manager.filter(live=True, expire_at__lt=now).order_by(
            "expire_at", "pk"
        )


def _due(now: datetime.datetime) -> list[Revision]:
    due = Revision.objects.filter(approved_go_live_at__lt=now)
    return list(due.select_related("user").order_by("approved_go_live_at", "pk"))


def _kinds_beside_pages() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]


@transaction.atomic
def _give_up(revision: Revision, now: datetime.datetime) -> None:
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    logger.warning("Revision %s cannot be published by its day; it stays a draft", revision.pk)
    page = Page.objects.filter(pk=revision.object_id).first()
    if page is not None and revision.user is not None:
        tell_not_published(page=page, revision=revision, now=now)
