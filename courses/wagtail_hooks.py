from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.models import Page

from courses.queries import learners_needing


def _refuse(request: HttpRequest, page: Page, learners: int) -> HttpResponse:
    messages.error(
        request,
        ngettext(
            "“%(title)s” was not deleted: %(n)d person has taken it. "
            "Unpublish it instead: nobody new will see it, and their record stays whole.",
            "“%(title)s” was not deleted: %(n)d people have taken it. "
            "Unpublish it instead: nobody new will see it, and their records stay whole.",
            learners,
        )
        % {"title": page.title, "n": learners},
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")
def keep_pages_that_learners_need(request: HttpRequest, page: Page) -> HttpResponse | None:
    learners = learners_needing(page)
    return _refuse(request, page, learners) if learners else None


@hooks.register("before_bulk_action")
def keep_pages_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action_class: type
) -> HttpResponse | None:
    if action_type != "delete":
        return None
    for page in objects:
        if isinstance(page, Page) and (learners := learners_needing(page)):
            return _refuse(request, page, learners)
    return None
