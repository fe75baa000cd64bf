"""What the screens of one organisation share, and the list of organisations."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import JoinRequestState, Permission, Role
from accounts.forms import OrganisationsFilterForm
from accounts.models import JoinRequest, Organisation, User
from accounts.queries.organisations import (
    listed_organisations,
    organisation_row,
    organisations_visible_to,
)
from accounts.queries.sections import sections_added
from lms.core.access import PermissionMixin

PER_PAGE = 50


def person_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
    return request.user


def page_of(request: HttpRequest, rows: Any, write: Any) -> Any:
    """Cut a list into pages; only the rows of the one that is shown are written."""
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = [write(row) for row in page.object_list]
    return page


def other_parameters(form: Any) -> str:
    """Write a filter's fields for the links to other pages, with a last '&'."""
    kept = {name: form.data.get(name) for name in form.fields if form.data.get(name)}
    return f"{urlencode(kept)}&" if kept else ""


class OrganisationsMixin(PermissionMixin):
    """Screens about organisations that the person's roles reach; every other one is not found."""

    permission = Permission.VIEW_PEOPLE
    request: HttpRequest

    def visible(self) -> Any:
        return organisations_visible_to(
            person_of(self.request), self.permission, on=timezone.localdate()
        )


class OrganisationMixin(OrganisationsMixin):
    """Screens about one organisation, named in the address by its public id."""

    kwargs: dict[str, Any]
    section = ""
    templates = "accounts/our_people"

    @cached_property
    def organisation(self) -> Organisation:
        found: Organisation = get_object_or_404(
            self.visible(), public_id=self.kwargs["organisation"]
        )
        return found

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show a screen with what all screens of the organisation have."""
        common = {
            "organisation": self.organisation,
            "sections": self._sections(),
            "list_url": reverse("accounts:organisation-list") if self._has_list() else "",
        }
        path = f"{self.templates}/{template}.html"
        return render(self.request, path, common | context, status=status)

    def _has_list(self) -> bool:
        return bool(
            {Role.COORDINATOR, Role.ADMINISTRATOR} & set(person_of(self.request).roles_today)
        )

    def _sections(self) -> list[dict[str, Any]]:
        waiting = JoinRequest.objects.filter(
            organisation=self.organisation, state=JoinRequestState.ASKED
        ).count()
        asked = _("Requests to join (%(n)d)") % {"n": waiting} if waiting else _("Requests to join")
        viewer = person_of(self.request)
        sections: list[tuple[str, str | Promise, str]] = [
            ("people", _("People"), "accounts:organisation-people"),
            *(
                (each.code, each.label, each.url_name)
                for each in sections_added()
                if viewer.has_perm(each.permission, self.organisation)
            ),
            ("invitations", _("Invitations"), "accounts:invitation-list"),
            ("requests", asked, "accounts:join-request-list"),
        ]
        return [
            {
                "label": label,
                "url": reverse(name, args=[self.organisation.public_id]),
                "is_current": key == self.section,
            }
            for key, label, name in sections
        ]


class InvitingMixin(OrganisationMixin):
    """Screens that change who belongs to an organisation: seeing it is not enough."""

    @cached_property
    def organisation(self) -> Organisation:
        found: Organisation = get_object_or_404(
            self.visible(), public_id=self.kwargs["organisation"]
        )
        if not person_of(self.request).has_perm(Permission.INVITE_PEOPLE, found):
            raise PermissionDenied
        return found


class OrganisationListView(OrganisationsMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = OrganisationsFilterForm(request.GET)
        form.is_valid()
        asked = form.cleaned_data
        found = listed_organisations(
            self.visible(),
            on=timezone.localdate(),
            search=asked.get("q", "").strip(),
            kind=asked.get("kind", ""),
            area=asked["area"].slug if asked.get("area") else "",
            only_vacant=asked.get("vacant", False),
        )
        page = page_of(request, found, organisation_row)
        context = {
            "form": form,
            "page": page,
            "query": other_parameters(form),
            "is_filtered": any(asked.values()),
        }
        status = 422 if form.errors else 200
        return render(request, "accounts/organisations.html", context, status=status)
