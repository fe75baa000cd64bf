"""Reads about how and where a person is signed in."""

import datetime
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session

from accounts.models import User
from lms.core.devices import device_name


@dataclass(frozen=True, slots=True)
class Device:
    """One place where somebody is signed in."""

    pk: int
    name: str
    since: datetime.datetime
    is_this_one: bool


def devices_of(user: User, *, session_key: str | None, now: datetime.datetime) -> list[Device]:
    """List where `user` is signed in at `now`, this session first, then the newest.

    A session that has ended, or whose password was changed since, is not one.
    """
    sessions = {session.session_key: session for session in UserSession.objects.filter(user=user)}
    stored = Session.objects.filter(session_key__in=sessions, expire_date__gt=now)
    good = user.get_session_auth_hash()
    alive = [
        each.session_key for each in stored if each.get_decoded().get("_auth_user_hash") == good
    ]
    devices = [
        Device(
            pk=sessions[key].pk,
            name=device_name(sessions[key].user_agent),
            since=sessions[key].created_at,
            is_this_one=key == session_key,
        )
        for key in alive
    ]
    return sorted(devices, key=lambda one: (not one.is_this_one, -one.since.timestamp(), one.pk))


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How somebody signs in, for the page that shows it."""

    email: str
    has_password: bool
    has_app: bool
    passkeys: list[str]
    has_recovery_codes: bool
    agencies: list[str]

    @property
    def has_second_step(self) -> bool:
        return self.has_app or bool(self.passkeys)


def has_second_step(user: User) -> bool:
    """Say whether `user` has an app, a passkey or recovery codes that could be lost."""
    return Authenticator.objects.filter(user=user).exists()


def ways_in_of(user: User) -> WaysIn:
    """Find how `user` signs in: address, password, second step, passkeys, agencies."""
    address = EmailAddress.objects.get_primary_email(user)
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    kinds = {factor.type for factor in factors}
    names = {
        agency["provider_id"]: agency["name"]
        for agency in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    }
    accounts = SocialAccount.objects.filter(user=user).order_by("provider", "pk")
    return WaysIn(
        email=address or user.email,
        has_password=user.has_usable_password(),
        has_app=Authenticator.Type.TOTP in kinds,
        passkeys=[
            factor.wrap().name for factor in factors if factor.type == Authenticator.Type.WEBAUTHN
        ],
        has_recovery_codes=Authenticator.Type.RECOVERY_CODES in kinds,
        agencies=[names[one.provider] for one in accounts if one.provider in names],
    )
