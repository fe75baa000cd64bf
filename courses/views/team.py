"""The courses of an organisation's people, and enrolling them, for their lead."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.enums import Permission
from accounts.views.organisations import OrganisationMixin, other_parameters, page_of, person_of
from courses.forms.team import MAX_SEARCH, TeamCourseForm, TeamCoursesForm, chosen_people
from courses.models import Course, Route
from courses.queries.team import Colleague, chosen_among, colleagues_for, invited_to
from courses.queries.team_courses import TeamAsked, team_found, team_rows, team_table
from courses.services.team import MAX_AT_ONCE, enrol_team
from lms.core.errors import DomainError
from lms.core.tables.writing import write_csv

SHOWN = 100


class TeamMixin(OrganisationMixin):
    permission = Permission.ENROL_PEOPLE
    section = "courses"
    templates = "courses/team"


class TeamCoursesView(TeamMixin, View):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = TeamCoursesForm(request.GET)
        is_valid = form.is_valid()
        asked = _asked(form)
        found = team_found(self.organisation, asked, on=timezone.localdate())
        page = page_of(request, found, lambda user: user)
        query = other_parameters(form)
        return self.page(
            "courses",
            status=200 if is_valid else 422,
            form=form,
            page=page,
            rows=team_rows(self.organisation, page.object_list, asked.course),
            query=query,
            is_asked=any(form.cleaned_data.values()),
        )


class TeamCoursesFileView(TeamMixin, View):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = TeamCoursesForm(request.GET)
        form.is_valid()
        header, lines = team_table(self.organisation, _asked(form), on=timezone.localdate())
        return HttpResponse(
            write_csv(header, lines),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="courses-of-our-people.csv"'},
        )


def _asked(form: TeamCoursesForm) -> TeamAsked:
    sent = form.cleaned_data
    return TeamAsked(sent.get("q", "").strip(), sent.get("course"), sent.get("state", ""))


class ChooseTeamCourseView(TeamMixin, View):
    """Which course, and in which way; then its people are chosen."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "course" not in request.GET:
            return self.page("choose_course", form=TeamCourseForm())
        form = TeamCourseForm(request.GET)
        if not form.is_valid():
            # From a course's own page: which way is still to be said.
            is_first = "route" not in request.GET
            if is_first:
                form = TeamCourseForm(initial={"course": request.GET["course"]})
            return self.page("choose_course", form=form, status=200 if is_first else 422)
        slug, kind = form.cleaned_data["course"].slug, form.cleaned_data["route"]
        return redirect("courses:team-people", self.organisation.public_id, slug, kind)


class TeamPeopleView(TeamMixin, View):
    """Who of the organisation is enrolled: chosen, looked at again, then done."""

    http_method_names = ["get", "post"]

    @cached_property
    def course(self) -> Course:
        found: Course = get_object_or_404(
            Course.objects.open().select_related("latest_version"), slug=self.kwargs["slug"]
        )
        return found

    @cached_property
    def route(self) -> Route:
        found: Route = get_object_or_404(
            Route, version=self.course.latest_version_id, kind=self.kwargs["route"]
        )
        return found

    @cached_property
    def colleagues(self) -> list[Colleague]:
        return colleagues_for(self.organisation, self.course, on=timezone.localdate())

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.choose([])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        chosen = chosen_people(request.POST.getlist("person"))
        action = request.POST.get("action", "")
        if action == "enrol":
            return self.enrol(chosen)
        if action == "check":
            return self.check(chosen)
        return self.choose(chosen)

    def choose(
        self, chosen: list[uuid.UUID], *, error: str = "", status: int = 200
    ) -> HttpResponse:
        search = self.request.POST.get("q", "").strip()[:MAX_SEARCH]
        words = search.casefold().split()
        able = [each for each in self.colleagues if each.is_able]
        found = [each for each in able if _has(each, words)]
        shown = found[:SHOWN]
        ids = {each.user.public_id for each in shown}
        return self.page(
            "choose_people",
            status=status,
            course=self.course,
            route=self.route,
            shown=[(each, each.user.public_id in set(chosen)) for each in shown],
            kept=[each for each in chosen if each not in ids],
            able=len(able),
            found=len(found),
            limit=MAX_AT_ONCE,
            search=search,
            has_search=len(able) > 10,
            others=[each for each in self.colleagues if not each.is_able],
            invited=invited_to(self.organisation),
            who=self.request.POST.get("who", ""),
            errors=[{"text": error, "target": "people"}] if error else [],
        )

    def check(self, chosen: list[uuid.UUID]) -> HttpResponse:
        if self.request.POST.get("who") == "everybody":
            chosen = [x.user.public_id for x in self.colleagues if x.is_able][:MAX_AT_ONCE]
        if not chosen:
            return self.choose([], error=_("Choose at least one person."), status=422)
        able, left_out = chosen_among(self.colleagues, chosen)
        return self.page(
            "check", course=self.course, route=self.route, able=able, left_out=left_out
        )

    def enrol(self, chosen: list[uuid.UUID]) -> HttpResponse:
        try:
            done = enrol_team(
                organisation=self.organisation,
                course=self.course,
                route_kind=self.route.kind,
                people=chosen,
                by=person_of(self.request),
                now=timezone.now(),
            )
        except DomainError as refusal:
            return self.choose(chosen, error=str(refusal.message), status=refusal.status)
        if done.enrolled:
            messages.success(self.request, _said(len(done.enrolled), self.course.title))
        if done.left_out:
            left = ngettext(
                "%(n)d person was not enrolled: they take it already, or something comes first.",
                "%(n)d people were not enrolled: they take it already, or something comes first.",
                len(done.left_out),
            )
            messages.warning(self.request, left % {"n": len(done.left_out)})
        url = reverse("courses:team", args=[self.organisation.public_id])
        return redirect(f"{url}?course={self.course.slug}")


def _has(colleague: Colleague, words: list[str]) -> bool:
    text = f"{colleague.user.full_name} {colleague.user.email}".casefold()
    return all(word in text for word in words)


def _said(number: int, title: str) -> str:
    said = ngettext(
        "%(n)d person is enrolled on “%(title)s”. We tell them, with a link to begin.",
        "%(n)d people are enrolled on “%(title)s”. We tell each of them, with a link to begin.",
        number,
    )
    return said % {"n": number, "title": title}
