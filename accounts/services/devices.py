"""Signing somebody out of their other devices."""

import datetime

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.audit import record_audit
from lms.core.errors import DomainError


class ThisDevice(DomainError):
    code = "this_device"
    message = _("This is the device you are using now. Sign out from the menu instead.")


def end_session(
    *, session: UserSession, user: User, session_key: str | None, now: datetime.datetime
) -> None:
    """Sign `user` out of one of their other devices; `session_key` is of the one they use now.

    Raises: ThisDevice when it is the same one.
    """
    if session.session_key == session_key:
        raise ThisDevice
    get_adapter().end_sessions([session])
    record_audit(actor=user, action="sessions.ended", target=user, now=now)


def end_other_sessions(*, user: User, session_key: str | None, now: datetime.datetime) -> None:
    """Sign `user` out everywhere but in the session `session_key`."""
    others = UserSession.objects.filter(user=user).exclude(session_key=session_key)
    get_adapter().end_sessions(list(others))
    record_audit(actor=user, action="sessions.ended", target=user, now=now)
