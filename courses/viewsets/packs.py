"""Course packs in the Wagtail admin: a course out, a course in."""

import tempfile
import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from accounts.enums import Permission
from accounts.models import User
from courses.enums import PackState
from courses.forms.packs import PackUploadForm
from courses.models import CoursePage, PackUpload
from courses.packfiles import PackError
from courses.packfiles.archives import MEGABYTE
from courses.packfiles.zips import LIMITS
from courses.queries.packs import export_notes, pack_page
from courses.services.packs import export_course_pack
from courses.services.packs.uploads import (
    give_up_pack,
    import_pack,
    look_again,
    start_pack_upload,
)
from lms.core.access import PermissionMixin
from lms.core.errors import DomainError


def _header(title: str, *between: dict[str, str]) -> dict[str, Any]:
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        *between,
        {"url": "", "label": title},
    ]
    return {"page_title": title, "header_title": title, "breadcrumbs_items": trail}


class ExportCourseView(PermissionMixin, View):
    """What an export holds on GET; the zip on POST, or why it cannot be written."""

    permission = Permission.EDIT_COURSES
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(get_object_or_404(CoursePage, pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        page = get_object_or_404(CoursePage.objects.select_related("course"), pk=pk)
        assert isinstance(request.user, User)  # noqa: S101 - PermissionMixin saw to it
        # On the disk, however large the course is; it goes when the answer has been sent.
        content = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer
        key = page.course.key if page.course else page.slug
        try:
            export_course_pack(key=key, to=content, now=timezone.now(), actor=request.user)
        except PackError as refusal:
            content.close()
            return self.show(page, refusal)
        content.seek(0)
        return FileResponse(
            content, as_attachment=True, filename=f"{key}.zip", content_type="application/zip"
        )

    def show(self, page: CoursePage, refusal: PackError | None = None) -> HttpResponse:
        explorer = {
            "url": reverse("wagtailadmin_explore", args=[page.pk]),
            "label": page.title,
        }
        context = {
            **_header(_("Export"), explorer),
            "page_title": _("Export “%(title)s”") % {"title": page.title},
            "course_page": page,
            "notes": export_notes(page),
            "problems": refusal.every if refusal else [],
            "back_url": explorer["url"],
        }
        return TemplateResponse(
            self.request,
            "courses/admin/export_pack.html",
            context,
            status=refusal.status if refusal else 200,
        )


@method_decorator(never_cache, name="dispatch")
class PackMixin(PermissionMixin):
    """For those who publish courses; each sees the packs that they uploaded."""

    permission = Permission.PUBLISH_COURSES

    @property
    def person(self) -> User:
        user = self.request.user  # type: ignore[attr-defined]  # the View beside us
        assert isinstance(user, User)  # noqa: S101 - SignedInMixin saw to it
        return user

    def found(self, public_id: uuid.UUID) -> PackUpload:
        rows = PackUpload.objects.visible_to(self.person).select_related("course", "uploaded_by")
        return get_object_or_404(rows, public_id=public_id)


class ImportPackView(PackMixin, View):
    """A form for a zip, and the packs that somebody has in hand."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(PackUploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PackUploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        file = form.cleaned_data["file"]
        try:
            upload = start_pack_upload(
                user=self.person,
                file=file,
                file_name=file.name,
                size=file.size,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error("file", str(refusal.message))
            return self.show(form, status=refusal.status)
        return redirect("courses_pack", upload.public_id)

    def show(self, form: PackUploadForm, status: int = 200) -> HttpResponse:
        context = {
            **_header(_("Import a course")),
            "form": form,
            "most_files": LIMITS.files,
            "most_megabytes": LIMITS.total // MEGABYTE,
            "uploads": PackUpload.objects.visible_to(self.person).order_by("-created_at", "-pk"),
        }
        return TemplateResponse(
            self.request, "courses/admin/import_pack.html", context, status=status
        )


class PackView(PackMixin, View):
    """Where one pack is: being read, refused, ready to import, imported."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        upload = self.found(public_id)
        page = pack_page(upload)
        start = {"url": reverse("courses_packs"), "label": _("Import a course")}
        context = {**_header(page.heading, start), "upload": upload, "pack": page}
        context["page_title"] = page.lead
        return TemplateResponse(request, f"courses/admin/pack_{page.template}.html", context)


class PackStepView(PackMixin, View):
    """A step of one pack: what came of it is on its page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        upload = self.found(public_id)
        try:
            return self.step(upload)
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
            return redirect("courses_pack", upload.public_id)

    def step(self, upload: PackUpload) -> HttpResponse:
        raise NotImplementedError


class RunPackView(PackStepView):
    def step(self, upload: PackUpload) -> HttpResponse:
        fingerprint = self.request.POST.get("fingerprint", "")
        upload = import_pack(upload=upload, fingerprint=fingerprint, now=timezone.now())
        if upload.state == PackState.DONE:
            messages.success(self.request, _("The course is imported."))
        return redirect("courses_pack", upload.public_id)


class LookAgainView(PackStepView):
    def step(self, upload: PackUpload) -> HttpResponse:
        look_again(upload=upload, now=timezone.now())
        return redirect("courses_pack", upload.public_id)


class GiveUpPackView(PackStepView):
    def step(self, upload: PackUpload) -> HttpResponse:
        give_up_pack(upload=upload)
        messages.success(self.request, _("The pack is removed. Nothing was imported from it."))
        return redirect("courses_packs")
