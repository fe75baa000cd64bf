"""What follows here from what somebody did in allauth's pages."""

from typing import Any

from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.adapters.mfa import FACTORS
from accounts.middleware import SET_UP_KEY
from accounts.models import User
from accounts.services import record_audit


@receiver(authenticator_added)
def note_second_factor(
    request: HttpRequest, user: User, authenticator: Any, **_others: Any
) -> None:
    """Setting a factor up takes using it: nobody is asked for it again at once."""
    if authenticator.type in FACTORS:
        request.session[SET_UP_KEY] = user.pk
    kind = str(authenticator.type)
    record_audit(
        actor=user, action="second_factor.added", target=user, fields=[kind], now=timezone.now()
    )


@receiver(authenticator_removed)
def note_second_factor_removed(user: User, authenticator: Any, **_others: Any) -> None:
    kind = str(authenticator.type)
    record_audit(
        actor=user, action="second_factor.removed", target=user, fields=[kind], now=timezone.now()
    )


@receiver(email_changed)
def note_changed_address(user: User, **_others: Any) -> None:
    record_audit(
        actor=user,
        action="person.address_changed",
        target=user,
        fields=["email"],
        now=timezone.now(),
    )


@receiver([password_changed, password_reset, password_set])
def note_changed_password(user: User, **_others: Any) -> None:
    record_audit(
        actor=user,
        action="person.password_changed",
        target=user,
        fields=["password"],
        now=timezone.now(),
    )
