from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages as admin_messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.documents import get_document_model
from wagtail.documents.views.documents import DeleteView as DeleteDocumentView
from wagtail.images import get_image_model
from wagtail.images.views.images import DeleteView as DeleteImageView
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtailmedia.views.media import delete as delete_media

from accounts.enums import Permission
from accounts.models import User
from courses.models import (
    AssessmentPage,
    CatalogueIndexPage,
    CoursePage,
    EvaluationForm,
    Fact,
    Recording,
    RecordPage,
)
from courses.models.course_rules import NO_ASSESSMENT, lacks_assessment
from courses.models.page_rules import outcomes_without_question
from courses.queries import (
    course_page_of,
    courses_waiting_for,
    learners_needing,
    outline_change,
    published_outline,
)
from courses.queries.findings import report_of
from courses.services.facts import note_edit
from courses.views.library import DeleteFileView, refusal_to_delete
from courses.viewsets.evaluation import EvaluationFormViewSet
from courses.viewsets.facts import CheckFactView, FactViewSet
from courses.viewsets.findings import CHECKED, ChecksView
from courses.viewsets.packs import (
    ExportCourseView,
    GiveUpPackView,
    ImportPackView,
    LookAgainView,
    PackView,
    RunPackView,
)
from courses.viewsets.publishing import PublishInOrder, assessments_coming

register_snippet(FactViewSet)
register_snippet(EvaluationFormViewSet)

# --- The register of facts ----------------------------------------------------------------


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [
        path("facts/<int:pk>/check/", CheckFactView.as_view(), name="courses_check_fact"),
        path("courses/<int:pk>/export/", ExportCourseView.as_view(), name="courses_export"),
        path("course-packs/", ImportPackView.as_view(), name="courses_packs"),
        path("course-packs/<uuid:public_id>/", PackView.as_view(), name="courses_pack"),
        path(
            "course-packs/<uuid:public_id>/import/", RunPackView.as_view(), name="courses_run_pack"
        ),
        path(
            "course-packs/<uuid:public_id>/look-again/",
            LookAgainView.as_view(),
            name="courses_look_again",
        ),
        path(
            "course-packs/<uuid:public_id>/give-up/",
            GiveUpPackView.as_view(),
            name="courses_give_up_pack",
        ),
        path("checks/<int:pk>/", ChecksView.as_view(), name="courses_checks"),
    ]


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


# --- Course packs -------------------------------------------------------------------------


class ImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(Permission.PUBLISH_COURSES)


@hooks.register("register_admin_menu_item")
def register_import() -> MenuItem:
    return ImportMenuItem(
        _lazy("Import a course"), reverse("courses_packs"), icon_name="upload", order=260
    )


def _export_buttons(page: Page, user: Any) -> Iterator[Button]:
    if page.specific_class is CoursePage and user.has_perm(Permission.EDIT_COURSES):
        url = reverse("courses_export", args=[page.pk])
        yield Button(_("Export as a course pack"), url, icon_name="download", priority=67)


