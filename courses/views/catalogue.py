from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from accounts.enums import Permission
from accounts.models import Audience, User
from accounts.permissions import roles_with
from courses.forms.catalogue import CatalogueForm
from courses.models import Course, Enrolment
from courses.queries import (
    address_now,
    assessment_step,
    catalogue,
    first_courses,
    latest_enrolment,
    outline_of,
    whats_left,
)
from courses.queries.sharing import share_links
from courses.services import (
    AlreadyCompleted,
    CourseNotOpen,
    PrerequisiteMissing,
    RouteNotChosen,
    RouteNotOffered,
    enrol,
)
from lms.core.access import PublicMixin, SignedInMixin


class CatalogueView(PublicMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        audiences = list(Audience.objects.order_by("name", "pk"))
        form = CatalogueForm(request.GET, audiences=audiences)
        is_valid = form.is_valid()
        viewer = request.user if isinstance(request.user, User) else None
        asked = form.asked()
        found = catalogue(asked, audiences=audiences, viewer=viewer)
        form.count(found.choices)
        context = {
            "form": form,
            "words": asked.words,
            "catalogue": found,
            "removable": form.removable(),
            "is_asked": form.is_asked(),
        }
        return render(request, "courses/catalogue.html", context, status=200 if is_valid else 422)


class AddressMixin:
    """A view below a course's address: one the course had before leads on to where it is now."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the View beside us
        except Http404:
            slug = address_now(kwargs["slug"])
            if slug is None or request.resolver_match is None:
                raise
            here = reverse(request.resolver_match.view_name, kwargs={**kwargs, "slug": slug})
            query = f"?{request.GET.urlencode()}" if request.GET else ""
            return HttpResponsePermanentRedirect(
                here + query, preserve_request=request.method == "POST"
            )


class CourseView(AddressMixin, PublicMixin, View):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course.objects.select_related("latest_version"), slug=slug)
        return render_course(request, course)


def note_test(request: HttpRequest, enrolment: Enrolment | None) -> None:
    """Let the frame of the page say that what is done on it is a test."""
    if enrolment is not None and enrolment.is_test:
        request.test_enrolment = enrolment  # type: ignore[attr-defined]  # the frame's banner


def render_course(
    request: HttpRequest, course: Course, *, error: str = "", status: int = 200
) -> HttpResponse:
    enrolment = (
        latest_enrolment(request.user, course.slug) if isinstance(request.user, User) else None
    )
    note_test(request, enrolment)
    is_open = course.is_published and course.latest_version_id is not None
    if not is_open and enrolment is None and not request.user.has_perm(Permission.EDIT_COURSES):
        raise Http404
    viewer = request.user if isinstance(request.user, User) else None
    first = [] if enrolment else first_courses(course, viewer)
    outline = outline_of(course, enrolment)
    roles = set(getattr(viewer, "roles_today", ()))  # for links only: their pages ask themselves
    context = {
        "course": course,
        "first": first,
        "sees_versions": viewer is not None
        and viewer.is_staff  # who never edits is not asked for their roles
        and viewer.has_perm(Permission.EDIT_COURSES),
        "sees_figures": bool(roles & roles_with(Permission.VIEW_LEARNING)),
        "sees_evaluations": bool(roles & roles_with(Permission.VIEW_EVALUATIONS)),
        "is_ready": viewer is None or all(one.is_met for one in first),
        "is_behind": enrolment is not None
        and enrolment.completed_at is None
        and enrolment.version_id != course.latest_version_id,
        "enrolment": enrolment,
        "outline": outline,
        "assessment_step": assessment_step(
            course,
            enrolment,
            is_asked_for=any(route.requires_assessment for route in outline.routes),
            now=timezone.now(),
        ),
        "is_open": is_open,
        "share": share_links(course, viewer, on=timezone.localdate()) if is_open else None,
        "left": whats_left(enrolment) if enrolment and not enrolment.completed_at else [],
        "errors": [{"text": error, "target": "begin"}] if error else [],
    }
    return render(request, "courses/course.html", context, status=status)


class EnrolView(AddressMixin, SignedInMixin, View):
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Somebody who had to sign in first comes back here: show the course, to enrol from it."""
        return redirect("courses:course", slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course.objects.select_related("latest_version"), slug=slug)
        assert isinstance(request.user, User)  # noqa: S101 - SignedInMixin saw to it
        try:
            enrolment = enrol(
                user=request.user,
                course=course,
                route_kind=request.POST.get("route", ""),
                is_refresher=request.POST.get("refresher") == "yes",
                now=timezone.now(),
            )
        except AlreadyCompleted:
            return redirect("courses:completed", slug)
        except (RouteNotChosen, RouteNotOffered, CourseNotOpen, PrerequisiteMissing) as refusal:
            return render_course(request, course, error=str(refusal.message), status=refusal.status)
        # Where the lessons are not what is asked for, the course's page says what is.
        asks_lessons = enrolment.route.requires_lessons
        return redirect("courses:continue" if asks_lessons else "courses:course", slug)
