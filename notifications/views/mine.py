"""A person's own messages, and how they want them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from accounts.models import User
from lms.core.access import PublicMixin, SignedInMixin
from lms.core.errors import DomainError
from notifications.forms import PreferencesForm
from notifications.models import Notice
from notifications.queries import message_hours, messages_for
from notifications.services import (
    mark_all_read,
    mark_read,
    preferences_of,
    read_subscription,
    resubscribe,
    save_preferences,
    surroundings_of,
    unsubscribe,
)
from notifications.services.unsubscribing import Subscription


class InboxView(SignedInMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        found = messages_for(_person(request), page=request.GET.get("page"))
        return render(request, "notifications/inbox.html", {"found": found})


class MessageView(SignedInMixin, View):
    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        mine = Notice.objects.messages_of(_person(request))
        notice = get_object_or_404(mine, public_id=public_id)
        mark_read(notice=notice, now=timezone.now())
        context = {"notice": notice, "about": surroundings_of(notice)}
        return render(request, "notifications/message.html", context)


class ReadAllView(SignedInMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        count = mark_all_read(user=_person(request), now=timezone.now())
        if count:
            text = ngettext(
                "%(count)d message is marked as read.",
                "%(count)d messages are marked as read.",
                count,
            )
            messages.success(request, text % {"count": count})
        return redirect("notifications:inbox")


class PreferencesView(SignedInMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(PreferencesForm(preferences_of(_person(request))))

    def post(self, request: HttpRequest) -> HttpResponse:
        person = _person(request)
        form = PreferencesForm(preferences_of(person), request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            save_preferences(user=person, choices=form.choices, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self.show(form, status=refusal.status)
        messages.success(
            request, _("Your choices are saved. They hold for every message from now on.")
        )
        return redirect("notifications:preferences")

    def show(self, form: PreferencesForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "hours": message_hours()}
        return render(self.request, "notifications/preferences.html", context, status=status)


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class UnsubscribeView(PublicMixin, View):
    """Stop a kind of message from its e-mail; GET shows, POST acts.

    There is no CSRF check: a mail provider posts for its reader (RFC 8058), without a page of ours
    and without cookies. The signed token is the authority, and whoever has it needs no forgery.
    The answer is a page and no redirect, which the provider would not follow.
    """

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except DomainError as refusal:
            context = {"text": refusal.message}
            response = render(
                request, "notifications/unsubscribe_refused.html", context, status=refusal.status
            )
        response["X-Robots-Tag"] = "noindex"
        # The address is a key: no other site should learn it from a link on this page.
        response["Referrer-Policy"] = "no-referrer"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.show(read_subscription(token, now=timezone.now()))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        act = resubscribe if request.POST.get("action") == "resume" else unsubscribe
        found = act(token, now=timezone.now())
        return self.show(found, is_resumed=act is resubscribe)

    def show(self, found: Subscription, *, is_resumed: bool = False) -> HttpResponse:
        context = {
            "kind": found.kind,
            "has_account": found.has_account,
            "is_stopped": found.is_stopped,
            "is_resumed": is_resumed,
        }
        return render(self.request, "notifications/unsubscribe.html", context)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
    return request.user
