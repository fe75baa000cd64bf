"""Signing in with an agency's account: allauth's two steps, and a page when the agency fails."""

import logging
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from lms.core.access import PublicMixin

logger = logging.getLogger(__name__)

# An agency that is down, or answers with something else than the standard says.
_FAILURES = (
    requests.RequestException,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    DataError,
    ImproperlyConfigured,  # allauth's word for an id of a person that is too long
)


@method_decorator(never_cache, name="dispatch")
class AgencyView(PublicMixin, View):
    def failed(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        logger.exception("Signing in with the agency %s failed", provider_id)
        return render(request, "socialaccount/authentication_error.html", status=401)


class AgencySignInView(AgencyView):
    http_method_names = ["post", "get"]

    def get(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        """Ask once more: only a press of a button of ours sends somebody to the agency."""
        return render(request, "socialaccount/login.html", {"provider": _agency(provider_id)})

    def post(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        agency = _agency(provider_id)
        try:
            response: HttpResponse = openid_connect.login(request, provider_id=provider_id)
        except _FAILURES:
            return self.failed(request, provider_id)
        target = response.headers.get("Location", "")
        if not urlsplit(target).netloc:
            return response
        # A page between, not a redirect: the policy lets our forms lead to ourselves only, and
        # browsers hold the whole chain of redirects to that.
        page = {"agency": agency.name, "target": target}
        return render(request, "socialaccount/login_redirect.html", page)


class AgencyCallbackView(AgencyView):
    http_method_names = ["get"]

    def get(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        _agency(provider_id)
        try:
            response: HttpResponse = openid_connect.callback(request, provider_id=provider_id)
        except _FAILURES:
            return self.failed(request, provider_id)
        return response


def _agency(provider_id: str) -> SocialApp:
    try:
        return get_adapter().get_app(None, provider=provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
