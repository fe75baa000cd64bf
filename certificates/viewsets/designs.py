"""The designs of certificates in the Wagtail admin, with their true preview."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import (
    CopyView,
    PreviewOnCreateView,
    PreviewOnEditView,
    SnippetViewSet,
)
from wagtail.utils.decorators import xframe_options_sameorigin_override

from accounts.enums import Permission
from certificates.forms import DesignForm
from certificates.models import CertificateDesign, DesignLogo, DesignSignatory
from certificates.models.designs import MOST_LOGOS, MOST_SIGNATORIES
from certificates.pdf import sample_pdf
from certificates.services import use_design_for_new_awards
from lms.core.access import PermissionMixin
from lms.core.pdf import PdfRefused


class TruePreview:
    """Shows a design as what it makes: the PDF itself, with sample facts, saved or not.

    Wagtail's view beside us asks for the permission to add or change designs.
    """

    access = "permission"
    permission = Permission.EDIT_DESIGNS
    request: HttpRequest

    @method_decorator(xframe_options_sameorigin_override)
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form(self._get_form_data(self._get_form_state()))  # type: ignore[attr-defined]  # Wagtail's view beside us
        is_usable = self.validate_form(form)  # type: ignore[attr-defined]  # as above
        if form.is_bound and not is_usable:
            return self._refusal([text for texts in form.errors.values() for text in texts])
        if request.GET.get("in_preview_panel") == "true":
            return TemplateResponse(
                request, "certificates/admin/preview_panel.html", {"pdf_url": request.path}
            )
        try:
            # Nothing was posted yet where somebody opens the preview's address by itself.
            content = form.sample if form.is_bound else sample_pdf(form.instance)
        except PdfRefused as refusal:
            return self._refusal([str(refusal.message)])
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": 'inline; filename="preview.pdf"'},
        )

    def _refusal(self, problems: list[str]) -> HttpResponse:
        return TemplateResponse(
            self.request, "certificates/admin/preview_refused.html", {"problems": problems}
        )


class PreviewNewDesignView(TruePreview, PreviewOnCreateView):
    pass


class PreviewDesignView(TruePreview, PreviewOnEditView):
    pass


def _use_of(design: CertificateDesign) -> str:
    uses = [_("For new certificates")] if design.is_default else []
    uses += [each.course.title for each in design.design_courses.all()]
    return Truncator(", ".join(uses)).chars(90)


class CopyDesignView(CopyView):
    """A copy begins with the same signatories and logos; a course keeps the design it has.

    Wagtail's view asks for the permission to add designs.
    """

    access = "permission"
    permission = Permission.EDIT_DESIGNS

    def get_initial_form_instance(self) -> CertificateDesign:
        design: CertificateDesign = self.get_object()
        logos = [DesignLogo(picture=each.picture) for each in design.logos.all()]
        signatories = [
            DesignSignatory(name=each.name, title=each.title, picture=each.picture)
            for each in design.signatories.all()
        ]
        design.pk = None
        design.logos, design.signatories, design.design_courses = logos, signatories, []  # type: ignore[assignment]  # as modelcluster has it
        return design


class DesignViewSet(SnippetViewSet):
    model = CertificateDesign
    icon = "doc-full"
    add_to_admin_menu = True
    menu_label = gettext_lazy("Certificates")
    menu_order = 300
    # SQLite's full-text search cannot look into named columns; the plain one can.
    search_backend_name = None
    search_fields = ("name", "issuer")
    list_display = (
        "name",
        Column(
            "issuer_name",
            label=gettext_lazy("Issued by"),
            accessor=lambda design: Truncator(design.issuer_name).chars(40),
        ),
        Column(
            "use",
            label=gettext_lazy("Use"),
            accessor=_use_of,
        ),
    )
    ordering = ("name", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CertificateDesign]:
        return CertificateDesign.objects.prefetch_related("design_courses__course")

    copy_view_enabled = True
    copy_view_class = CopyDesignView
    preview_on_add_view_class = PreviewNewDesignView
    preview_on_edit_view_class = PreviewDesignView
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            MultiFieldPanel(
                [
                    FieldPanel("heading"),
                    FieldPanel("opening"),
                    FieldPanel("wording"),
                    FieldPanel("statement"),
                ],
                heading=gettext_lazy("What it says"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("issuer"),
                    FieldPanel("valid_months"),
                ],
                heading=gettext_lazy("Who gives it, and for how long"),
            ),
            InlinePanel(
                "signatories",
                [FieldRowPanel([FieldPanel("name"), FieldPanel("title")]), FieldPanel("picture")],
                heading=gettext_lazy("Who signs"),
                label=gettext_lazy("Signatory"),
                help_text=gettext_lazy("Up to three, from left to right."),
                max_num=MOST_SIGNATORIES,
            ),
            InlinePanel(
                "logos",
                [FieldPanel("picture")],
                heading=gettext_lazy("Logos"),
                label=gettext_lazy("Logo"),
                help_text=gettext_lazy("Up to three. Without one, the site’s own is used."),
                max_num=MOST_LOGOS,
            ),
            FieldPanel("accent", widget=forms.TextInput),
            InlinePanel(
                "design_courses",
                [FieldPanel("course")],
                heading=gettext_lazy("For which courses"),
                label=gettext_lazy("Course"),
                help_text=gettext_lazy(
                    "New certificates of these courses have this design. All others have the one "
                    "that is used for new certificates."
                ),
            ),
            FieldPanel(
                "markup",
                widget=forms.Textarea(
                    attrs={"rows": 30, "spellcheck": "false", "wrap": "off", "class": "w-font-mono"}
                ),
            ),
        ],
        base_form_class=DesignForm,
    )


class UseDesignView(PermissionMixin, View):
    """Choose the design that new certificates get: asked on GET, done on POST."""

    permission = Permission.EDIT_DESIGNS
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        design = get_object_or_404(CertificateDesign, pk=pk)
        return self.ask(design)

    def ask(self, design: CertificateDesign, *, error: str = "", status: int = 200) -> HttpResponse:
        context = {"design": design, "list_url": _designs_url(), "error": error}
        template = "certificates/admin/use_design.html"
        return TemplateResponse(self.request, template, context, status=status)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        design = get_object_or_404(CertificateDesign, pk=pk)
        try:
            use_design_for_new_awards(design=design, chosen_by=request.user, now=timezone.now())  # type: ignore[arg-type]  # PermissionMixin saw to it
        except PdfRefused as refusal:
            return self.ask(design, error=str(refusal.message), status=422)
        messages.success(
            request, _("New certificates use “%(name)s” from now on.") % {"name": design.name}
        )
        return redirect(_designs_url())


def _designs_url() -> str:
    return reverse("wagtailsnippets_certificates_certificatedesign:list")
