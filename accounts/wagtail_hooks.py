from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.enums import Permission
from accounts.viewsets import AuditTrailView, DirectoryGroup


@hooks.register("register_admin_viewset")
def register_directory() -> DirectoryGroup:
    return DirectoryGroup()


class AuditMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(Permission.VIEW_AUDIT)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [
        path("audit/", AuditTrailView.as_view(), name="audit_trail"),
        path(
            "audit/results/", AuditTrailView.as_view(results_only=True), name="audit_trail_results"
        ),
    ]


@hooks.register("register_reports_menu_item")
def register_audit_report() -> MenuItem:
    return AuditMenuItem(_("Audit trail"), reverse("audit_trail"), icon_name="history", order=800)
