"""What templates without a request (e-mails) need to know about the site."""

from allauth.account import app_settings
from django import template
from django.conf import settings

from lms.core.site import SiteIdentity, site_identity

register = template.Library()


@register.simple_tag
def site_name() -> str:
    """Give the site's name."""
    return site_identity().name


@register.simple_tag
def site_contact() -> SiteIdentity:
    """Give the charity's name and how to reach it, as set in the admin."""
    return site_identity()


@register.simple_tag
def site_url() -> str:
    """Give the site's own address, without a last slash."""
    return settings.SITE_URL


@register.simple_tag
def code_minutes(use: str) -> int:
    """Give how many minutes an e-mailed code lives; `use` is 'login', 'address' or 'reset'."""
    seconds = {
        "login": app_settings.LOGIN_BY_CODE_TIMEOUT,
        "address": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        "reset": app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT,
    }
    return seconds[use] // 60


@register.simple_tag
def reset_link_days() -> int:
    """Give how many days an e-mailed link for a new password works."""
    return settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
