from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import RedirectView, View

from lms.core.access import PublicMixin, SignedInMixin


class ToSignInView(PublicMixin, RedirectView):
    """Other sign-in pages lead to the one door, keeping where the person was going.

    Somebody who is signed in and sent here lacks the right, not the signature: the door would only
    send them back.
    """

    pattern_name = "account_login"
    query_string = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and "next" in request.GET:
            raise PermissionDenied
        return super().get(request, *args, **kwargs)


class ToPasswordResetView(PublicMixin, RedirectView):
    """Other reset pages, with or without a token of theirs, lead to allauth's."""

    url = "/accounts/password/reset/"


class ToSignOutView(PublicMixin, RedirectView):
    pattern_name = "account_logout"


class ToAccountView(PublicMixin, RedirectView):
    """Wagtail's account page knows first and last names only: ours takes its place."""

    pattern_name = "accounts:me"


class ClosedDoorView(SignedInMixin, View):
    """Wagtail's own screens for people and groups, which nobody may use, whatever they hold.

    Rights are given by roles alone, on the page of the person, where it is audited.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ToAdminView(PublicMixin, RedirectView):
    """Where people look for Django's own admin, which this site does not have."""

    pattern_name = "wagtailadmin_home"
