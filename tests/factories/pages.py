"""Wagtail pages, made as an editor would: saved, then published."""

import datetime

from wagtail.models import Collection, Locale, Page

from courses.models import CatalogueIndexPage, CoursePage, CourseRoute, LessonPage, ModulePage
from courses.services import publish_course
from lms.pages.services import set_up_site

NOW = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=datetime.UTC)


def make_site() -> CatalogueIndexPage:
    """Set the site up; after a test with real transactions the roots are made again first."""
    if Page.get_first_root_node() is None:
        Locale.objects.get_or_create(language_code="en-gb")
        Page.add_root(title="Root")
        Collection.add_root(name="Root")
    set_up_site(hostname="testserver", port=80, now=NOW)
    return CatalogueIndexPage.objects.get()


def publish(page: Page) -> Page:
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_course_page(catalogue: CatalogueIndexPage, **fields) -> CoursePage:
    page = CoursePage(
        title=fields.pop("title", "A course"),
        slug=fields.pop("slug", "a-course"),
        summary="What it is about.",
        description="<p>More about it.</p>",
        outcomes=[("outcome", {"key": "one", "text": "Say one thing"})],
        live=False,
        **fields,
    )
    page.course_routes.set([CourseRoute(kind="online", cpd_minutes=40)])
    catalogue.add_child(instance=page)
    return publish(page)


def make_module_page(course_page: CoursePage, **fields) -> ModulePage:
    page = ModulePage(
        title=fields.pop("title", "A module"), introduction="<p>Why.</p>", live=False, **fields
    )
    course_page.add_child(instance=page)
    return publish(page)


def make_lesson_page(module_page: ModulePage, body=None, **fields) -> LessonPage:
    page = LessonPage(
        title=fields.pop("title", "A lesson"),
        body=body or [("text", "<p>Something to read.</p>")],
        live=False,
        **fields,
    )
    module_page.add_child(instance=page)
    return publish(page)


def make_published_course(lessons: int = 1, body=None) -> CoursePage:
    course_page = make_course_page(make_site())
    module_page = make_module_page(course_page)
    for number in range(1, lessons + 1):
        make_lesson_page(module_page, body=body, title=f"Lesson {number}")
    course_page.refresh_from_db()
    publish_course(page=course_page, now=NOW)
    return CoursePage.objects.get(pk=course_page.pk)


def choice(text: str, *, correct: bool = False) -> dict:
    return {"text": text, "correct": correct, "explanation": f"<p>About {text}.</p>"}


def single(stem: str = "<p>Which?</p>", right: str = "This", wrong: str = "That"):
    value = {
        "key": "which",
        "outcome": "one",
        "stem": stem,
        "choices": [choice(right, correct=True), choice(wrong)],
    }
    return ("single", value)
