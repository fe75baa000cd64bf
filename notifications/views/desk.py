"""Messages of other people, for whoever looks after them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.enums import Permission
from accounts.models import User
from lms.core.access import PermissionMixin
from lms.core.errors import DomainError
from notifications.enums import Shown
from notifications.forms import OutboxForm
from notifications.queries import (
    Asked,
    OutboxCounts,
    ReturnedAddress,
    notices_to,
    outbox_counts,
    outbox_page,
    people_reached,
    returned_addresses,
    returns_from,
)
from notifications.services import registered_kinds, retry_notice, try_address_again


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    is_current: bool


class OutboxView(PermissionMixin, View):
    permission = Permission.VIEW_OUTBOX
    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        labels = {kind.code: kind.label or kind.code for kind in registered_kinds()}
        form = OutboxForm(request.GET, labels=labels)
        asked = form.asked
        now = timezone.now()
        people = people_reached(_person(request), on=timezone.localdate(now))
        counts = outbox_counts(people, now=now)
        page_asked = request.GET.get("page")
        context = {
            "form": form,
            "counts": counts,
            "tabs": _tabs(asked, counts),
            "shown": asked.shown,
            "is_filtered": bool(asked.words or asked.kind),
            "query": _query(asked),
            "url": reverse("notifications:outbox"),
        }
        with_addresses = asked.shown in {Shown.ATTENTION, Shown.RETURNED}
        if with_addresses and counts.returned:
            # Among what needs attention they come first, and only their first page.
            number = page_asked if asked.shown == Shown.RETURNED else None
            page, returned = returned_addresses(people, asked, labels=labels, page=number)
            context |= {
                "returned_page": page,
                "returned_pages": _numbers(page),
                "returned": [_as_row(row) for row in returned],
            }
        if asked.shown != Shown.RETURNED:
            page, rows = outbox_page(people, asked, labels=labels, page=page_asked, now=now)
            context |= {"page": page, "pages": _numbers(page), "rows": rows}
        return render(request, "notifications/outbox.html", context)


class TryAddressView(PermissionMixin, View):
    """The address is right: send again what came back from it."""

    permission = Permission.VIEW_OUTBOX
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        now = timezone.now()
        people = people_reached(_person(request), on=timezone.localdate(now))
        bounce = get_object_or_404(returns_from(people), pk=pk)
        try:
            again = try_address_again(address=bounce.address, cleared_by=_person(request), now=now)
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
            return _back(request)
        if again:
            text = ngettext(
                "%(n)d message goes to %(address)s again within a few minutes.",
                "%(n)d messages go to %(address)s again within a few minutes.",
                again,
            )
        else:
            text = _("Messages go to %(address)s again from now on.")
        messages.success(request, text % {"n": again, "address": bounce.address})
        return _back(request)


class RetryNoticeView(PermissionMixin, View):
    """Send a message again that was given up."""

    permission = Permission.VIEW_OUTBOX
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        now = timezone.now()
        people = people_reached(_person(request), on=timezone.localdate(now))
        notice = get_object_or_404(notices_to(people).select_related("recipient"), pk=pk)
        try:
            retry_notice(notice=notice, retried_by=_person(request), now=now)
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            text = _("The message to %(who)s is tried again within a few minutes.")
            messages.success(request, text % {"who": notice.recipient or notice.address})
        return _back(request)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - PermissionMixin saw to it
    return request.user


def _back(request: HttpRequest) -> HttpResponse:
    return redirect("notifications:outbox")


def _numbers(page: Page[Any]) -> list[int | str]:
    """List the pages around this one, the first and the last."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


def _tabs(asked: Asked, counts: OutboxCounts) -> list[Tab]:
    numbers = {
        Shown.WAITING: counts.waiting,
        Shown.OVERDUE: counts.overdue,
        Shown.FAILED: counts.failed,
        Shown.HELD: counts.held,
        Shown.RETURNED: counts.returned,
        Shown.ATTENTION: counts.overdue + counts.failed + counts.returned,
    }
    here = reverse("notifications:outbox")
    return [
        Tab(
            label=f"{shown.label} ({numbers[shown]})" if numbers.get(shown) else str(shown.label),
            url=f"{here}?show={shown.value}",
            is_current=shown == asked.shown,
        )
        for shown in Shown
    ]


def _query(asked: Asked) -> str:
    """Write what was asked for the links to other pages, with a last '&'."""
    given = {"show": asked.shown.value, "words": asked.words, "kind": asked.kind}
    return urlencode({name: value for name, value in given.items() if value}) + "&"


def _as_row(returned: ReturnedAddress) -> dict[str, object]:
    """Describe a returned address for components/rows.html."""
    facts = [returned.when, *returned.messages]
    return {
        "title": f"{returned.name}: {returned.address}" if returned.name else returned.address,
        "facts": facts,
        "text": f"{returned.reason} {returned.advice}",
        "actions": [
            {
                "text": _("The address is right: try again"),
                "url": reverse("notifications:address-try-again", args=[returned.pk]),
            }
        ],
    }
