"""Closing an account, and opening it again."""

import datetime

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from accounts.models import AccountClosing, User
from accounts.models.closings import LONGEST_REASON
from accounts.services.audit import record_audit
from accounts.services.roles import lock_administrators, refuse_without_administrator
from accounts.signals import account_closed, account_opened
from lms.core.errors import DomainError


class MayNotClose(DomainError):
    code = "may_not_close"
    status = 403
    message = _("Only an administrator for everything can do this, and for somebody else.")


class ClosedAlready(DomainError):
    code = "closed_already"
    message = _("This account is closed already.")


class NotClosed(DomainError):
    code = "not_closed"
    message = _("This account is open already.")


class ClosingReasonMissing(DomainError):
    code = "closing_reason_missing"
    status = 422
    message = _("Say in a few words why, in 250 characters or fewer.")


@transaction.atomic
def close_account(
    *, user: User, closed_by: User, reason: str, now: datetime.datetime
) -> AccountClosing:
    """Let nobody sign in as `user` any more, end their sessions, and tell them.

    Nothing they did is lost: records, certificates, memberships and roles stay, and roles count
    for nothing while the account is closed. Raises: MayNotClose, for one's own too;
    ClosingReasonMissing; ClosedAlready; LastAdministrator.
    """
    _require_right(user, closed_by)
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise ClosingReasonMissing
    lock_administrators()
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise ClosedAlready
    refuse_without_administrator(user, on=timezone.localdate(now))
    user.is_active = False
    user.save(update_fields=["is_active"])
    get_adapter().end_sessions(list(UserSession.objects.filter(user=user)))
    closing = AccountClosing.objects.create(
        user=user, closed_by=closed_by, closed_at=now, reason=reason
    )
    record_audit(actor=closed_by, action="account.closed", target=user, now=now)
    account_closed.send(AccountClosing, closing=closing, now=now)
    return closing


@transaction.atomic
def open_account(*, user: User, opened_by: User, now: datetime.datetime) -> None:
    """Let `user` sign in again as they did, with the roles they hold by now, and tell them.

    An account that was closed by a command, so without a reason, is opened all the same. Raises:
    MayNotClose, NotClosed.
    """
    _require_right(user, opened_by)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        raise NotClosed
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_audit(actor=opened_by, action="account.opened", target=user, now=now)
    closing = AccountClosing.objects.filter(user=user, opened_at=None).first()
    if closing is not None:
        closing.opened_at, closing.opened_by = now, opened_by
        closing.save(update_fields=["opened_at", "opened_by"])
        account_opened.send(AccountClosing, closing=closing, now=now)


def _require_right(user: User, by: User) -> None:
    if user.pk == by.pk or not by.has_perm(Permission.HELP_SIGN_IN):
        raise MayNotClose
