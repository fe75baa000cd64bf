from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage
from django.http import HttpRequest

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own mails (codes, resets) go straight out, in our hand."""

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There is no user name: the e-mail address is the login."""

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        message = super().render_mail(template_prefix, email, context, headers)
        message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
        return message
