from django.views.generic import RedirectView

from lms.core.access import PublicMixin


class ToSignInView(PublicMixin, RedirectView):
    """Other sign-in pages lead to the one door, keeping where the person was going."""

    pattern_name = "account_login"
    query_string = True


class ToPasswordResetView(PublicMixin, RedirectView):
    """Other reset pages, with or without a token of theirs, lead to allauth's."""

    url = "/accounts/password/reset/"


class ToSignOutView(PublicMixin, RedirectView):
    pattern_name = "account_logout"


class ToAccountView(PublicMixin, RedirectView):
    """Wagtail's account page knows first and last names only: ours takes its place."""

    pattern_name = "account_change_password"


class ToAdminView(PublicMixin, RedirectView):
    """Where people look for Django's own admin, which this site does not have."""

    pattern_name = "wagtailadmin_home"
