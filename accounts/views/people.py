"""People, for whoever may see them; giving them roles and taking roles."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.enums import Permission, Role
from accounts.forms import GiveRoleForm, PeopleForm, ResetSecondFactorForm, TakeRoleForm
from accounts.models import Area, RoleGrant, User
from accounts.permissions import grants_carrying, may_give
from accounts.queries import current_grants, has_second_step, organisations_reached
from accounts.queries.directory import (
    audit_about,
    belongings_of,
    people_found,
    people_seen_by,
    person_rows,
    roles_of,
)
from accounts.queries.giving import giving_of
from accounts.queries.matrix import permission_matrix
from accounts.services import (
    give_role,
    note_audit_read,
    reset_second_factor,
    sentences_of,
    take_role,
)
from lms.core.access import PermissionMixin, SignedInMixin
from lms.core.errors import DomainError

PAGE_LENGTH = 50
AUDIT_LINES = 20


class PersonListView(PermissionMixin, View):
    permission = Permission.VIEW_PEOPLE

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer, today = viewer_of(request), timezone.localdate()
        reached = organisations_reached(
            grants_carrying(current_grants(viewer, on=today), Permission.VIEW_PEOPLE)
        )
        form = PeopleForm(
            request.GET,
            organisations=reached.order_by("name", "pk"),
            areas=Area.objects.filter(organisations__in=reached).distinct().order_by("name", "pk"),
        )
        is_valid = form.is_valid()
        people = people_found(viewer, form.asked(), on=today) if is_valid else User.objects.none()
        page = Paginator(people, PAGE_LENGTH).get_page(request.GET.get("page"))
        context = {
            "form": form,
            "page": page,
            "rows": person_rows(page.object_list, on=today),  # type: ignore[arg-type]  # a QuerySet, as the paginator was given
            "is_asked": any(request.GET.get(name) for name in form.fields),
            "query": _query_without_page(request),
        }
        status = 200 if is_valid else 422
        return render(request, "accounts/person_list.html", context, status=status)


class PersonView(PermissionMixin, View):
    permission = Permission.VIEW_PEOPLE

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        viewer, today = viewer_of(request), timezone.localdate()
        person = person_seen(request, public_id)
        context: dict[str, Any] = {
            "person": person,
            "belongings": belongings_of(person, on=today),
            "roles": roles_of(person, on=today, viewer=viewer),
            "may_give": viewer.pk != person.pk
            and person.is_active
            and viewer.has_perm(Permission.GRANT_ROLES),
            "may_close": viewer.pk != person.pk and viewer.has_perm(Permission.HELP_SIGN_IN),
            "may_reset": viewer.pk != person.pk
            and viewer.has_perm(Permission.HELP_SIGN_IN)
            and has_second_step(person),
        }
        if viewer.has_perm(Permission.VIEW_AUDIT):
            note_audit_read(reader=viewer, now=timezone.now())
            entries = list(audit_about(person)[:AUDIT_LINES])
            context["audit"] = list(zip(entries, sentences_of(entries), strict=True))
        return render(request, "accounts/person.html", context)


class GiveRoleView(PermissionMixin, View):
    permission = Permission.GRANT_ROLES
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        person = person_seen(request, public_id)
        return self._show(request, person, self._form(request))

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        person = person_seen(request, public_id)
        form = self._form(request, request.POST)
        if not form.is_valid():
            return self._show(request, person, form, status=422)
        try:
            grant = give_role(
                giver=viewer_of(request),
                user=person,
                role=Role(form.cleaned_data["role"]),
                scope=form.place,
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.cleaned_data["ends_on"],
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self._show(request, person, form, status=refusal.status)
        said = {"name": person, "role": grant.words}
        messages.success(
            request, _("%(name)s now has the role %(role)s. We tell them by e-mail.") % said
        )
        return redirect("accounts:person", person.public_id)

    @staticmethod
    def _form(request: HttpRequest, data: Any = None) -> GiveRoleForm:
        today = timezone.localdate()
        return GiveRoleForm(data, giving=giving_of(viewer_of(request), on=today), today=today)

    @staticmethod
    def _show(
        request: HttpRequest, person: User, form: GiveRoleForm, status: int = 200
    ) -> HttpResponse:
        context = {"person": person, "form": form, "is_own": person.pk == request.user.pk}
        return render(request, "accounts/give_role.html", context, status=status)


class TakeRoleView(PermissionMixin, View):
    permission = Permission.GRANT_ROLES
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
        person, grant = self._found(request, public_id, pk)
        return self._show(request, person, grant, TakeRoleForm())

    def post(self, request: HttpRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
        person, grant = self._found(request, public_id, pk)
        form = TakeRoleForm(request.POST)
        if not form.is_valid():
            return self._show(request, person, grant, form, status=422)
        try:
            taken = take_role(
                taker=viewer_of(request),
                grant=grant,
                reason=form.cleaned_data["reason"],
                last_day=form.ends_with,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self._show(request, person, grant, form, status=refusal.status)
        said = {"name": person, "role": grant.words}
        words = (
            _("%(name)s no longer has the role %(role)s. We tell them by e-mail.")
            if taken.taken_at
            else _("The last day of %(name)s’s role %(role)s is set. We tell them by e-mail.")
        )
        messages.success(request, words % said)
        return redirect("accounts:person", person.public_id)

    @staticmethod
    def _found(request: HttpRequest, public_id: uuid.UUID, pk: int) -> tuple[User, RoleGrant]:
        person = person_seen(request, public_id)
        today = timezone.localdate()
        open_grants = RoleGrant.objects.not_ended(today).select_related(
            "area", "organisation", "court"
        )
        grant = get_object_or_404(open_grants, user=person, pk=pk)
        if not may_give(
            current_grants(viewer_of(request), on=today), Role(grant.role), grant.place
        ):
            raise PermissionDenied
        return person, grant

    @staticmethod
    def _show(
        request: HttpRequest, person: User, grant: RoleGrant, form: TakeRoleForm, status: int = 200
    ) -> HttpResponse:
        context = {"person": person, "grant": grant, "form": form}
        return render(request, "accounts/take_role.html", context, status=status)


class ResetSecondFactorView(PermissionMixin, View):
    """For an administrator: somebody lost every second step. Shown on GET, done on POST."""

    permission = Permission.HELP_SIGN_IN
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        return self._show(request, person_seen(request, public_id), ResetSecondFactorForm())

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        person = person_seen(request, public_id)
        form = ResetSecondFactorForm(request.POST)
        if not form.is_valid():
            return self._show(request, person, form, status=422)
        try:
            reset_second_factor(
                user=person,
                reset_by=viewer_of(request),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self._show(request, person, form, status=refusal.status)
        said = _("%(name)s can sign in and set up a new second step. We tell them by e-mail.")
        messages.success(request, said % {"name": person})
        return redirect("accounts:person", person.public_id)

    @staticmethod
    def _show(
        request: HttpRequest, person: User, form: ResetSecondFactorForm, status: int = 200
    ) -> HttpResponse:
        if person.pk == request.user.pk:
            raise PermissionDenied
        context = {"person": person, "form": form}
        return render(request, "accounts/reset_second_factor.html", context, status=status)


class PermissionsView(SignedInMixin, TemplateView):
    template_name = "accounts/permissions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(matrix=permission_matrix(), **kwargs)


def viewer_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the mixins saw to it
    return request.user


def person_seen(request: HttpRequest, public_id: uuid.UUID) -> User:
    seen = people_seen_by(viewer_of(request), on=timezone.localdate())
    return get_object_or_404(seen.select_related("job_role__audience"), public_id=public_id)


def _query_without_page(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""
