"""Certificates that were given, in the Wagtail admin: the list, one of them, putting it right."""

import datetime
import uuid
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.models import IndexView

from accounts.enums import Permission
from accounts.models import User
from certificates.enums import AwardStatus
from certificates.forms import ReissueForm, RevokeForm
from certificates.models import Award, part_of_code
from certificates.queries import awards_managed_by, awards_seen_by, facts_of, pdf_in_words
from certificates.queries.names import corrections_about
from certificates.services import reissue_award, render_again, revoke_award
from courses.models import Course
from lms.core.access import PermissionMixin
from lms.core.csv import formula_safe
from lms.core.errors import DomainError


class AwardFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=AwardStatus.choices,
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    course = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Course"),
        field_name="completion__course",
        queryset=Course.objects.order_by("title", "pk"),
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Award
        fields: list[str] = []


def _given_url(award: Award) -> str:
    return reverse("certificates_award", args=[award.public_id])


class AwardListView(PermissionMixin, IndexView):
    """Certificates that were given, for who may see them, with the rows seen as a spreadsheet."""

    permission = Permission.VIEW_AWARDS
    any_permission_required = None  # ours above decides, not Django's permissions of the model
    model = Award
    index_url_name = "certificates_given"
    index_results_url_name = "certificates_given_results"
    _show_breadcrumbs = True  # as Wagtail's own viewsets do: the header that holds the search
    page_title = gettext_lazy("Certificates given")
    header_icon = "tick-inverse"
    default_ordering = "-awarded_at"
    paginate_by = 50
    is_searchable = True
    search_backend_name = None
    filterset_class = AwardFilterSet
    export_filename = "certificates"
    columns = [
        TitleColumn("holder_name", label=gettext_lazy("Holder"), get_url=_given_url),
        Column("course_title", label=gettext_lazy("Course")),
        Column("completed_on", label=gettext_lazy("Completed on"), sort_key="completed_on"),
        Column("written_code", label=gettext_lazy("Code")),
        Column("get_status_display", label=gettext_lazy("Status"), sort_key="status"),
        Column("pdf", label=gettext_lazy("PDF"), accessor=pdf_in_words),
    ]
    export_headings = {
        "holder_name": gettext_lazy("Holder"),
        "course_title": gettext_lazy("Course"),
        "version_number": gettext_lazy("Version"),
        "completed_on": gettext_lazy("Completed on"),
        "cpd_minutes": gettext_lazy("CPD minutes"),
        "written_code": gettext_lazy("Code"),
        "get_status_display": gettext_lazy("Status"),
        "expires_on": gettext_lazy("Expires on"),
    }
    list_export = list(export_headings)

    def get_base_queryset(self) -> QuerySet[Award]:
        return awards_seen_by(self.request.user, on=timezone.localdate())

    def search_queryset(self, queryset: QuerySet[Award]) -> QuerySet[Award]:
        """Look in names, courses and codes; these however they are typed, or a part of them."""
        if not self.is_searching:
            return queryset
        found = Q(holder_name__icontains=self.search_query) | Q(
            course_title__icontains=self.search_query
        )
        if code := part_of_code(self.search_query):
            found |= Q(code__contains=code)
        return queryset.filter(found)

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        value = super().preprocess_field_value(field, value, export_format)
        if export_format != self.FORMAT_CSV or value is None:
            return value
        return formula_safe(value)


class GivenAwardView(PermissionMixin, View):
    """One certificate as staff see it: what it says, how it stands, what can be done."""

    permission = Permission.VIEW_AWARDS

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        person, today = _person(request), timezone.localdate()
        award = get_object_or_404(
            awards_seen_by(person, on=today).select_related("replaced_by", "replaces"),
            public_id=public_id,
        )
        context = {
            "award": award,
            "facts": facts_of(award),
            "standing": award.standing(today),
            "pdf": pdf_in_words(award),
            "may_manage": awards_managed_by(person, on=today).filter(pk=award.pk).exists(),
            "corrections": corrections_about(award, person, on=today),
        }
        return TemplateResponse(request, "certificates/admin/award.html", context)


