"""The texts of messages, in the admin."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import Permission
from accounts.models import User
from lms.core.access import PermissionMixin
from lms.core.errors import DomainError
from notifications.forms import MessageTextForm
from notifications.services import (
    NoticeKind,
    Wording,
    change_wording,
    editable_kind,
    original_wording,
    preview_of,
    restore_original_wording,
    send_text_to_writer,
    text_history,
    text_rows,
    wording_of,
)


class TextsMixin(PermissionMixin):
    permission = Permission.EDIT_MESSAGES

    def kind(self, code: str) -> NoticeKind:
        kind = editable_kind(code)
        if kind is None:
            raise Http404
        return kind


class TextListView(TextsMixin, View):
    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "page_title": _("Texts of messages"),
            **_header(),
            "rows": text_rows(),
        }
        return TemplateResponse(request, "notifications/admin/texts.html", context)


class TextView(TextsMixin, View):
    """One text: shown with a preview on GET; looked at, tried or saved on POST."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        kind = self.kind(code)
        history = text_history(kind)
        wording = wording_of(kind)
        chosen = request.GET.get("version", "")
        for version in history:
            if str(version.pk) == chosen:
                wording = Wording(version.subject, version.body)
        initial = {
            "subject": wording.subject,
            "body": wording.body,
            "seen": history[0].pk if history else None,
        }
        return self.show(kind, MessageTextForm(initial=initial, kind=kind), wording)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        kind = self.kind(code)
        form = MessageTextForm(request.POST, kind=kind)
        if not form.is_valid():
            messages.error(request, _("There is something to put right below."))
            return self.show(kind, form, None, status=422)
        action = request.POST.get("action")
        if action == "save":
            return self.save(kind, form)
        if action == "test":
            writer = _person(request)
            send_text_to_writer(
                kind=kind,
                subject=form.wording.subject,
                body=form.wording.body,
                writer=writer,
                now=timezone.now(),
            )
            messages.success(
                request,
                _("A test is on its way to %(address)s. Nothing is saved yet.")
                % {"address": writer.email},
            )
        return self.show(kind, form, form.wording)

    def save(self, kind: NoticeKind, form: MessageTextForm) -> HttpResponse:
        try:
            change_wording(
                kind=kind,
                subject=form.wording.subject,
                body=form.wording.body,
                changed_by=_person(self.request),
                now=timezone.now(),
                seen_version=form.cleaned_data["seen"],
            )
        except DomainError as refusal:
            messages.error(self.request, str(refusal.message))
            latest = text_history(kind)
            form.data = {**form.data.dict(), "seen": latest[0].pk if latest else ""}  # type: ignore[attr-defined]  # posted data
            return self.show(kind, form, form.wording, status=refusal.status)
        messages.success(
            self.request,
            _("The text of “%(label)s” is changed. It is used from the next message on.")
            % {"label": kind.label},
        )
        return redirect("message_text", kind.code)

    def show(
        self, kind: NoticeKind, form: MessageTextForm, wording: Wording | None, *, status: int = 200
    ) -> HttpResponse:
        history = text_history(kind)
        context = {
            "page_title": kind.label,
            **_header(str(kind.label)),
            "kind": kind,
            "form": form,
            "placeholders": kind.all_placeholders,
            "preview": preview_of(wording, kind) if wording else None,
            "history": history,
            "is_changed": bool(history) and not history[0].is_original,
        }
        return TemplateResponse(
            self.request, "notifications/admin/text.html", context, status=status
        )


class OriginalTextView(TextsMixin, View):
    """Go back to the text that comes with the site: asked on GET, done on POST."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        kind = self.kind(code)
        context: dict[str, Any] = {
            "page_title": _("Back to the original text"),
            **_header(str(kind.label), _("Back to the original text")),
            "kind": kind,
            "preview": preview_of(original_wording(kind), kind),
            "text_url": reverse("message_text", args=[kind.code]),
        }
        return TemplateResponse(request, "notifications/admin/original_text.html", context)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        kind = self.kind(code)
        restore_original_wording(kind=kind, changed_by=_person(request), now=timezone.now())
        messages.success(
            request,
            _("“%(label)s” has its original text again. The other one stays in the history.")
            % {"label": kind.label},
        )
        return redirect("message_text", kind.code)


def _header(*below: str) -> dict[str, Any]:
    """Describe the head of a page for Wagtail's frame: the way here, and its name."""
    steps = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("message_texts"), "label": _("Texts of messages")},
        *({"url": "", "label": label} for label in below),
    ]
    return {"breadcrumbs_items": steps, "header_title": steps[-1]["label"], "header_icon": "mail"}


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - PermissionMixin saw to it
    return request.user
