"""How somebody signs in: one calm page, and what staff see before their second step."""

from typing import Any

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView, TemplateView, View

from accounts.middleware import NEXT_KEY
from accounts.models import User
from accounts.queries import WaysIn, ways_in_of
from lms.core.access import PublicMixin, SignedInMixin


class SecurityView(SignedInMixin, TemplateView):
    template_name = "accounts/security.html"
    before_second_factor = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ways = ways_in_of(_person(self.request))
        return super().get_context_data(
            ways=ways, sign_in=_sign_in_rows(ways), second_step=_second_step_rows(ways), **kwargs
        )


def _sign_in_rows(ways: WaysIn) -> list[dict[str, str]]:
    rows = [
        _row(_("E-mail address"), ways.email, "account_email"),
        _row(
            _("Password"),
            _("You have one") if ways.has_password else _("None: you sign in with codes"),
            "account_change_password",
            "" if ways.has_password else _("Choose one"),
        ),
        _row(
            _("Passkeys"),
            ", ".join(ways.passkeys) or _("None yet"),
            "mfa_list_webauthn" if ways.passkeys else "mfa_add_webauthn",
            "" if ways.passkeys else _("Add one"),
        ),
    ]
    rows += [
        _row(_("Account elsewhere"), name, "socialaccount_connections") for name in ways.agencies
    ]
    return rows


def _second_step_rows(ways: WaysIn) -> list[dict[str, str]]:
    app = _row(
        _("Authenticator app"),
        _("On") if ways.has_app else _("Off"),
        "mfa_deactivate_totp" if ways.has_app else "mfa_activate_totp",
        _("Switch off") if ways.has_app else _("Set up"),
    )
    codes = _row(_("Recovery codes"), _("You have some"), "mfa_view_recovery_codes", _("Show"))
    if not ways.has_recovery_codes:
        codes = _row(_("Recovery codes"), _("None"), "mfa_generate_recovery_codes", _("Make some"))
    return [app, codes] if ways.has_second_step else [app]


def _row(key: str, value: str, url_name: str, link_text: str = "") -> dict[str, str]:
    return {"key": key, "value": value, "url": reverse(url_name), "link_text": link_text}


@method_decorator(never_cache, name="dispatch")
class SecondFactorView(SignedInMixin, TemplateView):
    """Says why staff need a second step, and offers the ways to set one up or to use it."""

    template_name = "accounts/second_factor.html"
    before_second_factor = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(ways=ways_in_of(_person(self.request)), **kwargs)


@method_decorator(never_cache, name="dispatch")
class GoOnView(SignedInMixin, View):
    """Leads on to where somebody was going before they were asked for a second step."""

    http_method_names = ["get", "head"]
    before_second_factor = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect(request.session.pop(NEXT_KEY, "") or "courses:my-learning")


class ToSecurityView(PublicMixin, RedirectView):
    """allauth's page of second steps gives way to ours, which shows all ways of signing in."""

    pattern_name = "accounts:security"


class RemovePasskeyView(SignedInMixin, RemoveWebAuthnView):
    """Takes the place of allauth's: staff keep at least one second step."""

    def form_valid(self, form: Any) -> HttpResponse:
        passkey: Authenticator = self.get_object()
        adapter = get_mfa_adapter()
        if not adapter.can_delete_authenticator(passkey):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
    return request.user
