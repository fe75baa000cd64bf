"""A person's own organisation: finding it, asking to join, leaving."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.forms import FindOrganisationForm, LastDayForm
from accounts.models import JoinRequest, Organisation
from accounts.queries import organisations_of
from accounts.queries.joining import my_places, my_requests, organisations_found
from accounts.services import ask_to_join, end_membership, withdraw_join_request
from accounts.views.organisations import person_of
from lms.core.access import SignedInMixin
from lms.core.errors import DomainError
from lms.core.throttle import is_over_limit

ASKS_AN_HOUR = 10


class MyOrganisationView(SignedInMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        user, now = person_of(request), timezone.now()
        form = FindOrganisationForm(request.GET if "q" in request.GET else None)
        context: dict[str, Any] = {
            "form": form,
            "places": my_places(user, on=timezone.localdate(now)),
            "requests": my_requests(user, now=now),
        }
        if form.is_bound and form.is_valid():
            found, is_cut = organisations_found(
                user, form.cleaned_data["q"], on=timezone.localdate(now)
            )
            context |= {"found": found, "is_cut": is_cut, "is_searched": True}
        status = 422 if form.errors else 200
        return render(request, "accounts/my_organisation.html", context, status=status)


class AskToJoinView(SignedInMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, organisation: uuid.UUID) -> HttpResponse:
        found = get_object_or_404(Organisation, public_id=organisation)
        user = person_of(request)
        if is_over_limit("ask-to-join", str(user.pk), limit=ASKS_AN_HOUR, window_seconds=3600):
            return render(request, "429.html", status=429)
        try:
            ask_to_join(user=user, organisation=found, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            said = _(
                "We have told the people who look after %(name)s. You get an e-mail when they "
                "have answered."
            )
            messages.success(request, said % {"name": found.name})
        return redirect("accounts:my-organisation")


class WithdrawJoinRequestView(SignedInMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, join_request: uuid.UUID) -> HttpResponse:
        user = person_of(request)
        found = get_object_or_404(JoinRequest, public_id=join_request, user=user)
        try:
            withdraw_join_request(join_request=found, user=user, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("Your request is withdrawn."))
        return redirect("accounts:my-organisation")


class LeaveOrganisationView(SignedInMixin, View):
    def get(self, request: HttpRequest, organisation: uuid.UUID) -> HttpResponse:
        found = self.mine(organisation)
        return self.show(found, LastDayForm(today=timezone.localdate()))

    def post(self, request: HttpRequest, organisation: uuid.UUID) -> HttpResponse:
        found, user = self.mine(organisation), person_of(request)
        form = LastDayForm(request.POST, today=timezone.localdate())
        if not form.is_valid():
            return self.show(found, form, status=422)
        try:
            end_membership(
                user=user,
                organisation=found,
                ended_by=user,
                last_day=form.cleaned_data["last_day"],
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self.show(found, form, status=refusal.status)
        messages.success(request, _("You have left %(name)s.") % {"name": found.name})
        return redirect("accounts:my-organisation")

    def mine(self, public_id: uuid.UUID) -> Organisation:
        mine = organisations_of(person_of(self.request), on=timezone.localdate())
        return get_object_or_404(mine, public_id=public_id)

    def show(self, organisation: Organisation, form: forms.Form, status: int = 200) -> HttpResponse:
        context = {"organisation": organisation, "form": form}
        return render(self.request, "accounts/leave.html", context, status=status)
