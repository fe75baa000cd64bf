from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own mails (codes, resets) go straight out, and its errors speak our language."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("That is not the code we sent. Check it and type it again."),
        "email_password_mismatch": _(
            "The e-mail address and password do not belong together. Check both, or ask for a code."
        ),
        "too_many_login_attempts": _(
            "That was too many tries. Wait five minutes, or ask for a code."
        ),
    }

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There is no user name: the e-mail address is the login."""

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        message = super().render_mail(template_prefix, email, context, headers)
        message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
        return message
