"""Places and reference lists in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from accounts.models import Area, Audience, JobRole, Organisation, Venue


class DirectoryViewSet(ModelViewSet):
    # SQLite's full-text search cannot look into named columns; the plain one can.
    search_backend_name = None
    copy_view_enabled = False
    ordering = ("name", "pk")


class OrganisationViewSet(DirectoryViewSet):
    model = Organisation
    icon = "group"
    form_fields = ("name", "kind", "area", "postcode")
    list_display = ("name", "kind", "area")
    list_filter = ("kind", "area")
    list_export = ("name", "get_kind_display", "area", "postcode")
    export_headings = {"get_kind_display": _("Kind")}
    search_fields = ("name", "postcode")


class VenueViewSet(DirectoryViewSet):
    model = Venue
    icon = "site"
    form_fields = (
        "name",
        "kind",
        "area",
        "address",
        "postcode",
        "access_notes",
        "code",
        "checked_on",
    )
    list_display = ("name", "kind", "area", "checked_on")
    list_filter = ("kind", "area")
    search_fields = ("name", "code", "postcode")


class AreaViewSet(DirectoryViewSet):
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
