from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from accounts.enums import Permission
from certificates.models import CertificateDesign
from certificates.viewsets import (
    AwardListView,
    DesignViewSet,
    GivenAwardView,
    ReissueAwardView,
    RenderAgainView,
    RevokeAwardView,
    UseDesignView,
)

register_snippet(DesignViewSet)


class AwardsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(Permission.VIEW_AWARDS)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [
        path("certificates/given/", AwardListView.as_view(), name="certificates_given"),
        path(
            "certificates/given/results/",
            AwardListView.as_view(results_only=True),
            name="certificates_given_results",
        ),
        path(
            "certificates/given/<uuid:public_id>/",
            GivenAwardView.as_view(),
            name="certificates_award",
        ),
        path(
            "certificates/given/<uuid:public_id>/revoke/",
            RevokeAwardView.as_view(),
            name="certificates_revoke",
        ),
        path(
            "certificates/given/<uuid:public_id>/reissue/",
            ReissueAwardView.as_view(),
            name="certificates_reissue",
        ),
        path(
            "certificates/given/<uuid:public_id>/render/",
            RenderAgainView.as_view(),
            name="certificates_render_again",
        ),
        path(
            "certificates/designs/<int:pk>/use/", UseDesignView.as_view(), name="certificates_use"
        ),
    ]


@hooks.register("register_reports_menu_item")
def register_awards_report() -> MenuItem:
    return AwardsMenuItem(
        _("Certificates given"), reverse("certificates_given"), icon_name="tick-inverse", order=700
    )


@hooks.register("register_snippet_listing_buttons")
def offer_to_use_design(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    is_unused_design = isinstance(snippet, CertificateDesign) and not snippet.is_default
    if is_unused_design and user.has_perm(Permission.EDIT_DESIGNS):
        yield Button(
            _("Use for new certificates"),
            reverse("certificates_use", args=[snippet.pk]),
            icon_name="tick",
            priority=50,
        )
