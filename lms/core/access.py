"""How a view says who may see it. A test walks every address and fails on a view that is silent."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _


class PublicMixin:
    """Everybody may see this view, signed in or not."""

    access = "public"


class SignedInMixin(AccessMixin):
    """Anybody who is signed in may see this view; others are asked to sign in."""

    access = "signed-in"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "POST":
                told = _("You had been signed out, so what you sent was not kept. Send it again.")
                messages.warning(request, told)
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the View beside us


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
