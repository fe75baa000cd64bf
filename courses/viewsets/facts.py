"""The register of facts in the Wagtail admin."""

import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from accounts.enums import Permission
from accounts.models import User
from courses.enums import FactKind
from courses.forms.facts import FactCheckForm, FactForm
from courses.models import Fact
from courses.queries.facts import FactState, checks_of, fact_state, uses_of
from courses.services.facts import CheckRefused, record_check
from lms.core.access import PermissionMixin

# How long a fact of each kind is good for before somebody looks again, in days.
_REVIEW_AFTER = {FactKind.HELPLINE: 91, FactKind.ALLOWANCE: 182, FactKind.FEE: 182}
_REVIEW_AFTER_OTHERS = 365


def _state_today(fact: Fact) -> FactState:
    return fact_state(fact, on=timezone.localdate())


class FactFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("How it stands"),
        method="by_state",
        choices=[
            ("past", gettext_lazy("Past its review")),
            ("due", gettext_lazy("To check by now or soon")),
            ("retired", gettext_lazy("No longer kept")),
        ],
    )

    class Meta:
        model = Fact
        fields = ["kind", "owner"]

    def by_state(self, facts: QuerySet[Fact], name: str, value: str) -> QuerySet[Fact]:
        today = timezone.localdate()
        chosen = {
            "past": Fact.objects.past_review(today),
            "due": Fact.objects.to_check(today),
            "retired": Fact.objects.filter(is_retired=True),
        }[value]
        return facts.filter(pk__in=chosen.values("pk"))


class FactViewSet(SnippetViewSet):
    model = Fact
    icon = "calendar-check"
    add_to_admin_menu = True
    menu_label = gettext_lazy("Register of facts")
    menu_order = 250
    # SQLite's full-text search cannot look into named columns; the plain one can.
    search_backend_name = None
    search_fields = ("title", "key", "source", "text")
    list_display = (
        "title",
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display"),
        StatusTagColumn(
            "state",
            label=gettext_lazy("How it stands"),
            accessor=lambda fact: _state_today(fact).words,
            primary=lambda fact: _state_today(fact).kind in ("yellow", "red"),
        ),
        Column("review_on", label=gettext_lazy("Review by"), sort_key="review_on"),
        Column("owner", label=gettext_lazy("Owner")),
    )
    filterset_class = FactFilterSet
    ordering = ("review_on", "pk")
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("key"),
            FieldPanel("kind"),
            FieldPanel("is_support"),
            MultiFieldPanel(
                [FieldPanel("text"), FieldPanel("limits")], heading=gettext_lazy("What it says")
            ),
            MultiFieldPanel(
                [FieldPanel("source"), FieldPanel("url")], heading=gettext_lazy("Where it is from")
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("checked_on"), FieldPanel("review_on")]),
                    FieldPanel("owner"),
                    FieldPanel("is_retired"),
                ],
                heading=gettext_lazy("Until when it may be believed"),
            ),
        ],
        base_form_class=FactForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fact]:
        return Fact.objects.select_related("owner")


class CheckFactView(PermissionMixin, View):
    """Look a fact up: its source, where it is shown, when it was checked, that it still holds."""

    permission = Permission.KEEP_FACTS
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        fact = get_object_or_404(Fact, pk=pk)
        today = timezone.localdate()
        days = _REVIEW_AFTER.get(FactKind(fact.kind), _REVIEW_AFTER_OTHERS)
        suggested = {"checked_on": today, "review_on": today + datetime.timedelta(days=days)}
        return self.show(fact, FactCheckForm(initial=suggested))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        fact = get_object_or_404(Fact, pk=pk)
        form = FactCheckForm(request.POST)
        if not form.is_valid():
            return self.show(fact, form, status=422)
        assert isinstance(request.user, User)  # noqa: S101 - PermissionMixin saw to it
        try:
            record_check(
                fact=fact, checked_by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except CheckRefused as refusal:
            form.add_error(refusal.field, str(refusal.message))
            return self.show(fact, form, status=refusal.status)
        messages.success(request, _("“%(title)s” is checked.") % {"title": fact.title})
        return redirect(_list_url())

    def show(self, fact: Fact, form: FactCheckForm, *, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "fact": fact,
            "form": form,
            "state": _state_today(fact),
            "uses": uses_of(fact),
            "checks": checks_of(fact)[:20],
            "edit_url": reverse("wagtailsnippets_courses_fact:edit", args=[fact.pk]),
            "list_url": _list_url(),
        }
        return TemplateResponse(
            self.request, "courses/admin/check_fact.html", context, status=status
        )


def _list_url() -> str:
    return reverse("wagtailsnippets_courses_fact:list")
