import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import SHARED_ADDRESS_REFUSED, is_shared_address
from accounts.queries import organisation_named
from accounts.services import join_organisation

logger = logging.getLogger(__name__)


class AgencyAdapter(DefaultSocialAccountAdapter):
    """Lets in whom an agency vouches for: with a verified address in one of its domains."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "agency_gone": gettext_lazy("That agency no longer signs people in here."),
        "email_taken": gettext_lazy("This address has an account here. Sign in with a code."),
        "no_password": gettext_lazy("Choose a password first. Then you can remove this."),
        "no_verified_email": gettext_lazy("Confirm your e-mail address first."),
    }

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """Say whether an address is reason enough to sign in the person here who has it."""
        return not _refusal(login)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Raise the page that refuses, or settle the one address this sign-in is about."""
        refusal = _refusal(sociallogin)
        address = sociallogin.email_addresses[0].email if sociallogin.email_addresses else ""
        if not refusal and not sociallogin.is_existing and is_shared_address(address):
            refusal = str(SHARED_ADDRESS_REFUSED)
        if refusal:
            page = {"agency": sociallogin.provider.name, "refusal": refusal}
            raise ImmediateHttpResponse(
                render(request, "socialaccount/refused.html", page, status=403)
            )
        settled = sociallogin.email_addresses[0]
        settled.email, settled.verified, settled.primary = address.lower(), True, True
        sociallogin.email_addresses = [settled]
        # What else the agency told (a picture, groups, a telephone number) is none of our business.
        account = sociallogin.account
        account.extra_data = {}
        if account.pk:
            account.save(update_fields=["extra_data"])

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = [data.get("first_name"), data.get("last_name")]
        name = data.get("name") or " ".join(part for part in parts if isinstance(part, str))
        user.full_name = name[:150] if isinstance(name, str) else ""
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody comes in without saying what their work is, and no agency tells us that."""
        return False

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Save a new person, and make them a member of the organisation the agency stands for."""
        user: User = super().save_user(request, sociallogin, form)
        wanted = sociallogin.provider.app.settings.get("organisation", "")
        if not wanted:
            return user
        organisation = organisation_named(wanted)
        if organisation is None:
            logger.error("OIDC_PROVIDERS: there is no one organisation %r.", wanted)
            return user
        now = timezone.now()
        join_organisation(
            user=user, organisation=organisation, starts_on=timezone.localdate(now), now=now
        )
        return user

    def validate_disconnect(self, account: Any, accounts: Any) -> None:
        """Refuse to take away what an agency left behind that no longer signs people in here."""
        try:
            account.get_provider()
        except SocialApp.DoesNotExist as error:
            raise self.validation_error("agency_gone") from error

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("accounts:security")


def _refusal(sociallogin: Any) -> str:
    """Say why an agency's answer lets nobody in; nothing when it does."""
    agency = sociallogin.provider
    told = sociallogin.account.extra_data
    claims = told.get("userinfo") or told.get("id_token") or {}
    signed = told.get("id_token")
    # OpenID Connect Core, 5.3.2: what the userinfo says counts only for the person of the token.
    if not signed or claims.get("sub") != signed.get("sub"):
        return _("%(agency)s did not say clearly who you are.") % {"agency": agency.name}
    email = claims.get("email")
    verified = claims.get("email_verified")  # a truth value; some servers write it as a text
    if not isinstance(email, str) or not (verified is True or verified == "true"):
        return _("%(agency)s has not confirmed your e-mail address.") % {"agency": agency.name}
    if email.rpartition("@")[2].lower() not in agency.app.settings["domains"]:
        return _("Your e-mail address there is not one of %(agency)s’s own.") % {
            "agency": agency.name
        }
    if not sociallogin.email_addresses:
        return _("%(agency)s has no usable e-mail address for you.") % {"agency": agency.name}
    return ""
