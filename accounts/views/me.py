"""A person's own page: who they are to us, and what is held about them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.forms import ProfileForm
from accounts.models import User
from accounts.queries.directory import belongings_of, roles_of
from accounts.services import change_profile
from accounts.services.held import held_about, held_document
from lms.core.access import SignedInMixin


class MyAccountView(SignedInMixin, TemplateView):
    template_name = "accounts/me.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        me, today = _me(self.request), timezone.localdate()
        return super().get_context_data(
            person=me,
            belongings=[x for x in belongings_of(me, on=today) if x.is_current],
            roles=[x for x in roles_of(me, on=today) if not x.has_ended],
            **kwargs,
        )


class ProfileView(SignedInMixin, View):
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        me = _me(request)
        form = ProfileForm(initial={"full_name": me.full_name, "job_role": me.job_role_id})
        return self._show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, status=422)
        changed = change_profile(user=_me(request), now=timezone.now(), **form.cleaned_data)
        if changed:
            messages.success(request, _("Your profile is changed."))
        else:
            messages.info(request, _("Nothing was different, so nothing was changed."))
        return redirect("accounts:me")

    @staticmethod
    def _show(request: HttpRequest, form: ProfileForm, status: int = 200) -> HttpResponse:
        return render(request, "accounts/profile.html", {"form": form}, status=status)


class HeldView(SignedInMixin, TemplateView):
    template_name = "accounts/held.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = held_about(_me(self.request))
        return super().get_context_data(
            held=[x for x in held if x.count], nothing=[x for x in held if not x.count], **kwargs
        )


class HeldDownloadView(SignedInMixin, View):
    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        me, now = _me(request), timezone.now()
        document = held_document(user=me, now=now)
        response = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
        name = f"what-is-held-{slugify(me.full_name) or 'me'}-{timezone.localdate(now)}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        patch_cache_control(response, private=True, no_store=True)
        return response


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
    return request.user
