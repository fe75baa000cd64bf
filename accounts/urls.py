"""A person's own page, the people of organisations, and those who join."""

from django.urls import URLPattern, path

from accounts.views.devices import DeviceListView, EndDeviceView, EndOtherDevicesView
from accounts.views.security import GoOnView, SecondFactorView, SecurityView

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    # Signing in: accounts.views.security, accounts.views.devices
    path("account/security/", SecurityView.as_view(), name="security"),
    path("account/security/second-step/", SecondFactorView.as_view(), name="second-factor"),
    path("account/security/second-step/go-on/", GoOnView.as_view(), name="second-factor-done"),
    path("account/security/devices/", DeviceListView.as_view(), name="device-list"),
    path("account/security/devices/<int:pk>/end/", EndDeviceView.as_view(), name="device-end"),
    path(
        "account/security/devices/end-others/",
        EndOtherDevicesView.as_view(),
        name="device-end-others",
    ),
    # The person's own page: accounts.views.me
    # Our people, invitations, requests to join: accounts.views.joining, accounts.views.our_people
    # Importing people: accounts.views.imports
    # People and roles: accounts.views.people, accounts.views.roles
]
