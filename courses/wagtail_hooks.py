from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages as admin_messages
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from accounts.enums import Permission
from accounts.models import User
from courses.models import (
    AssessmentPage,
    CatalogueIndexPage,
    CoursePage,
    EvaluationForm,
    Fact,
    RecordPage,
)
from courses.models.course_rules import NO_ASSESSMENT, lacks_assessment
from courses.models.page_rules import outcomes_without_question
from courses.queries import course_page_of, learners_needing, outline_change, published_outline
from courses.services.facts import note_edit
from courses.viewsets.evaluation import EvaluationFormViewSet
from courses.viewsets.facts import CheckFactView, FactViewSet

register_snippet(FactViewSet)
register_snippet(EvaluationFormViewSet)

# --- The register of facts ----------------------------------------------------------------


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [path("facts/<int:pk>/check/", CheckFactView.as_view(), name="courses_check_fact")]


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def keep_what_was_written(request: HttpRequest, instance: Any) -> None:
    if isinstance(instance, Fact) and isinstance(request.user, User):
        note_edit(fact=instance, edited_by=request.user, now=timezone.now())


@hooks.register("register_snippet_listing_buttons")
def offer_to_check(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(snippet, Fact) and user.has_perm(Permission.KEEP_FACTS):
        yield Button(
            _("Check it"),
            reverse("courses_check_fact", args=[snippet.pk]),
            icon_name="tick",
            priority=5,
        )


# --- Evaluations ----------------------------------------------------------------------------


@hooks.register("before_delete_snippet")
def keep_the_form_of_every_course(
    request: HttpRequest, instances: list[Any]
) -> HttpResponse | None:
    """Without it, routes that ask for an evaluation would have none to ask."""
    forms = [x for x in instances if isinstance(x, EvaluationForm) and x.course_id is None]
    if not forms:
        return None
    messages.error(
        request,
        _(
            "The form for every course was not deleted: courses without one of their own use it. "
            "Change its questions instead."
        ),
    )
    return redirect("wagtailsnippets_courses_evaluationform:list")


# --- What learners need is not deleted ----------------------------------------------------


def _refuse(request: HttpRequest, page: Page, learners: int) -> HttpResponse:
    if course_page_of(page) in (None, page):
        advice = _("Unpublish it instead: nobody new can begin it")
    else:
        advice = _("Unpublish it instead, then publish the course: nobody new will see it")
    sentence = ngettext(
        "“%(title)s” was not deleted: %(n)d person has taken it. "
        "%(advice)s, and their record stays whole.",
        "“%(title)s” was not deleted: %(n)d people have taken it. "
        "%(advice)s, and their records stay whole.",
        learners,
    )
    messages.error(request, sentence % {"title": page.title, "n": learners, "advice": advice})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")
def keep_pages_that_learners_need(request: HttpRequest, page: Page) -> HttpResponse | None:
    if learners := learners_needing(page):
        return _refuse(request, page, learners)
    if CatalogueIndexPage.objects.descendant_of(page, inclusive=True).exists():
        messages.error(
            request,
            _("“%(title)s” was not deleted: the catalogue is in it.") % {"title": page.title},
        )
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("before_bulk_action")
def keep_pages_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action_class: type
) -> HttpResponse | None:
    checks = {
        "delete": [keep_pages_that_learners_need],
        "move": [keep_assessments_with_their_course],
        "publish": [keep_lessons_in_a_course, keep_drafts_that_are_not_finished],
    }
    for page in objects:
        for check in checks.get(action_type, []):
            if isinstance(page, Page) and (refusal := check(request, page)):
                return refusal
    return None


