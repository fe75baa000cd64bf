from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import needs_second_factor
from lms.core.devices import device_name
from lms.core.site import site_name

# Kinds that stand alone: recovery codes only help out when one of these is not at hand.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "Your role on this site needs a second step at sign-in, and this is the only one you "
            "have. Set up another one first, then you can remove this one."
        ),
        "incorrect_code": gettext_lazy("That did not match. Check it and try again."),
        "unverified_email": gettext_lazy(
            "Confirm your e-mail address first. Then you can set up a second step."
        ),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Say whether a factor may go: staff keep one, as long as the site asks them for it."""
        person: User = authenticator.user
        if not settings.SECOND_FACTOR_REQUIRED or not needs_second_factor(person):
            return True
        others = Authenticator.objects.filter(user=person, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 - theirs
        """Name a passkey after the device it is made on."""
        return device_name(context.request.headers.get("User-Agent", "")) or _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the site's own host, whichever of its names a request came by."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": site_name()}

    def get_totp_issuer(self) -> str:
        """Name the site in the person's authenticator app."""
        return site_name()
