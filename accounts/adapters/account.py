import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User

logger = logging.getLogger(__name__)

LONGEST_ADDRESS = User._meta.get_field("email").max_length or 0
_OUR_STAGES = {
    "allauth.mfa.stages.AuthenticateStage": "accounts.adapters.stages.SecondFactorStage",
}
_WAYS_TO_CONFIRM = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code from your app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own mails (codes, resets) go straight out, and its errors speak our language."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "address_too_long": _("An e-mail address has at most 254 characters."),
        "duplicate_email": _("This is the address you have now. Type the new one."),
        "email_taken": _("This address cannot be used here. Type another one."),
        "email_password_mismatch": _(
            "The e-mail address and password do not belong together. Check both, or ask for a code."
        ),
        "enter_current_password": _("This is not the password you have now."),
        "incorrect_code": _("That is not the code we sent. Check it and type it again."),
        "incorrect_password": _("This is not your password. Check it and type it again."),
        "too_many_login_attempts": _(
            "That was too many tries. Wait five minutes, or ask for a code."
        ),
        "rate_limited": _("That was too many tries. Wait a few minutes, and try again."),
    }

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There is no user name: the e-mail address is the login."""

    def clean_email(self, email: str) -> str:
        """Refuse an address that is longer than what we can keep."""
        if len(email) > LONGEST_ADDRESS:
            raise self.validation_error("address_too_long")
        return email

    def get_client_ip(self, request: HttpRequest) -> str:
        """Find the address that limits count by, whatever a client wrote into the header."""
        try:
            return super().get_client_ip(request)
        except ImproperlyConfigured:
            logger.warning("X-Forwarded-For has fewer entries than TRUSTED_PROXY_COUNT says.")
            return request.META["REMOTE_ADDR"]

    def get_login_stages(self) -> list[str]:
        return [_OUR_STAGES.get(path, path) for path in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        for method in methods:
            method["description"] = _WAYS_TO_CONFIRM[method["id"]]
        return methods

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        if self.request.user.is_authenticated:
            return reverse("accounts:security")
        return super().get_email_verification_redirect_url(email_address)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Confirm an address, all of it or nothing: of two people at once, one gets it."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False

    def render_mail(
        self, template_prefix: str, email: str, *args: Any, **kwargs: Any
    ) -> EmailMessage:
        message = super().render_mail(template_prefix, email, *args, **kwargs)
        message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
        return message

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell somebody what was changed, once it is."""
        request, send = self.request, super().send_notification_mail

        def tell() -> None:
            with context.request_context(request):
                send(*args, **kwargs)

        transaction.on_commit(tell)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an address that somebody else typed it, and nobody else."""
        if self.request.user.is_authenticated:
            self.send_mail("account/email/address_in_use", email, {})
            return
        # A new account costs the time of one password; so must this, or a watch tells them apart.
        make_password(email)
        super().send_account_already_exists_mail(email)
