"""Asking to belong to an organisation, and the lead's answer."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import JoinRequestState
from accounts.models import JoinRequest, Membership, Organisation, User
from accounts.queries import can_invite_to
from accounts.services.audit import record_audit
from accounts.services.invitations import AlreadyMember
from accounts.services.people import join_organisation
from accounts.signals import join_decided, join_requested
from lms.core.errors import DomainError

MAX_OPEN_REQUESTS = 5


class TooManyRequests(DomainError):
    code = "too_many_requests"
    message = _(
        "You have asked several organisations and none has answered yet. Wait for an answer, or "
        "withdraw a request."
    )


class RequestAnswered(DomainError):
    code = "request_answered"
    message = _("This request has been answered or withdrawn already.")


class NotYourRequest(DomainError):
    code = "not_your_request"
    status = 403
    message = _("You cannot answer requests to join this organisation.")


@transaction.atomic
def ask_to_join(*, user: User, organisation: Organisation, now: datetime.datetime) -> JoinRequest:
    """Ask the lead of `organisation` to let `user` in; asking twice returns the first request.

    Raises: AlreadyMember; TooManyRequests when five others wait for their answer.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if Membership.objects.filter(user=user, organisation=organisation, ends_on=None).exists():
        raise AlreadyMember(_("You already belong to %(name)s.") % {"name": organisation.name})
    waiting = JoinRequest.objects.filter(user=user, state=JoinRequestState.ASKED)
    first = waiting.filter(organisation=organisation).first()
    if first is not None:
        return first
    if waiting.count() >= MAX_OPEN_REQUESTS:
        raise TooManyRequests
    join_request = JoinRequest.objects.create(user=user, organisation=organisation, asked_at=now)
    record_audit(actor=user, action="join_request.made", target=join_request, now=now)
    join_requested.send(sender=JoinRequest, join_request=join_request, now=now)
    return join_request


@transaction.atomic
def withdraw_join_request(
    *, join_request: JoinRequest, user: User, now: datetime.datetime
) -> JoinRequest:
    """Take one's own request back. Raises: RequestAnswered; NotYourRequest."""
    join_request = _waiting(join_request)
    if join_request.user_id != user.pk:
        raise NotYourRequest
    return _decide(join_request, JoinRequestState.WITHDRAWN, user, now)


@transaction.atomic
def confirm_join_request(
    *, join_request: JoinRequest, decided_by: User, now: datetime.datetime
) -> Membership:
    """Let the person in from today, and tell them. Raises: RequestAnswered; NotYourRequest."""
    join_request = _waiting(join_request)
    _refuse_stranger(decided_by, join_request, now)
    _decide(join_request, JoinRequestState.CONFIRMED, decided_by, now)
    membership = join_organisation(
        user=join_request.user,
        organisation=join_request.organisation,
        now=now,
        starts_on=timezone.localdate(now),
        actor=decided_by,
    )
    join_decided.send(sender=JoinRequest, join_request=join_request, now=now)
    return membership


@transaction.atomic
def decline_join_request(
    *, join_request: JoinRequest, decided_by: User, now: datetime.datetime, reason: str = ""
) -> JoinRequest:
    """Say no, with a `reason` that the person reads. Raises: RequestAnswered; NotYourRequest."""
    join_request = _waiting(join_request)
    _refuse_stranger(decided_by, join_request, now)
    join_request = _decide(join_request, JoinRequestState.DECLINED, decided_by, now, reason)
    join_decided.send(sender=JoinRequest, join_request=join_request, now=now)
    return join_request


def _waiting(join_request: JoinRequest) -> JoinRequest:
    rows = JoinRequest.objects.select_for_update(of=("self",))
    join_request = rows.select_related("user", "organisation").get(pk=join_request.pk)
    if join_request.state != JoinRequestState.ASKED:
        raise RequestAnswered
    return join_request


def _refuse_stranger(user: User, join_request: JoinRequest, now: datetime.datetime) -> None:
    if not can_invite_to(user, join_request.organisation, on=timezone.localdate(now)):
        raise NotYourRequest


def _decide(
    join_request: JoinRequest,
    state: JoinRequestState,
    user: User,
    now: datetime.datetime,
    reason: str = "",
) -> JoinRequest:
    join_request.state = state
    join_request.decided_by = user
    join_request.decided_at = now
    join_request.reason = reason
    join_request.save(update_fields=["state", "decided_by", "decided_at", "reason", "updated_at"])
    record_audit(actor=user, action=f"join_request.{state.value}", target=join_request, now=now)
    return join_request