class ManageAwardView(PermissionMixin, View):
    """Something done to a certificate: asked on GET, done on POST."""

    permission = Permission.MANAGE_AWARDS
    http_method_names = ["get", "post"]
    form_class: type[forms.Form] = forms.Form
    title: Any
    explanation: Any
    button: Any

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        award = self.award(public_id)
        return self.ask(award, self.form_class(initial=self.initial(award)))

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        award = self.award(public_id)
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.ask(award, form, status=422)
        try:
            result, said = self.act(award, form, _person(request), timezone.now())
        except DomainError as refusal:
            return self.ask(award, form, error=str(refusal.message), status=refusal.status)
        messages.success(request, said)
        return redirect(_given_url(result))

    def award(self, public_id: uuid.UUID) -> Award:
        """Find the certificate: 404 where it is not seen, 403 where it is seen only."""
        person, today = _person(self.request), timezone.localdate()
        seen = awards_seen_by(person, on=today).select_related("user")
        award = get_object_or_404(seen, public_id=public_id)
        if not awards_managed_by(person, on=today).filter(pk=award.pk).exists():
            raise PermissionDenied
        return award

    def ask(
        self, award: Award, form: forms.Form, *, error: str = "", status: int = 200
    ) -> HttpResponse:
        context = {
            "award": award,
            "form": form,
            "error": error,
            "title": self.title,
            "explanation": self.explanation,
            "button": self.button,
            "award_url": _given_url(award),
        }
        template = "certificates/admin/manage_award.html"
        return TemplateResponse(self.request, template, context, status=status)

    def initial(self, award: Award) -> dict[str, Any]:
        return {}

    def act(
        self, award: Award, form: forms.Form, person: User, now: datetime.datetime
    ) -> tuple[Award, str]:
        """Do it; return the certificate to show next and what to say about it."""
        raise NotImplementedError  # each view does its own


class RevokeAwardView(ManageAwardView):
    form_class = RevokeForm
    title = gettext_lazy("Revoke this certificate")
    explanation = gettext_lazy(
        "Its code then says that it was revoked, and nobody should rely on it. This cannot be "
        "undone. The holder is told by e-mail, without the reason."
    )
    button = gettext_lazy("Revoke it")

    def act(
        self, award: Award, form: forms.Form, person: User, now: datetime.datetime
    ) -> tuple[Award, str]:
        reason = form.cleaned_data["reason"]
        revoked = revoke_award(award=award, reason=reason, revoked_by=person, now=now)
        if revoked.revoked_at != now:
            return award, _("It had been revoked already. The reason given first stands.")
        return award, _("The certificate is revoked. The holder is told by e-mail.")


class ReissueAwardView(ManageAwardView):
    form_class = ReissueForm
    title = gettext_lazy("Reissue with a corrected name")
    explanation = gettext_lazy(
        "A new certificate with a new code takes the place of this one, whose code then says that "
        "it was replaced. The holder gets the new one by e-mail."
    )
    button = gettext_lazy("Reissue it")

    def initial(self, award: Award) -> dict[str, Any]:
        return {"holder_name": award.user.full_name}

    def act(
        self, award: Award, form: forms.Form, person: User, now: datetime.datetime
    ) -> tuple[Award, str]:
        name = form.cleaned_data["holder_name"]
        new = reissue_award(award=award, holder_name=name, reissued_by=person, now=now)
        return new, _("This is the new certificate. Its PDF goes to the holder by e-mail.")


class RenderAgainView(ManageAwardView):
    title = gettext_lazy("Make the PDF again")
    explanation = gettext_lazy(
        "It is made with the design that new certificates use today, and sent to the holder."
    )
    button = gettext_lazy("Make the PDF")

    def act(
        self, award: Award, form: forms.Form, person: User, now: datetime.datetime
    ) -> tuple[Award, str]:
        render_again(award=award, asked_by=person, now=now)
        return award, _("The PDF is being made, which takes a minute or two.")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - PermissionMixin saw to it
    return request.user
