"""Closing an account, and opening it again: shown on GET, done on POST."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import Permission
from accounts.forms import CloseAccountForm
from accounts.models import User
from accounts.services import close_account, open_account
from accounts.views.people import person_seen, viewer_of
from lms.core.access import PermissionMixin
from lms.core.errors import DomainError


class CloseAccountView(PermissionMixin, View):
    permission = Permission.HELP_SIGN_IN
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        return self._show(request, _somebody_else(request, public_id), CloseAccountForm())

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        person = _somebody_else(request, public_id)
        form = CloseAccountForm(request.POST)
        if not form.is_valid():
            return self._show(request, person, form, status=422)
        try:
            close_account(
                user=person,
                closed_by=viewer_of(request),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self._show(request, person, form, status=refusal.status)
        said = _("%(name)s’s account is closed. We tell them by e-mail.") % {"name": person}
        messages.success(request, said)
        return redirect("accounts:person", person.public_id)

    @staticmethod
    def _show(
        request: HttpRequest, person: User, form: CloseAccountForm, status: int = 200
    ) -> HttpResponse:
        context = {"person": person, "form": form}
        return render(request, "accounts/close_account.html", context, status=status)


class OpenAccountView(PermissionMixin, View):
    permission = Permission.HELP_SIGN_IN
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        context = {"person": _somebody_else(request, public_id)}
        return render(request, "accounts/open_account.html", context)

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        person = _somebody_else(request, public_id)
        try:
            open_account(user=person, opened_by=viewer_of(request), now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            said = _("%(name)s can sign in again. We tell them by e-mail.") % {"name": person}
            messages.success(request, said)
        return redirect("accounts:person", person.public_id)


def _somebody_else(request: HttpRequest, public_id: uuid.UUID) -> User:
    person = person_seen(request, public_id)
    if person.pk == viewer_of(request).pk:
        raise PermissionDenied
    return person
