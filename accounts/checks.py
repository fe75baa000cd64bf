"""What `check --deploy` refuses about signing in."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.http.request import validate_host


@register(Tags.security, deploy=True)
def second_factor_is_required(**_arguments: Any) -> list[CheckMessage]:
    """Refuse a site for real people on which staff need no second factor."""
    if settings.SECOND_FACTOR_REQUIRED:
        return []
    return [
        Error(
            "Staff may sign in without a second factor.",
            hint="Remove SECOND_FACTOR_REQUIRED=0 from the environment.",
            id="accounts.E001",
        )
    ]


@register(Tags.security, deploy=True)
def passkeys_belong_to_this_site(**_arguments: Any) -> list[CheckMessage]:
    """Refuse what would make passkeys useless, or good for another site's address."""
    found: list[CheckMessage] = []
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https" or not validate_host(site.hostname or "", settings.ALLOWED_HOSTS):
        found.append(
            Error(
                "Passkeys work only where SITE_URL begins with https:// and its host is one of "
                "ALLOWED_HOSTS.",
                id="accounts.E002",
            )
        )
    if getattr(settings, "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", False):
        found.append(
            Error(
                "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN is for your own computer only.",
                id="accounts.E003",
            )
        )
    return found
