"""A small course whose route asks for the evaluation, with somebody who has just begun it.

python -m tests.browser.evaluated_course        # with the environment of the installation
"""

import json

import django

from tests.browser.accounts import PASSWORD

LEARNER = "evaluates@example.net"


def main() -> None:
    from django.utils import timezone

    from courses.models import CatalogueIndexPage, CoursePage, Route
    from courses.services import enrol, publish_course
    from tests.courses.lessons import reflection
    from tests.factories.pages import make_course_page, make_lesson_page, make_module_page
    from tests.workers.learner import new_person

    now = timezone.now()
    page = make_course_page(CatalogueIndexPage.objects.get(), title="Listening", slug="listening")
    module = make_module_page(page, title="Its module")
    make_lesson_page(module, [reflection("Somebody you met")], title="A first look")
    make_lesson_page(module, title="A second look")
    publish_course(page=CoursePage.objects.get(pk=page.pk), now=now)
    course = CoursePage.objects.get(pk=page.pk).course
    Route.objects.filter(version__course=course).update(requires_evaluation=True)
    person = new_person(LEARNER, password=PASSWORD)
    person.full_name = "Łukasz Ñandú-Siân"
    person.save()
    enrol(user=person, course=course, route_kind="online", now=now)
    print(json.dumps({"course": page.pk}))


if __name__ == "__main__":
    django.setup()
    main()
