"""Certificates of an organisation in a zip file: choose, see what it comes to, wait, download."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import Permission
from certificates.enums import BundleState
from certificates.forms import BundleForm
from certificates.models import Bundle
from certificates.queries import STORAGE, plain_letters
from certificates.queries.bundles import (
    bundles_of,
    choice_in_words,
    chosen_awards,
    courses_to_choose,
    left_out_of,
    listed_bundle,
    organisations_to_choose,
)
from certificates.services import TooManyToPack, ask_for_bundle, note_download
from certificates.views.awards import person_of
from lms.core.access import PermissionMixin
from lms.core.errors import DomainError

PAGE_LENGTH = 50


class BundleListView(PermissionMixin, View):
    permission = Permission.VIEW_AWARDS

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(bundles_of(person_of(request)), PAGE_LENGTH).get_page(
            request.GET.get("page")
        )
        context = {
            "page": page,
            "rows": [listed_bundle(each) for each in page.object_list],
        }
        return render(request, "certificates/bundles/list.html", context)


class NewBundleView(PermissionMixin, View):
    """Choose by GET, which shows what it comes to; POST has it made."""

    permission = Permission.VIEW_AWARDS
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if "organisation" not in request.GET:
            return self.show(self.form())
        form = self.form(request.GET)
        return self.show(form) if form.is_valid() else self.show(form, status=422)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            bundle = ask_for_bundle(
                choice=form.choice(), asked_by=person_of(request), now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self.show(form, status=refusal.status)
        return redirect(bundle)

    def form(self, data: Any = None) -> BundleForm:
        found = organisations_to_choose(person_of(self.request), on=timezone.localdate())
        initial = {}
        if data is None and len(few := list(found[:2])) == 1:
            initial["organisation"] = few[0].public_id
        return BundleForm(data, initial=initial, organisations=found, courses=courses_to_choose())

    def show(self, form: BundleForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            choice = form.choice()
            context["chosen"] = chosen_awards(choice, person_of(self.request), now=timezone.now())
            if context["chosen"].standing > settings.BUNDLE_MAX_AWARDS:
                context["too_many"] = TooManyToPack(context["chosen"].standing).message
            context["title"] = choice.organisation.name
            context["words"] = choice_in_words(
                choice.course, choice.completed_from, choice.completed_until
            )
            context["hidden"] = [(name, form.data.get(name, "")) for name in form.fields]
        return render(self.request, "certificates/bundles/new.html", context, status=status)


class BundleView(PermissionMixin, View):
    """How far a worker is; then the file, and what is not in it."""

    permission = Permission.VIEW_AWARDS

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        return show_bundle(request, bundle_for(request, public_id))


class DownloadBundleView(PermissionMixin, View):
    permission = Permission.VIEW_AWARDS

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
        bundle = bundle_for(request, public_id)
        try:
            name = note_download(bundle=bundle, user=person_of(request), now=timezone.now())
        except DomainError as refusal:
            if bundle.state == BundleState.MAKING:
                messages.info(request, _("The file is still being made."))
                return redirect(bundle)
            return show_bundle(request, bundle, error=str(refusal.message), status=refusal.status)
        response = FileResponse(
            storages[STORAGE].open(name),
            as_attachment=True,
            filename=_file_name(bundle),
            content_type="application/zip",
        )
        response["X-Content-Type-Options"] = "nosniff"
        patch_cache_control(response, private=True, no_store=True)
        return response


def _file_name(bundle: Bundle) -> str:
    title = slugify(plain_letters(bundle.title))[:60] or "organisation"
    day = timezone.localtime(bundle.asked_at)
    return f"certificates-{title}-{day:%Y-%m-%d}.zip"


def bundle_for(request: HttpRequest, public_id: uuid.UUID) -> Bundle:
    return get_object_or_404(bundles_of(person_of(request)), public_id=public_id)


def show_bundle(
    request: HttpRequest, bundle: Bundle, *, error: str = "", status: int = 200
) -> HttpResponse:
    is_ready = bundle.state == BundleState.READY
    is_over = bundle.expires_at is not None and bundle.expires_at <= timezone.now()
    context = {
        "bundle": bundle,
        "row": listed_bundle(bundle),
        "left_out": left_out_of(bundle) if is_ready else [],
        "is_ready": is_ready and not is_over,
        "is_making": bundle.state == BundleState.MAKING,
        "error": error,
    }
    return render(request, "certificates/bundles/bundle.html", context, status=status)
