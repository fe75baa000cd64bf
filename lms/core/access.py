"""How a view says who may see it. A test walks every address and fails on a view that is silent."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


class PublicMixin:
    """Everybody may see this view, signed in or not."""

    access = "public"


class SignedInMixin(AccessMixin):
    """Anybody who is signed in may see this view; others are asked to sign in.

    They come back to it, or to the page with the button where it is only what the button does.
    """

    access = "signed-in"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "POST":
                told = _("You had been signed out, so what you sent was not kept. Send it again.")
                messages.warning(request, told)
            if "get" not in self._methods_answered():
                return redirect_to_login(_page_before(request), self.get_login_url())
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the View beside us

    def _methods_answered(self) -> set[str]:
        names: list[str] = self.http_method_names  # type: ignore[attr-defined]  # the View's
        return {name for name in names if hasattr(self, name)}


def _page_before(request: HttpRequest) -> str:
    """Give the page of this site that somebody comes from; the home page if none is known."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not is_ours:
        return "/"
    page = urlsplit(came_from)
    # '//elsewhere' would be another site's.
    path = "/" + page.path.lstrip("/")
    return f"{path}?{page.query}" if page.query else path


class PermissionMixin(SignedInMixin):
    """Only people whose role carries `permission` (somewhere) may see this view.

    Which objects they see there is the query's business: it starts from `.visible_to(user)`.
    """

    access = "permission"
    permission: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
