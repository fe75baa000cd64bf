"""Handing a course on, and giving one's place in it up."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.enums import Permission
from accounts.queries.joining import invitation_row
from accounts.services import team_token
from accounts.views.organisations import person_of
from courses.models import Course, Enrolment
from courses.queries.sharing import course_at, letter, open_team_link, share_code
from courses.services.team import leave_course
from courses.views.catalogue import AddressMixin
from courses.views.team import TeamMixin
from lms.core.access import PublicMixin, SignedInMixin
from lms.core.errors import DomainError


class ShortAddressView(PublicMixin, View):
    """The address to share: it leads to the course wherever it is now."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        course = course_at(code)
        if course is None:
            raise Http404
        return redirect(course)


class InviteToCourseView(TeamMixin, View):
    """A lead's link for a team, which leads on to a course."""

    def get(self, request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        if not person_of(request).has_perm(Permission.INVITE_PEOPLE, self.organisation):
            raise PermissionDenied
        course = get_object_or_404(Course.objects.open(), slug=slug)
        now = timezone.now()
        found = open_team_link(self.organisation, now=now)
        context: dict[str, Any] = {"course": course}
        if found is not None:
            join = reverse("accounts:join", args=[team_token(found)])
            onward = urlencode({"next": reverse("courses:short", args=[share_code(course)])})
            link = f"{settings.SITE_URL}{join}?{onward}"
            facts = invitation_row(found, now=now).facts
            context |= {"link": link, "mail": letter(course, link), "facts": facts}
        return self.page("invite", **context)


class LeaveCourseView(AddressMixin, SignedInMixin, View):
    """Shows on GET what leaving means, and leaves on POST: an e-mail leads here."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course, slug=slug)
        enrolment = (
            Enrolment.objects.under_way()
            .counted()
            .filter(user=person_of(request), course=course)
            .select_related("enrolled_by", "organisation")
            .first()
        )
        if enrolment is None:
            messages.info(request, _("You are not taking this course."))
            return redirect(course)
        is_begun = enrolment.last_lesson_id is not None
        context = {"course": course, "enrolment": enrolment, "is_begun": is_begun}
        return render(request, "courses/leave.html", context)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        course = get_object_or_404(Course, slug=slug)
        try:
            leave_course(user=person_of(request), course=course, now=timezone.now())
        except DomainError as refusal:
            messages.info(request, str(refusal.message))
            return redirect(course)
        said = _("You no longer take “%(title)s”. You can start it again whenever you like.")
        messages.success(request, said % {"title": course.title})
        return redirect("courses:my-learning")
