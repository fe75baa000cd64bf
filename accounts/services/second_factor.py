"""Letting somebody start afresh who has lost every second step."""

import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import User
from accounts.services.audit import record_audit


@transaction.atomic
def forget_second_factor(*, user: User, forgotten_by: User | None, now: datetime.datetime) -> int:
    """Forget the app, passkeys and recovery codes of `user`, and sign them out everywhere.

    Whoever calls this has made sure that it is they. At their next sign-in staff are asked to set
    up a new second step. Says how many were forgotten.
    """
    forgotten, _kinds = Authenticator.objects.filter(user=user).delete()
    get_adapter().end_sessions(list(UserSession.objects.filter(user=user)))
    record_audit(actor=forgotten_by, action="second_factor.forgotten", target=user, now=now)
    return forgotten
