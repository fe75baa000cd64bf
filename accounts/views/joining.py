"""Joining by a link: what it offers, and the one press that joins."""

import uuid
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.utils import perform_login
from allauth.account.views import SignupView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.generic import View

from accounts.models import Invitation, Organisation, User
from accounts.queries import organisations_of
from accounts.queries.joining import has_account, is_addressee, person_to_set_up
from accounts.services import (
    accept_invitation,
    find_invitation,
    read_invitation,
    set_up_by_invitation,
)
from accounts.services.invitations import AlreadyMember
from accounts.views.organisations import person_of
from lms.core.access import PublicMixin, SignedInMixin
from lms.core.errors import DomainError
from lms.core.links import LinkAltered


@method_decorator(never_cache, name="dispatch")
class JoinView(PublicMixin, View):
    """Opening the link shows who invites to what and changes nothing; pressing the button joins."""

    http_method_names = ["get", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    @method_decorator(sensitive_variables("token"))
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if (joined := self._joined_already(token)) is not None:
            return self.onward(joined)
        try:
            invitation = read_invitation(token, now=timezone.now())
        except DomainError as refusal:
            return self.refuse(refusal)
        return self.show(invitation)

    @method_decorator(sensitive_variables("token"))
    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        now = timezone.now()
        try:
            if not request.user.is_authenticated:
                return self.come_in(token)
            membership = accept_invitation(token=token, user=person_of(request), now=now)
        except AlreadyMember as refusal:
            messages.info(request, str(refusal.message))
            return self.onward(find_invitation(token).organisation)
        except DomainError as refusal:
            return self.refuse(refusal)
        return self.onward(membership.organisation, is_new=True)

    def onward(self, organisation: Organisation, *, is_new: bool = False) -> HttpResponse:
        """Lead on to the page of this site that the link names, or else to what comes next."""
        there = _onward(self.request)
        if not there:
            return redirect("accounts:joined", organisation.public_id)
        if is_new:
            said = _("You belong to %(name)s now.") % {"name": organisation.name}
            messages.success(self.request, said)
        return redirect(there)

    def come_in(self, token: str) -> HttpResponse:
        """Let somebody in who was made known by others; send everybody else to the door."""
        invitation = read_invitation(token, now=timezone.now())
        if person_to_set_up(invitation) is None:
            return redirect(f"{reverse('account_login')}?{_next(self.request)}")
        user, membership = set_up_by_invitation(token=token, now=timezone.now())
        joined = reverse("accounts:joined", args=[membership.organisation.public_id])
        response: HttpResponse = perform_login(
            self.request, user, email=user.email, redirect_url=_onward(self.request) or joined
        )
        return response

    def show(self, invitation: Invitation) -> HttpResponse:
        user = self.request.user
        context: dict[str, Any] = {
            "invitation": invitation,
            "next": _next(self.request),
            "here": _here(self.request),
        }
        if isinstance(user, User):
            context["is_other_address"] = not is_addressee(user, invitation)
        else:
            context["is_known"] = person_to_set_up(invitation) is not None
            context["has_account"] = has_account(invitation)
        return render(self.request, "accounts/joining/join.html", context)

    def refuse(self, refusal: DomainError) -> HttpResponse:
        context = {"text": refusal.message, "is_altered": isinstance(refusal, LinkAltered)}
        return render(self.request, "accounts/joining/refused.html", context, status=refusal.status)

    def _joined_already(self, token: str) -> Organisation | None:
        """Find where somebody belongs already whom the link invites, so that it is no refusal.

        Whom the programme put there and who was invited to come in still has that to do.
        """
        if not self.request.user.is_authenticated:
            return None
        try:
            invitation = find_invitation(token)
        except LinkAltered:
            return None
        user = person_of(self.request)
        places = user.memberships.filter(organisation=invitation.organisation, ends_on=None)
        held = places.filter(kind=invitation.membership_kind).first()
        if held is None:
            return None
        is_to_come_in = invitation.withdrawn_at is None and invitation.is_of_member(held)
        if is_to_come_in and not invitation.uses.filter(user=user).exists():
            return None
        return invitation.organisation


class JoinedView(SignedInMixin, View):
    """Says what was done and what comes next, to those who belong there."""

    def get(self, request: HttpRequest, organisation: uuid.UUID) -> HttpResponse:
        mine = organisations_of(person_of(request), on=timezone.localdate())
        found = get_object_or_404(mine, public_id=organisation)
        return render(request, "accounts/joining/joined.html", {"organisation": found})


class InvitedSignupView(PublicMixin, SignupView):
    """allauth's sign-up, with the address and name of the invitation that leads there filled in.

    They are only a beginning: the address is verified by a code as everybody's is.
    """

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()
        invitation = _invitation_at(self.request.GET.get("next", ""))
        if invitation is not None:
            initial |= {
                "email": invitation.email,
                "full_name": invitation.full_name,
                "job_role": invitation.job_role,
            }
        return initial


def _next(request: HttpRequest) -> str:
    return urlencode({"next": _here(request)})


def _here(request: HttpRequest) -> str:
    """Write the address of this link, with where it leads on to."""
    onward = _onward(request)
    return f"{request.path}?{urlencode({'next': onward})}" if onward else request.path


def _onward(request: HttpRequest) -> str:
    """Read the page of this site that a link leads on to; another site's is none."""
    there = request.GET.get("next", "")
    is_ours = there.startswith("/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return there if is_ours else ""


def _invitation_at(path: str) -> Invitation | None:
    """Read the invitation of a /join/ address that somebody comes from, if it is one."""
    try:
        match = resolve(urlsplit(path).path)
        if match.view_name != "accounts:join":
            return None
        return read_invitation(match.kwargs["token"], now=timezone.now())
    except (Resolver404, DomainError, ValueError):
        return None
