"""The audit trail in the Wagtail admin, for whoever may read it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import django_filters
from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.models import IndexView

from accounts.enums import Permission
from accounts.models import AuditEntry
from accounts.queries.directory import audit_seen_by
from accounts.services import note_audit_read, sentences_of
from accounts.services.audit import actions_known
from lms.core.access import PermissionMixin
from lms.core.words import moment_in_words


def _kinds_of_record() -> list[tuple[str, str]]:
    """Name the kinds of record that the trail tells of."""
    labels = AuditEntry.objects.order_by("target_type").values_list("target_type", flat=True)
    return [(label, _kind_words(label)) for label in labels.distinct()]


def _kind_words(label: str) -> str:
    try:
        return str(capfirst(apps.get_model(label)._meta.verbose_name))
    except LookupError:  # a kind of record that the site no longer has
        return label


class AuditFilterSet(WagtailFilterSet):
    person = django_filters.CharFilter(
        label=_("Person"),
        method="by_person",
        help_text=_("A part of the name or e-mail address."),
    )
    action = django_filters.ChoiceFilter(
        label=_("Action"),
        choices=lambda: sorted(
            ((kind.code, kind.label) for kind in actions_known()), key=lambda choice: choice[1]
        ),
    )
    target_type = django_filters.ChoiceFilter(label=_("Kind of record"), choices=_kinds_of_record)
    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    class Meta:
        model = AuditEntry
        fields = ["person", "action", "target_type", "at"]

    def by_person(
        self, queryset: QuerySet[AuditEntry], name: str, value: str
    ) -> QuerySet[AuditEntry]:
        for word in value.split():
            queryset = queryset.filter(
                Q(actor__full_name__icontains=word)
                | Q(actor__email__icontains=word)
                | Q(subject__full_name__icontains=word)
                | Q(subject__email__icontains=word)
            )
        return queryset


class AuditTrailView(PermissionMixin, IndexView):
    """Who did what, when, in sentences. Nothing can be changed here; looking leaves a line too."""

    permission = Permission.VIEW_AUDIT
    any_permission_required = None  # ours above decides, not Django's permissions of the model
    model = AuditEntry
    index_url_name = "audit_trail"
    index_results_url_name = "audit_trail_results"
    _show_breadcrumbs = True  # as Wagtail's own viewsets do: the header that holds the search
    page_title = _("Audit trail")
    header_icon = "history"
    table_classname = "listing app-stacked"
    default_ordering = "-at"
    paginate_by = 50
    is_searchable = True
    search_fields = [
        "actor__full_name",
        "actor__email",
        "subject__full_name",
        "subject__email",
        "action",
        "target_type",
    ]
    search_backend_name = None
    filterset_class = AuditFilterSet
    columns = [
        Column("at", label=_("When"), sort_key="at", accessor="moment"),
        Column("sentence", label=_("What")),
        Column("kind", label=_("Kind of record")),
        Column("field_names", label=_("What was changed")),
    ]
    list_export = ["at", "sentence", "action", "kind", "target_id", "field_names"]
    export_headings = {
        "at": _("When"),
        "sentence": _("What"),
        "action": _("Action"),
        "kind": _("Kind of record"),
        "target_id": _("Record"),
        "field_names": _("Fields"),
    }
    export_filename = "audit-trail"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        note_audit_read(reader=request.user, now=timezone.now())  # type: ignore[arg-type]  # PermissionMixin saw to it
        return super().get(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[AuditEntry]:
        return audit_seen_by(self.request.user, on=timezone.localdate())

    def order_queryset(self, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.order_by(self.ordering, "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.is_export:
            _say(list(context["object_list"]))
        return context

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        return super().as_spreadsheet(_said(queryset), spreadsheet_format)

    def get_heading(self, queryset: Any, field: str) -> str:
        return str(self.export_headings[field])


def _say(entries: list[AuditEntry]) -> list[AuditEntry]:
    """Write the words of each line onto it, for the columns."""
    for entry, sentence in zip(entries, sentences_of(entries), strict=True):
        entry.moment = moment_in_words(entry.at)  # type: ignore[attr-defined]  # as below
        entry.sentence = sentence  # type: ignore[attr-defined]  # what only this list shows
        entry.kind = _kind_words(entry.target_type)  # type: ignore[attr-defined]  # as above
        entry.field_names = ", ".join(entry.fields)  # type: ignore[attr-defined]  # as above
    return entries


def _said(entries: QuerySet[AuditEntry]) -> Iterator[AuditEntry]:
    """Go through a long export some hundred lines at a time."""
    rows = entries.iterator(chunk_size=500)
    while some := list(islice(rows, 500)):
        yield from _say(some)
