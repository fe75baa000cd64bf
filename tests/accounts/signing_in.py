"""Signing in as a browser does: through the pages, so that the session holds what they record."""

import re
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.services import grant_role
from tests.factories.accounts import UserFactory

PASSWORD = "correct horse"


def person_with(role: Role | None = None, **fields: Any) -> User:
    user: User = UserFactory(**fields)
    if role:
        today = timezone.localdate()
        grant_role(user=user, role=role, starts_on=today, now=timezone.now())
    return user


def sign_in(client: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/login/", {"login": user.email, "password": password, **more})


def code_in(message: Any) -> str:
    found = re.search(r"^    (\S+)$", message.body, re.MULTILINE)
    assert found, message.body
    return found.group(1)


def last_code() -> str:
    return code_in(mail.outbox[-1])


def give_app(user: User) -> str:
    """Set up an authenticator app; its key makes the codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def app_code(secret: str) -> str:
    import time

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def has_factor(user: User, kind: str) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=kind).exists())


def confirm_password(client: Client, password: str = PASSWORD) -> None:
    """Answer the question who one is, which the pages of second steps ask first."""
    response = client.post("/accounts/reauthenticate/", {"password": password})
    assert response.status_code == 302, response.content.decode()
