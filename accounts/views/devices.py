"""Where somebody is signed in, and ending it there."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import RedirectView, TemplateView, View

from accounts.models import User
from accounts.queries import devices_of
from accounts.services import end_other_sessions, end_session
from lms.core.access import PublicMixin, SignedInMixin
from lms.core.errors import DomainError


class DeviceListView(SignedInMixin, TemplateView):
    template_name = "accounts/device_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A session from before we kept this list is entered now, so that this device is in it.
        UserSession.objects.create_from_request(self.request)
        devices = devices_of(
            _person(self.request),
            session_key=self.request.session.session_key,
            now=timezone.now(),
        )
        return super().get_context_data(devices=devices, **kwargs)


class EndDeviceView(SignedInMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        session = get_object_or_404(UserSession, user=_person(request), pk=pk)
        try:
            end_session(
                session=session,
                user=_person(request),
                session_key=request.session.session_key,
                now=timezone.now(),
            )
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("You are signed out on that device."))
        return redirect("accounts:device-list")


class EndOtherDevicesView(SignedInMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        end_other_sessions(
            user=_person(request),
            session_key=request.session.session_key,
            now=timezone.now(),
        )
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("accounts:device-list")


class ToDeviceListView(PublicMixin, RedirectView):
    """allauth's list of sessions gives way to ours."""

    pattern_name = "accounts:device-list"


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
    return request.user
