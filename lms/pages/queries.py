"""What the frame of every page shows of the site's own pages."""

from django.core.cache import cache
from django.db.models import QuerySet
from wagtail.models import Page

from lms.pages.models import ContentPage, HomePage

CACHE_KEY = "footer-pages"
CACHE_SECONDS = 300


def footer_pages() -> list[tuple[str, str]]:
    """List the title and address of the pages that editors show in menus, for the foot of a page.

    These are the content pages directly below the home page, in the order they have there. Kept
    in the cache: lms.pages.receivers forgets it when a page changes.
    """
    found = cache.get(CACHE_KEY)
    if found is None:
        found = [(page.title, page.url) for page in _shown() if page.url]
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return found


def _shown() -> QuerySet[Page]:
    homes = HomePage.objects.live()
    below = ContentPage.objects.live().public().in_menu()
    return below.filter(depth__in=[home.depth + 1 for home in homes]).order_by("path")
