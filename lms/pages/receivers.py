"""Menus follow the pages."""

from typing import Any

from django.core.cache import cache
from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from lms.pages.models import ContentPage
from lms.pages.queries import CACHE_KEY


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def forget_menus(**kwargs: Any) -> None:
    cache.delete(CACHE_KEY)


@receiver(post_delete, sender=ContentPage)
def forget_menus_of_deleted(**kwargs: Any) -> None:
    cache.delete(CACHE_KEY)
