"""The people of an organisation: who is here, who leads, who is champion, who has left."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import date as written_day
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import MembershipKind
from accounts.forms import LastDayForm, PeopleFilterForm, StartsOnForm
from accounts.models import User
from accounts.queries import can_name_lead_of
from accounts.queries.joining import requests_to
from accounts.queries.organisations import (
    champion_vacancy,
    listed_organisations,
    organisation_row,
    people_of,
    person_places,
    person_row,
)
from accounts.services import end_membership, end_place, name_to_place
from accounts.views.organisations import (
    InvitingMixin,
    OrganisationMixin,
    OrganisationsMixin,
    other_parameters,
    page_of,
    person_of,
)
from lms.core.errors import DomainError


class OurPeopleView(OrganisationsMixin, View):
    """The way in: one organisation opens at once, of several one is chosen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        visible = self.visible()
        first = list(visible.order_by("pk")[:2])
        if len(first) == 1:
            return redirect("accounts:organisation-people", first[0].public_id)
        found = listed_organisations(visible, on=timezone.localdate())
        page = page_of(request, found, organisation_row)
        return render(request, "accounts/our_people/choose.html", {"page": page})


class PeopleView(OrganisationMixin, View):
    section = "people"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        form = PeopleFilterForm(request.GET)
        form.is_valid()
        found = people_of(
            self.organisation,
            on=today,
            search=form.cleaned_data.get("q", "").strip(),
            who=form.cleaned_data.get("who", ""),
        )
        return self.page(
            "people",
            status=422 if form.errors else 200,
            form=form,
            page=page_of(request, found, lambda each: person_row(self.organisation, each)),
            query=other_parameters(form),
            is_filtered=any(form.cleaned_data.values()),
            vacancy=champion_vacancy(self.organisation, on=today),
        )


class PersonMixin:
    """Somebody who belongs to the organisation, or once did."""

    organisation: Any
    kwargs: dict[str, Any]

    @cached_property
    def member(self) -> User:
        found = people_of(self.organisation, on=timezone.localdate(), who="everyone")
        member: User = get_object_or_404(found, public_id=self.kwargs["person"])
        return member

    def back(self) -> HttpResponse:
        return redirect(
            "accounts:organisation-person", self.organisation.public_id, self.member.public_id
        )


class PersonView(PersonMixin, OrganisationMixin, View):
    section = "people"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        may_name_lead = can_name_lead_of(person_of(request), self.organisation, on=today)
        return self.page(
            "person",
            person=self.member,
            row=person_row(self.organisation, self.member),
            places=person_places(self.organisation, self.member, on=today),
            may_name_lead=may_name_lead,
            may_say_left=may_name_lead or not self.member.is_lead,  # type: ignore[attr-defined]  # annotated
        )


class PlaceFormView(PersonMixin, InvitingMixin, View):
    """One question with a day in it, about somebody; then back to them."""

    http_method_names = ["get", "post"]
    section = "people"
    form_class: Callable[..., forms.Form]
    kind = MembershipKind.PLAIN

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.refuse_stranger()
        return self.show(self.form_class(today=timezone.localdate()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.refuse_stranger()
        form = self.form_class(request.POST, today=timezone.localdate())
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            done = self.act(next(iter(form.cleaned_data.values())))
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            return self.show(form, status=refusal.status)
        messages.success(request, done)
        return self.back()

    def refuse_stranger(self) -> None:
        """Show no form to somebody whom the service would refuse, whatever they wrote into it."""
        viewer, member, today = person_of(self.request), self.member, timezone.localdate()
        is_about_lead = self.kind == MembershipKind.LEAD or (
            self.kind == MembershipKind.PLAIN and member.is_lead  # type: ignore[attr-defined]  # annotated
        )
        if (
            is_about_lead
            and not self.is_own_end(viewer)
            and not can_name_lead_of(viewer, self.organisation, on=today)
        ):
            raise PermissionDenied

    def is_own_end(self, viewer: User) -> bool:
        """Anybody may give up what is theirs."""
        return False

    def show(self, form: forms.Form, status: int = 200) -> HttpResponse:
        title, text, submit = self.words()
        return self.page(
            "place",
            status=status,
            form=form,
            person=self.member,
            title=title,
            text=text,
            submit=submit,
            url=person_row(self.organisation, self.member).url,
        )

    def words(self) -> tuple[str, str, str]:
        """Say the title, what happens next, and what the button does."""
        raise NotImplementedError

    def act(self, day: datetime.date) -> str:
        """Do it, and say that it is done. Raises: DomainError."""
        raise NotImplementedError


class NamePlaceView(PlaceFormView):
    form_class = StartsOnForm

    def words(self) -> tuple[str, str, str]:
        name = str(self.member)
        if self.kind == MembershipKind.LEAD:
            return (
                _("Make %(name)s a lead") % {"name": name},
                _("A lead sees who is trained, invites others and answers requests to join."),
                _("Make them a lead"),
            )
        return (
            _("Make %(name)s the champion") % {"name": name},
            _(
                "A champion keeps these families in mind at work and is the person colleagues "
                "ask. It gives no further rights on this site."
            ),
            _("Make them the champion"),
        )

    def act(self, day: datetime.date) -> str:
        name_to_place(
            user=self.member,
            organisation=self.organisation,
            kind=self.kind,
            named_by=person_of(self.request),
            starts_on=day,
            now=timezone.now(),
        )
        words = {"name": str(self.member), "day": written_day(day)}
        if self.kind == MembershipKind.LEAD:
            return _("%(name)s is a lead from %(day)s.") % words
        return _("%(name)s is champion from %(day)s.") % words


class EndPlaceView(PlaceFormView):
    form_class = LastDayForm

    def is_own_end(self, viewer: User) -> bool:
        return viewer == self.member

    def words(self) -> tuple[str, str, str]:
        name = str(self.member)
        if self.kind == MembershipKind.LEAD:
            return (
                _("End %(name)s’s time as a lead") % {"name": name},
                _("They stay in the organisation, and no longer see the people of it."),
                _("End their time as a lead"),
            )
        return (
            _("End %(name)s’s time as champion") % {"name": name},
            _(
                "They stay in the organisation. If nobody else is champion, the organisation "
                "shows as without one from the day after."
            ),
            _("End their time as champion"),
        )

    def act(self, day: datetime.date) -> str:
        end_place(
            user=self.member,
            organisation=self.organisation,
            kind=self.kind,
            ended_by=person_of(self.request),
            last_day=day,
            now=timezone.now(),
        )
        words = {"name": str(self.member), "day": written_day(day)}
        if self.kind == MembershipKind.LEAD:
            return _("%(name)s’s last day as a lead is %(day)s.") % words
        return _("%(name)s’s last day as champion is %(day)s.") % words


class LeftView(PlaceFormView):
    form_class = LastDayForm

    def is_own_end(self, viewer: User) -> bool:
        return viewer == self.member

    def words(self) -> tuple[str, str, str]:
        return (
            _("%(name)s has left") % {"name": str(self.member)},
            _(
                "They keep their account, what they have learned and their certificates. You no "
                "longer see them among your people, except under ‘People who have left’."
            ),
            _("Save their last day"),
        )

    def act(self, day: datetime.date) -> str:
        end_membership(
            user=self.member,
            organisation=self.organisation,
            ended_by=person_of(self.request),
            last_day=day,
            now=timezone.now(),
        )
        return _("%(name)s’s last day here is %(day)s.") % {
            "name": str(self.member),
            "day": written_day(day),
        }


class JoinRequestListView(OrganisationMixin, View):
    section = "requests"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page("requests", rows=requests_to(self.organisation))
