"""What happens around every request."""

import codecs
from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
GetResponse = Callable[[HttpRequest], HttpResponse]


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy for the site; the looser one on the path of Wagtail's admin only."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith(f"/{settings.ADMIN_PATH}"):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]  # django-csp's own door
        response.setdefault("Permissions-Policy", _PERMISSIONS)
        return super().process_response(request, response)


class ReadableFormMiddleware:
    """Refuse a form in another encoding than UTF-8 before anybody reads it.

    Django refuses it too, but each time the form is read: by the view, by the check of the token,
    and again while the refusal is drawn.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and request.content_type in _FORMS and not _is_utf8(request.encoding):
            return HttpResponse(render_to_string("400.html"), status=400)
        return self.get_response(request)


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name == "utf-8"


class ButtonAddressMiddleware:
    """Answer in words whoever opens an address that only a button leads to.

    Django's own answer is an empty page. It is no mistake of theirs: the browser offers such an
    address from its history.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_empty = not response.streaming and not response.content
        if response.status_code != 405 or request.method != "GET" or not is_empty:
            return response
        answer = HttpResponse(render_to_string("405.html", request=request), status=405)
        answer["Allow"] = response["Allow"]
        return answer


class PrivatePagesMiddleware:
    """Keep pages of somebody who is signed in out of shared caches and of the browser's own.

    Otherwise the next person at a shared computer reads them with the back button.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and "Cache-Control" not in response and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response
