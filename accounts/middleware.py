"""Staff sign in with a second factor, or are led to the page where they set one up."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.permissions import counts_as_second_factor, needs_second_factor

# Where somebody was going, and that they set up a factor since they signed in.
NEXT_KEY = "second_factor_next"
SET_UP_KEY = "second_factor_set_up"


class SecondFactorMiddleware:
    """Lets staff no further than the public pages until a second factor was used.

    The session knows, so an ordinary request asks the database nothing. Roles are read anew each
    time: whoever is given one while signed in is asked on their next page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any
    ) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_REQUIRED or _is_open(request, view):
            return None
        user = request.user
        if not user.is_authenticated or not needs_second_factor(user) or _has_used_one(request):
            return None
        if not _is_page(request):
            text = _("Your role needs a second step at sign-in. Open any page to set it up.")
            return JsonResponse({"error": text}, status=403)
        if request.method not in {"GET", "HEAD"}:
            messages.warning(
                request,
                _(
                    "What you sent was not saved: your role needs a second step at sign-in first. "
                    "Do this now, then send it again."
                ),
            )
        request.session[NEXT_KEY] = _way_back(request)
        return redirect("accounts:second-factor")


def _is_open(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Say whether a view is for everybody, or part of setting up or signing out."""
    shown = getattr(view, "view_class", view)
    if getattr(shown, "access", "") == "public" or getattr(shown, "before_second_factor", False):
        return True
    match = request.resolver_match
    is_content = match is not None and match.url_name == "wagtail_serve"
    is_file = getattr(shown, "__module__", "") == "django.views.static"
    return is_content or is_file or request.path.startswith("/accounts/")


def _has_used_one(request: HttpRequest) -> bool:
    if request.session.get(SET_UP_KEY) == request.user.pk:
        return True
    records = get_authentication_records(request, request.user)
    return any(counts_as_second_factor(record) for record in records)


def _is_page(request: HttpRequest) -> bool:
    """Say whether a person will see the answer as a page, not a script as data."""
    headers = request.headers
    return not (
        "HX-Request" in headers
        or headers.get("X-Requested-With") == "XMLHttpRequest"
        or headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
        or request.content_type == "application/json"
        or headers.get("Accept", "").startswith("application/json")
    )


def _way_back(request: HttpRequest) -> str:
    """Find the page to go on with: this one, or the one from which something was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(referer)
    return parts._replace(scheme="", netloc="").geturl()
