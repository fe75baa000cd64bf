"""Wagtail's views of places, kept to what somebody's own roles reach.

Whether somebody may add or change is Wagtail's question, answered by the groups that are written
from roles. Which records it is about is asked here, of the roles themselves: what is out of reach
is not found, and nothing is put out of reach.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView

from accounts.enums import Permission
from accounts.models import Area, User
from accounts.queries.directory import directory_kept_by, keeps_everything


class InReachMixin:
    access = "permission"
    permission = Permission.KEEP_DIRECTORY
    request: HttpRequest

    @property
    def keeper(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 - Wagtail saw to it
        return self.request.user

    def in_reach(self, records: QuerySet[Any]) -> QuerySet[Any]:
        return directory_kept_by(self.keeper, records, on=timezone.localdate())


class InReachFormMixin(InReachMixin):
    """A form whose areas are those in reach, besides the one that the record is in."""

    def get_form(self, form_class: Any = None) -> BaseForm:
        form: Any = super().get_form(form_class)  # type: ignore[misc]  # Wagtail's view beside us
        everything = keeps_everything(self.keeper, on=timezone.localdate())
        if "area" in form.fields and not everything:
            reached = self.in_reach(Area.objects.all())
            form.fields["area"].queryset = Area.objects.filter(
                Q(pk__in=reached) | Q(pk=form.instance.area_id)
            ).order_by("name", "pk")
            form.fields["area"].required = True  # without one it would be out of reach
        return form


class ReachedIndexView(InReachMixin, IndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        return self.in_reach(super().get_base_queryset())


class ReachedAddView(InReachFormMixin, CreateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # A new area would be in nobody's reach but theirs who keep everything.
        if self.model is Area and not keeps_everything(self.keeper, on=timezone.localdate()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ReachedEditView(InReachFormMixin, EditView):
    def get_queryset(self) -> QuerySet[Any]:
        return self.in_reach(super().get_queryset())


class ReachedHistoryView(InReachMixin, HistoryView):
    def get_base_object_queryset(self) -> QuerySet[Any]:
        return self.in_reach(super().get_base_object_queryset())


class ReachedUsageView(InReachMixin, UsageView):
    def get_base_object_queryset(self) -> QuerySet[Any]:
        return self.in_reach(super().get_base_object_queryset())