@hooks.register("before_move_page")
def keep_assessments_with_their_course(
    request: HttpRequest, page: Page, destination: Page | None = None
) -> HttpResponse | None:
    """What people did in an assessment belongs to the course they took it in."""
    if not AssessmentPage.objects.filter(pk=page.pk).exists():
        return None
    if destination is not None and destination.pk == page.get_parent().pk:
        return None
    messages.error(
        request,
        _(
            "“%(title)s” was not moved: an assessment stays with its course. Copy it instead, and "
            "the copy begins afresh."
        )
        % {"title": page.title},
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


# --- Publishing in the right order --------------------------------------------------------


@hooks.register("before_publish_page")
def keep_lessons_in_a_course(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A course that people can begin is not published without any lesson to take."""
    course_page = CoursePage.objects.filter(pk=page.pk, course__latest_version__isnull=False)
    if not course_page.exists() or published_outline(course_page.get()):
        return None
    messages.error(
        request,
        _(
            "“%(title)s” was not published: none of its lessons is published, so there would be "
            "nothing to take. Publish a lesson first, or unpublish the course."
        )
        % {"title": page.title},
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_publish_page")
def keep_courses_that_nobody_can_complete(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A course that asks for an assessment is published once there is one."""
    if not isinstance(page.specific, CoursePage):
        return None
    draft = page.specific.get_latest_revision_as_object()
    if not lacks_assessment(draft):
        return None
    words = _("“%(title)s” was not published. %(why)s")
    messages.error(request, words % {"title": draft.title, "why": NO_ASSESSMENT})
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def say_what_a_draft_lacks(request: HttpRequest, page: Page) -> None:
    """Saved as a draft a course may lack its assessment: say so before somebody publishes it."""
    if isinstance(page, CoursePage) and not _publishes(request) and lacks_assessment(page):
        admin_messages.warning(request, str(NO_ASSESSMENT))


def _publishes(request: HttpRequest) -> bool:
    return "action-publish" in request.POST


def keep_drafts_that_are_not_finished(request: HttpRequest, page: Page) -> HttpResponse | None:
    """In bulk no form says what a draft still lacks: say which page it is."""
    pages = [page]
    if request.POST.get("include_descendants"):
        pages += page.get_descendants().not_live()
    for draft in pages:
        draft = draft.specific.get_latest_revision_as_object()
        try:
            if isinstance(draft, RecordPage):
                draft.check_finished()
        except ValidationError:
            messages.error(
                request,
                _(
                    "Nothing was published: “%(title)s” is not finished. "
                    "Open it and publish it there, to see what is missing."
                )
                % {"title": draft.title},
            )
            return redirect("wagtailadmin_pages:edit", draft.pk)
    return None


@hooks.register("after_publish_page")
@hooks.register("after_unpublish_page")
@hooks.register("after_move_page")
@hooks.register("after_delete_page")
def say_what_is_left_to_do(request: HttpRequest, page: Page) -> None:
    """Nothing below a course reaches new learners before the course itself is published."""
    page = Page.objects.filter(pk=page.pk).first() or page
    course_page = course_page_of(page)
    if course_page is None:
        return
    change = outline_change(course_page)
    if course_page.pk == page.pk:
        if page.live and not change.lessons:
            admin_messages.warning(
                request,
                _(
                    "It has no published lesson yet: it will appear once a module and a lesson "
                    "below it are published, and the course again after them."
                ),
            )
    elif not change.lessons:
        admin_messages.warning(
            request,
            _(
                "None of the course’s lessons is published now. The course stays open as it was "
                "last published: unpublish it, or publish a lesson and then the course."
            ),
        )
    elif change.sentence:
        admin_messages.warning(
            request,
            _(
                "The course itself must be published for new learners to see this change: "
                "%(change)s."
            )
            % {"change": change.sentence},
            buttons=[
                admin_messages.button(
                    reverse("wagtailadmin_pages:edit", args=[course_page.pk]),
                    _("Publish the course"),
                )
            ],
        )


@hooks.register("after_publish_page")
def say_which_outcomes_are_not_tested(request: HttpRequest, page: Page) -> None:
    """An outcome without a question in the bank is never tested: say which."""
    assessment = page.specific
    if not isinstance(assessment, AssessmentPage):
        return
    course_page = page.get_parent().specific
    missing = outcomes_without_question(
        assessment.bank, [block.value for block in course_page.outcomes]
    )
    if missing:
        admin_messages.warning(
            request,
            _("The bank has no question on: %(outcomes)s. Nobody is asked about it.")
            % {"outcomes": "; ".join(missing)},
        )


@hooks.register("after_bulk_action")
def say_what_is_left_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action_class: type
) -> None:
    pages = [page for page in objects if isinstance(page, Page)]
    courses = {course_page_of(page): page for page in pages}
    for course_page, page in courses.items():
        if course_page is not None:
            say_what_is_left_to_do(request, page)
