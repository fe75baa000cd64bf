"""Places and reference lists in the Wagtail admin."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import Button

from accounts.enums import Permission
from accounts.models import Area, Audience, JobRole, Organisation, User, Venue
from accounts.services import check_venue
from accounts.viewsets.reach import (
    InReachMixin,
    ReachedAddView,
    ReachedEditView,
    ReachedHistoryView,
    ReachedIndexView,
    ReachedUsageView,
)
from lms.core.access import PermissionMixin


class UnusedOnlyDeleteView(DeleteView):
    """What people or records lean on stays, and the page says so instead of failing.

    Wagtail's view asks for the permission to delete the kind of record.
    """

    access = "permission"
    permission = Permission.KEEP_DIRECTORY

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except ProtectedError:
            text = gettext("“%(name)s” is in use and cannot be deleted.") % {"name": self.object}
            messages.error(self.request, text)
            return redirect(self.get_success_url())
        return response


class ReachedDeleteView(InReachMixin, UnusedOnlyDeleteView):
    def get_queryset(self) -> QuerySet[Any]:
        return self.in_reach(super().get_queryset())


class DirectoryViewSet(ModelViewSet):
    delete_view_class = UnusedOnlyDeleteView
    # SQLite's full-text search cannot look into named columns; the plain one can.
    search_backend_name = None
    copy_view_enabled = False
    ordering = ("name", "pk")


class PlaceViewSet(DirectoryViewSet):
    """Records that lie in an area: each keeper has those their own roles reach."""

    index_view_class = ReachedIndexView
    add_view_class = ReachedAddView
    edit_view_class = ReachedEditView
    delete_view_class = ReachedDeleteView
    history_view_class = ReachedHistoryView
    usage_view_class = ReachedUsageView


class OrganisationViewSet(PlaceViewSet):
    model = Organisation
    icon = "group"
    form_fields = ("name", "kind", "area", "postcode")
    list_display = ("name", "kind", "area")
    list_filter = ("kind", "area")
    list_export = ("name", "get_kind_display", "area", "postcode")
    export_headings = {"get_kind_display": _("Kind")}
    search_fields = ("name", "postcode")


class VenueFilterSet(WagtailFilterSet):
    checked = django_filters.ChoiceFilter(
        label=_("Details"),
        choices=[("no", _("Not checked yet")), ("yes", _("Checked"))],
        method="filter_checked",
    )

    class Meta:
        model = Venue
        fields = ["kind", "area"]

    def filter_checked(self, venues: QuerySet[Venue], name: str, value: str) -> QuerySet[Venue]:
        return venues.filter(checked_on__isnull=value == "no")


class VenueIndexView(ReachedIndexView):
    """Wagtail's view asks for the permission to see venues."""

    access = "permission"
    permission = Permission.KEEP_DIRECTORY

    def get_list_more_buttons(self, instance: Venue) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.user_has_permission("change"):
            url = reverse("venue:checked", args=[instance.pk])
            buttons.append(Button(gettext("Checked today"), url, icon_name="check", priority=15))
        return buttons


class VenueCheckedView(PermissionMixin, View):
    """Somebody made sure of a venue's details: shown on GET, written on POST."""

    permission = Permission.KEEP_DIRECTORY
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"venue": self.venue(pk), "list_url": reverse("venue:index")}
        return TemplateResponse(request, "accounts/admin/venue_checked.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        venue = check_venue(venue=self.venue(pk), checked_by=self.user, now=timezone.now())
        text = gettext("%(name)s: %(state)s.") % {"name": venue, "state": venue.checked_words}
        messages.success(request, text)
        return redirect("venue:index")

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 - PermissionMixin saw to it
        return self.request.user

    def venue(self, pk: int) -> Venue:
        venue = get_object_or_404(Venue, pk=pk)
        if not self.user.has_perm(Permission.KEEP_DIRECTORY, venue):
            raise PermissionDenied
        return venue


class VenueViewSet(PlaceViewSet):
    model = Venue
    icon = "site"
    index_view_class = VenueIndexView
    filterset_class = VenueFilterSet
    form_fields = (
        "name",
        "kind",
        "area",
        "address",
        "postcode",
        "access_notes",
        "code",
        "venue_code",
        "checked_on",
    )
    list_display = (
        "name",
        "kind",
        "area",
        Column("checked_words", label=_("Details"), sort_key="checked_on"),
    )
    list_export = ("name", "kind", "area", "postcode", "code", "venue_code", "checked_on")
    search_fields = ("name", "code", "venue_code", "postcode")

    def get_urlpatterns(self) -> list[URLPattern]:
        checked = path("checked/<int:pk>/", VenueCheckedView.as_view(), name="checked")
        return [*super().get_urlpatterns(), checked]


class AreaViewSet(PlaceViewSet):
    model = Area
    icon = "globe"
    form_fields = ("name", "slug")
    list_display = ("name",)
    search_fields = ("name",)


class AudienceViewSet(DirectoryViewSet):
    model = Audience
    icon = "tag"
    form_fields = ("name", "slug")
    list_display = ("name",)
    search_fields = ("name",)


class JobRoleViewSet(DirectoryViewSet):
    model = JobRole
    icon = "user"
    form_fields = ("name", "audience")
    list_display = ("name", "audience")
    list_filter = ("audience",)
    search_fields = ("name",)


class DirectoryGroup(ModelViewSetGroup):
    menu_label = _("Places and lists")
    menu_icon = "clipboard-list"
    menu_order = 300
    items = (OrganisationViewSet, VenueViewSet, AreaViewSet, JobRoleViewSet, AudienceViewSet)
