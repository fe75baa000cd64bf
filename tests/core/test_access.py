"""Every address says who may see it."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Permission

# Views of others, which guard themselves: Wagtail's admin, pages and documents (whose collections
# may be private), and allauth.
OTHERS = ("wagtail.", "allauth.", "django.views.i18n", "wagtail_")
OURS = {"lms", "accounts", "courses", "certificates", "notifications"}
ACCESS = {"public", "signed-in", "permission"}


def walk(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


def undeclared(patterns):
    found = []
    for address, callback in walk(patterns):
        view = getattr(callback, "view_class", callback)
        module = getattr(view, "__module__", "")
        if getattr(callback, "cms_admin", False) or module.startswith(OTHERS):
            continue
        # Behind decorators a view loses its name; on these paths it is Wagtail's or allauth's,
        # unless it says that it is ours.
        is_ours = module.split(".")[0] in OURS
        if address.startswith(("cms/", "accounts/", "_util/")) and not is_ours:
            continue
        access = getattr(view, "access", None)
        if access not in ACCESS or (
            access == "permission" and view.permission not in Permission.values
        ):
            found.append(address)
    return found


def test_every_view_declares_who_may_see_it():
    assert undeclared(get_resolver().url_patterns) == []


def test_a_silent_view_is_found():
    from django.urls import path
    from django.views import View

    assert undeclared([path("silent/", View.as_view())]) == ["silent/"]


SIGNED_IN_ONLY = [
    "/my-learning/",
    "/certificates/",
    "/account/security/",
    "/account/security/devices/",
    "/account/security/second-step/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", SIGNED_IN_ONLY)
def test_signed_in_screens_ask_to_sign_in_and_come_back(client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response.url == f"/accounts/login/?next={address}"
