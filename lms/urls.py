"""Every address of the site. Wagtail's pages come last and take what is left."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views.agencies import AgencyCallbackView, AgencySignInView
from accounts.views.devices import ToDeviceListView
from accounts.views.doors import (
    ClosedDoorView,
    ToAccountView,
    ToAdminView,
    ToPasswordResetView,
    ToSignInView,
    ToSignOutView,
)
from accounts.views.joining import InvitedSignupView
from accounts.views.security import RemovePasskeyView, ToSecurityView
from lms.pages.views import FaviconView, MediaView, RobotsView, StyleguideView

urlpatterns: list[URLPattern | URLResolver] = [
    # One door: Wagtail's and Django's own sign-in and reset lead to allauth's (decision 10).
    path(f"{settings.ADMIN_PATH}login/", ToSignInView.as_view(), name="admin-sign-in"),
    path("_util/login/", ToSignInView.as_view()),
    path(f"{settings.ADMIN_PATH}logout/", ToSignOutView.as_view()),
    re_path(rf"^{settings.ADMIN_PATH}password_reset/", ToPasswordResetView.as_view()),
    path(f"{settings.ADMIN_PATH}account/", ToAccountView.as_view()),
    re_path(r"^admin/(?:login/)?$", ToAdminView.as_view()),
    # No second door to rights: people and groups are looked after on our own pages (decision 10).
    re_path(
        rf"^{settings.ADMIN_PATH}(?:users|groups|bulk/accounts/user|bulk/auth/group)/",
        ClosedDoorView.as_view(),
    ),
    path(settings.ADMIN_PATH, include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/signup/", InvitedSignupView.as_view()),
    # Where allauth's own page gives way to ours.
    path("accounts/sessions/", ToDeviceListView.as_view()),
    path("accounts/2fa/", ToSecurityView.as_view()),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", RemovePasskeyView.as_view()),
    path("accounts/oidc/<slug:provider_id>/login/", AgencySignInView.as_view()),
    path("accounts/oidc/<slug:provider_id>/login/callback/", AgencyCallbackView.as_view()),
    path("accounts/", include("allauth.urls")),
    path("robots.txt", RobotsView.as_view()),
    path("favicon.ico", FaviconView.as_view()),
    path("", include("accounts.urls")),
    path("", include("notifications.urls")),
    path("", include("courses.urls")),
    path("", include("certificates.urls")),
]
if settings.STYLEGUIDE:
    urlpatterns.append(path("styleguide/", StyleguideView.as_view(), name="styleguide"))
if settings.SERVE_MEDIA:
    urlpatterns.append(path("media/<path:path>", MediaView.as_view()))
urlpatterns.append(path("", include(wagtail_urls)))
