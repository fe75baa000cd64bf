"""Letting somebody start afresh who has lost every second step."""

import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from accounts.models import SecondFactorReset, User
from accounts.models.second_factor import LONGEST_REASON
from accounts.queries import has_second_step
from accounts.services.audit import record_audit
from accounts.signals import second_factor_forgotten
from lms.core.errors import DomainError


class MayNotReset(DomainError):
    code = "may_not_reset"
    status = 403
    message = _("Only an administrator for everything can do this, and for somebody else.")


class NothingToForget(DomainError):
    code = "nothing_to_forget"
    message = _("This person has no second step to forget. They sign in as they always do.")


class WhyMissing(DomainError):
    code = "why_missing"
    status = 422
    message = _("Say in a few words how you made sure that it is they, in 250 characters or fewer.")


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


@transaction.atomic
def reset_second_factor(
    *, user: User, reset_by: User, reason: str, now: datetime.datetime
) -> SecondFactorReset:
    """Forget every second step of `user` as the administrator `reset_by`, and tell the person.

    `reason` says how they made sure that it is they. Raises: MayNotReset, for one's own too: who
    is signed in has a second step; WhyMissing; NothingToForget, so a second press does nothing.
    """
    if user.pk == reset_by.pk or not reset_by.has_perm(Permission.HELP_SIGN_IN):
        raise MayNotReset
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise WhyMissing
    user = User.objects.select_for_update().get(pk=user.pk)
    if not has_second_step(user):
        raise NothingToForget
    forget_second_factor(user=user, forgotten_by=reset_by, now=now)
    reset = SecondFactorReset.objects.create(user=user, reset_by=reset_by, reason=reason, at=now)
    second_factor_forgotten.send(SecondFactorReset, reset=reset, now=now)
    return reset
