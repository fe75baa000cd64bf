"""One course in two tabs: what was added in both is there once, and nothing ends in an error."""

import pytest

from courses.models import CoursePage, CoursePrerequisite, CourseRoute
from tests.courses.test_editing import course_form, editor, routes_form, save  # noqa: F401
from tests.courses.test_prerequisites import needs_form
from tests.factories.courses import CourseFactory
from tests.factories.pages import make_published_course

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["action-publish", ""], ids=["published", "kept as a draft first"])
def action(request):
    return request.param


def test_a_new_route_sent_twice_is_there_once(editor, action):  # noqa: F811
    page = make_published_course()
    first, second = (
        course_form(course_routes=routes_form(("online", "40"), ("in_person", minutes)))
        for minutes in ("300", "360")
    )
    for form in (first, second):
        assert save(editor, page, form, action=action).status_code == 200
    again = course_form(course_routes=routes_form(("online", "40"), ("in_person", "360")))
    assert save(editor, page, again).status_code == 200
    routes = CourseRoute.objects.filter(page=page)
    assert sorted(routes.values_list("kind", "cpd_minutes")) == [("in_person", 360), ("online", 40)]
    versions = page.course.versions.order_by("number")
    assert versions.last().routes.count() == 2


def test_a_course_that_comes_first_sent_twice_is_there_once(editor, action):  # noqa: F811
    page, before = make_published_course(), CourseFactory()
    for _tab in range(2):
        form = course_form(course_prerequisites=needs_form(before))
        assert save(editor, page, form, action=action).status_code == 200
    assert (
        save(editor, page, course_form(course_prerequisites=needs_form(before))).status_code == 200
    )
    assert CoursePrerequisite.objects.filter(page=page).count() == 1


def test_what_another_tab_added_and_this_one_did_not_name_stays(editor):  # noqa: F811
    page = make_published_course()
    other = course_form(course_routes=routes_form(("online", "40")))
    save(editor, page, course_form(course_routes=routes_form(("online", "40"), ("blended", "60"))))
    save(editor, page, other)
    assert CoursePage.objects.get(pk=page.pk).course_routes.count() == 2
