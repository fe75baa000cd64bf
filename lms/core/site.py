"""What the charity that runs this site is called, and how to reach it."""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from lms.core.models import LEAVE_URL, SITE_CACHE_KEY, SiteSettings

CACHE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class SiteIdentity:
    name: str
    charity: str
    contact_email: str = ""
    contact_phone: str = ""
    leave_url: str = LEAVE_URL


def site_identity() -> SiteIdentity:
    """Say what the site is called and how to reach who runs it, as set in the admin.

    Kept in the cache, so that the frame of a page costs no query; a change there is seen at once
    where the cache is shared, and within five minutes by every process otherwise.
    """
    found = cache.get(SITE_CACHE_KEY)
    if found is None:
        found = _read()
        cache.set(SITE_CACHE_KEY, found, CACHE_SECONDS)
    return found


def site_name() -> str:
    """Give the programme's name, which heads every page, message and certificate."""
    return site_identity().name


def _read() -> SiteIdentity:
    row = SiteSettings.objects.order_by("-site__is_default_site", "pk").first()
    if row is None:
        return SiteIdentity(settings.WAGTAIL_SITE_NAME, settings.WAGTAIL_SITE_NAME)
    return SiteIdentity(
        name=row.programme_name,
        charity=row.charity_name,
        contact_email=row.contact_email,
        contact_phone=row.contact_phone,
        leave_url=row.leave_url,
    )
