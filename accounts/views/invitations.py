"""Inviting people to an organisation, and answering those who ask."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import InvitationKind, MembershipKind
from accounts.forms import DeclineForm, InvitePersonForm, TeamLinkForm
from accounts.models import Invitation, JoinRequest
from accounts.queries import can_name_lead_of
from accounts.queries.joining import invitation_row, invitation_rows, invitations_of, unreached
from accounts.services import (
    confirm_join_request,
    decline_join_request,
    invite_person,
    invite_team,
    send_invitation,
    team_token,
    withdraw_invitation,
)
from accounts.services.invitations import AlreadyMember, NotAnAddress, SharedAddress
from accounts.views.organisations import PER_PAGE, InvitingMixin, OrganisationMixin, person_of
from lms.core.errors import DomainError

# What a refusal is about: it stands beside the field.
_ABOUT_ADDRESS = (AlreadyMember, NotAnAddress, SharedAddress)


class InvitationListView(OrganisationMixin, View):
    section = "invitations"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        found = invitations_of(self.organisation, now=now)
        page: Any = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = invitation_rows(page.object_list, now=now)
        return self.page("invitations", page=page)


class InvitePersonView(InvitingMixin, View):
    section = "invitations"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page("invite_person", form=self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page("invite_person", status=422, form=form)
        now = timezone.now()
        try:
            invitation = invite_person(
                organisation=self.organisation,
                email=form.cleaned_data["email"],
                full_name=form.cleaned_data["full_name"],
                job_role=form.cleaned_data["job_role"],
                membership_kind=MembershipKind.LEAD
                if form.cleaned_data.get("is_lead")
                else MembershipKind.PLAIN,
                invited_by=person_of(request),
                now=now,
            )
        except DomainError as refusal:
            field = "email" if isinstance(refusal, _ABOUT_ADDRESS) else None
            form.add_error(field, str(refusal.message))
            return self.page("invite_person", status=refusal.status, form=form)
        name = {"name": invitation.full_name, "email": invitation.email}
        if reason := unreached([invitation.email]).get(invitation.email):
            messages.error(request, _not_mailed(invitation, reason))
        elif invitation.sent_at == now:
            said = _("We have e-mailed an invitation to %(name)s at %(email)s.") % name
            messages.success(request, said)
        else:
            said = _("%(name)s has an invitation already. You can send it again below.") % name
            messages.info(request, said)
        return redirect("accounts:invitation-list", self.organisation.public_id)

    def form(self, data: Any = None) -> InvitePersonForm:
        may = can_name_lead_of(person_of(self.request), self.organisation, on=timezone.localdate())
        return InvitePersonForm(data, may_name_lead=may)


def _not_mailed(invitation: Invitation, reason: str) -> str:
    name = invitation.full_name or invitation.email
    return _("No e-mail goes to %(name)s. %(reason)s") % {"name": name, "reason": reason}


class InviteTeamView(InvitingMixin, View):
    section = "invitations"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page("invite_team", form=TeamLinkForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = TeamLinkForm(request.POST)
        if not form.is_valid():
            return self.page("invite_team", status=422, form=form)
        invitation = invite_team(
            organisation=self.organisation,
            invited_by=person_of(request),
            limit=form.cleaned_data["limit"],
            lasts_days=form.cleaned_data["lasts_days"],
            now=timezone.now(),
        )
        messages.success(request, _("The link is made. Copy it and send it to your team."))
        return redirect(
            "accounts:invitation-team-link", self.organisation.public_id, invitation.public_id
        )


class InvitationMixin(InvitingMixin):
    @cached_property
    def invitation(self) -> Invitation:
        rows = self.organisation.invitations.select_related("organisation", "invited_by")
        found: Invitation = get_object_or_404(rows, public_id=self.kwargs["invitation"])
        return found


class TeamLinkView(InvitationMixin, View):
    """The link to copy, for those who may hand it out."""

    section = "invitations"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        invitation = self.invitation
        if invitation.kind != InvitationKind.TEAM:
            raise Http404
        path = reverse("accounts:join", args=[team_token(invitation)])
        return self.page(
            "team_link",
            invitation=invitation,
            row=invitation_row(invitation, now=timezone.now()),
            joined=invitation.uses.select_related("user").order_by("number")[:500],
            link=settings.SITE_URL + path,
            inviter=str(person_of(request)),
        )


class InvitationActionView(InvitationMixin, View):
    """One press of a button in the list of invitations."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self.act())
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        return redirect("accounts:invitation-list", self.organisation.public_id)

    def act(self) -> str:
        """Do it, and say that it is done. Raises: DomainError."""
        raise NotImplementedError


class SendInvitationView(InvitationActionView):
    """Where no e-mail would reach them, nothing is sent and the reason said."""

    def act(self) -> str:
        email = self.invitation.email
        if reason := unreached([email]).get(email):
            raise DomainError(_not_mailed(self.invitation, reason))
        sent = send_invitation(
            invitation=self.invitation, now=timezone.now(), sent_by=person_of(self.request)
        )
        return _("We have e-mailed the invitation to %(email)s.") % {"email": sent.email}


class WithdrawInvitationView(InvitationActionView):
    def act(self) -> str:
        withdraw_invitation(
            invitation=self.invitation,
            withdrawn_by=person_of(self.request),
            now=timezone.now(),
        )
        return _("The invitation is withdrawn. Its link no longer works.")


class JoinRequestMixin(InvitingMixin):
    section = "requests"

    @cached_property
    def join_request(self) -> JoinRequest:
        rows = self.organisation.join_requests.select_related("user")
        found: JoinRequest = get_object_or_404(rows, public_id=self.kwargs["join_request"])
        return found

    def back(self) -> HttpResponse:
        return redirect("accounts:join-request-list", self.organisation.public_id)


class ConfirmJoinRequestView(JoinRequestMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            confirm_join_request(
                join_request=self.join_request, decided_by=person_of(request), now=timezone.now()
            )
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            said = _("%(name)s is now one of your people. We have told them.")
            messages.success(request, said % {"name": str(self.join_request.user)})
        return self.back()


class DeclineJoinRequestView(JoinRequestMixin, View):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(DeclineForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = DeclineForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            decline_join_request(
                join_request=self.join_request,
                decided_by=person_of(request),
                reason=form.cleaned_data["reason"].strip(),
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self.show(form, status=refusal.status)
        said = _("You declined %(name)s’s request. We have told them.")
        messages.success(request, said % {"name": str(self.join_request.user)})
        return self.back()

    def show(self, form: forms.Form, status: int = 200) -> HttpResponse:
        return self.page("decline", status=status, form=form, person=self.join_request.user)
