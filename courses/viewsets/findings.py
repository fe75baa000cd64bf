"""What is to be looked at before publishing, in the Wagtail admin."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.models import Page

from accounts.enums import Permission
from courses.models import AssessmentPage, CoursePage, LessonPage, ModulePage
from courses.queries import course_page_of
from courses.queries.findings import report_of, urls_in
from courses.services.links import ask_about_links, asked_in_words
from lms.core.access import PermissionMixin
from lms.core.errors import DomainError

CHECKED = (CoursePage, ModulePage, LessonPage, AssessmentPage)


class ChecksView(PermissionMixin, View):
    """The report of a page and all below it; by POST a worker is asked to try its links."""

    permission = Permission.EDIT_COURSES
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = _page(pk)
        report = report_of(page, on=timezone.localdate())
        course_page = course_page_of(page)
        edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        context = {
            "page": page,
            "report": report,
            "asks_links": settings.LINK_CHECKS,
            "course_page": course_page if course_page and course_page.pk != page.pk else None,
            "breadcrumbs_items": [
                {"url": edit_url, "label": page.get_admin_display_title()},
                {"url": "", "label": _("Checks before publishing")},
            ],
        }
        return TemplateResponse(request, "courses/admin/checks.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = _page(pk)
        try:
            count = ask_about_links(urls=urls_in(page), now=timezone.now())
        except DomainError as refusal:
            messages.warning(request, str(refusal.message))
        else:
            messages.success(request, asked_in_words(count))
        return redirect("courses_checks", pk)


def _page(pk: int) -> Page:
    page = get_object_or_404(Page, pk=pk).specific
    if not isinstance(page, CHECKED):
        raise Http404(gettext_lazy("There is nothing to check on this page."))
    return page