@hooks.register("register_page_header_buttons")
def offer_export_on_the_page(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    return _export_buttons(page, user)


@hooks.register("register_page_listing_more_buttons")
def offer_export_in_lists(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    return _export_buttons(page, user)


# --- Checks before publishing -------------------------------------------------------------


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def offer_checks(
    page: Page, user: Any, next_url: str | None = None, view_name: str = ""
) -> Iterator[Button]:
    if issubclass(page.specific_class or Page, CHECKED) and user.has_perm(Permission.EDIT_COURSES):
        url = reverse("courses_checks", args=[page.pk])
        yield Button(_("Checks before publishing"), url, icon_name="glasses", priority=12)


@hooks.register("after_publish_page")
def say_what_to_look_at(request: HttpRequest, page: Page) -> None:
    """What the checks find does not keep a page from being published: say that there is some."""
    if not isinstance(page.specific, CHECKED):
        return
    report = report_of(page.specific, on=timezone.localdate())
    if report.sentence:
        url = reverse("courses_checks", args=[page.pk])
        admin_messages.warning(
            request,
            _("Checks of “%(title)s”: %(found)s.")
            % {"title": page.title, "found": report.sentence},
            buttons=[admin_messages.button(url, _("See the checks"))],
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


@hooks.register("register_admin_urls", order=-1)  # before Wagtail's own, at the same addresses
def register_guarded_deletion() -> list[URLPattern]:
    guarded = DeleteFileView.as_view
    return [
        path(
            "media/delete/<int:media_id>/",
            guarded(
                model=Recording,
                argument="media_id",
                wagtails=delete_media,
                edit_url="wagtailmedia:edit",
            ),
        ),
        path(
            "images/<int:image_id>/delete/",
            guarded(
                model=get_image_model(),
                argument="image_id",
                wagtails=DeleteImageView.as_view(),
                edit_url="wagtailimages:edit",
            ),
        ),
        path(
            "documents/delete/<int:document_id>/",
            guarded(
                model=get_document_model(),
                argument="document_id",
                wagtails=DeleteDocumentView.as_view(),
                edit_url="wagtaildocs:edit",
            ),
        ),
    ]


@hooks.register("before_bulk_action")
def keep_files_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action_class: Any
) -> HttpResponse | None:
    """Delete none of several files where a page shows one of them."""
    files = (get_image_model(), get_document_model())
    chosen = [item for item in objects if action_type == "delete" and isinstance(item, files)]
    refusals = [refusal for item in chosen if (refusal := refusal_to_delete(item))]
    for refusal in refusals:
        messages.error(request, refusal)
    return redirect(action_class.next_url) if refusals else None


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
        "publish": [keep_lessons_in_a_course],
    }
    pages = [page for page in objects if isinstance(page, Page)]
    for page in pages:
        for check in checks.get(action_type, []):
            if refusal := check(request, page):
                return refusal
    return keep_drafts_that_are_not_finished(request, pages) if action_type == "publish" else None


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


hooks.register("register_bulk_action", PublishInOrder, order=10)  # after Wagtail's, in its place


def keep_drafts_that_are_not_finished(
    request: HttpRequest, chosen: list[Page]
) -> HttpResponse | None:
    """In bulk no form says what a draft still lacks: say which page it is.

    An assessment that is published with its course is there in time.
    """
    below = bool(request.POST.get("include_descendants"))
    user = request.user if isinstance(request.user, User) else None
    coming = assessments_coming(chosen, include_descendants=below, user=user)
    with_assessment = {assessment.get_parent().pk for assessment in coming}
    for page in chosen:
        for one in [page, *(page.get_descendants().not_live() if below else [])]:
            draft = one.specific.get_latest_revision_as_object()
            if problem := _problem_of_draft(draft, has_assessment=draft.pk in with_assessment):
                messages.error(request, problem)
                return redirect("wagtailadmin_pages:edit", draft.pk)
    return None


def _problem_of_draft(draft: Page, *, has_assessment: bool) -> str:
    if isinstance(draft, CoursePage) and not has_assessment and lacks_assessment(draft):
        words = _("Nothing was published: “%(title)s” cannot be yet. %(why)s You can choose both.")
        return words % {"title": draft.title, "why": NO_ASSESSMENT}
    try:
        if isinstance(draft, CoursePage):
            draft.check_finished(has_assessment=has_assessment)
        elif isinstance(draft, RecordPage):
            draft.check_finished()
    except ValidationError:
        words = _(
            "Nothing was published: “%(title)s” is not finished. "
            "Open it and publish it there, to see what is missing."
        )
        return words % {"title": draft.title}
    return ""


@hooks.register("after_publish_page")
@hooks.register("after_unpublish_page")
@hooks.register("after_delete_page")
def say_what_is_left_to_do(request: HttpRequest, page: Page) -> None:
    """Nothing below a course reaches new learners before the course itself is published."""
    page = Page.objects.filter(pk=page.pk).first() or page
    course_page = course_page_of(page)
    if course_page is None:
        return
    if course_page.pk != page.pk:
        _say_what_the_course_waits_for(request, course_page)
    elif page.live and not outline_change(course_page).lessons:
        admin_messages.warning(
            request,
            _(
                "It has no published lesson yet: it will appear once a module and a lesson "
                "below it are published, and the course again after them."
            ),
        )


def _say_what_the_course_waits_for(request: HttpRequest, course_page: CoursePage) -> None:
    """What is published below a course, moved or taken out of it, is seen once it is published."""
    change = outline_change(course_page)
    if not change.lessons:
        if course_page.course is None or course_page.course.latest_version_id is None:
            words = _(
                "Learners see nothing of the course yet: publish a module, a lesson in it and "
                "then the course."
            )
        else:
            words = _(
                "None of the course’s lessons is published now. The course stays open as it was "
                "last published: unpublish it, or publish a lesson and then the course."
            )
        admin_messages.warning(request, words)
    elif change.sentence:
        words = _(
            "“%(course)s” itself must be published for new learners to see this change: %(change)s."
        )
        admin_messages.warning(
            request,
            words % {"course": course_page.title, "change": change.sentence},
            buttons=[
                admin_messages.button(
                    reverse("wagtailadmin_pages:edit", args=[course_page.pk]),
                    _("Publish the course"),
                )
            ],
        )


@hooks.register("before_move_page")
def remember_the_course_it_leaves(
    request: HttpRequest, page: Page, destination: Page | None = None
) -> None:
    request.left_course = course_page_of(page)  # type: ignore[attr-defined]  # for after_move_page


@hooks.register("after_move_page")
def say_what_both_courses_wait_for(request: HttpRequest, page: Page) -> None:
    """A page that was moved is missing where it was, and new where it is."""
    page = Page.objects.get(pk=page.pk)
    here, left = course_page_of(page), getattr(request, "left_course", None)
    if here is None or here.pk == page.pk:
        return
    courses = {each.pk: each for each in (left, here) if each is not None}
    for course_page in courses.values():
        _say_what_the_course_waits_for(request, course_page)


@hooks.register("after_copy_page")
def say_that_a_copy_is_not_open(request: HttpRequest, page: Page, new_page: Page) -> None:
    """A copied course is published in the tree and, until it is published itself, nowhere else."""
    if isinstance(new_page.specific, CoursePage) and new_page.live:
        admin_messages.warning(
            request,
            _(
                "“%(title)s” is not in the catalogue yet: look through the copy, then publish it "
                "once, for learners to see it."
            )
            % {"title": new_page.title},
        )


@hooks.register("before_unpublish_page")
def keep_courses_that_come_first(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A course that others ask for stays open: nobody new could begin those."""
    course_page = CoursePage.objects.filter(pk=page.pk, course__isnull=False).first()
    if course_page is None:
        return None
    others = courses_waiting_for(course_page.course)
    if not others:
        return None
    messages.error(
        request,
        _(
            "“%(title)s” was not unpublished: it comes first for %(others)s, which nobody new "
            "could begin. Take it out of the courses to complete first there, and publish them."
        )
        % {
            "title": course_page.title,
            "others": ", ".join(f"“{other.title}”" for other in others),
        },
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("after_unpublish_page")
def say_who_still_takes_the_assessment(request: HttpRequest, page: Page) -> None:
    """An assessment that was taken down is still asked of whoever takes the course as it is."""
    if not isinstance(page.specific, AssessmentPage):
        return
    course_page = course_page_of(page)
    if course_page is not None and any(
        route.requires_assessment for route in course_page.course_routes.all()
    ):
        admin_messages.warning(
            request,
            _(
                "The course still asks for it, so learners still take it, as it was last "
                "published. If they should not, change the routes and publish the course."
            ),
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
