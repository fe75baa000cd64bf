"""A small course with two people in it, and a lesson that is still a draft.

python -m tests.browser.small_course        # with the environment of the installation
"""

import json

import django

from tests.browser.accounts import PASSWORD

STAYS = "stays@example.net"
MOVES = "moves@example.net"


def main() -> None:
    from django.utils import timezone

    from courses.models import CatalogueIndexPage, CoursePage
    from courses.services import enrol, finish_lesson, publish_course
    from tests.factories.pages import make_course_page, make_lesson_page, make_module_page
    from tests.workers.learner import new_person

    now = timezone.now()
    page = make_course_page(
        CatalogueIndexPage.objects.get(), title="A small course", slug="a-small-course"
    )
    module = make_module_page(page, title="Its module")
    first, second = (
        make_lesson_page(module, title=title) for title in ("A first look", "A second look")
    )
    publish_course(page=CoursePage.objects.get(pk=page.pk), now=now)
    draft = make_lesson_page(module, title="A third look")
    draft.unpublish()
    course = CoursePage.objects.get(pk=page.pk).course
    first.refresh_from_db()
    for email in (STAYS, MOVES):
        enrolment = enrol(
            user=new_person(email, password=PASSWORD), course=course, route_kind="online", now=now
        )
        finish_lesson(enrolment=enrolment, lesson=first.lesson, now=now)
    print(
        json.dumps({"course": page.pk, "first": first.pk, "second": second.pk, "third": draft.pk})
    )


if __name__ == "__main__":
    django.setup()
    main()
