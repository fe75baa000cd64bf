"""An editor walks through a course as a learner does, and is counted nowhere."""

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.enums import RouteKind
from courses.models import (
    Answer,
    Attempt,
    AttemptQuestion,
    Correction,
    Course,
    DraftAnswer,
    Enrolment,
    EvaluationDraft,
    LessonProgress,
    Reflection,
    Route,
    SessionCredit,
)
from courses.services.enrolment import RouteNotOffered
from lms.core.errors import DomainError

# What hangs on an enrolment, in the order in which it can go. A test follows the foreign keys.
HANGING_ON_A_TEST = (
    DraftAnswer,
    Answer,
    Reflection,
    LessonProgress,
    SessionCredit,
    Correction,
    EvaluationDraft,
)


class NothingToTest(DomainError):
    code = "nothing_to_test"
    message = _(
        "There is nothing to walk through yet. Publish a lesson, then the course, and come back."
    )


@transaction.atomic
def start_test(
    *, user: User, course: Course, route_kind: RouteKind | str, now: datetime.datetime
) -> Enrolment:
    """Begin a test of `course` at its first lesson; a test `user` had of it is thrown away.

    It is of the latest version, also while the course is unpublished, whatever comes first or was
    completed before. No audience, organisation or area is kept with it: it counts nowhere.

    Raises: NothingToTest while the course has no version; RouteNotOffered when the version has no
    such route.
    """
    if course.latest_version is None:
        raise NothingToTest
    route = Route.objects.filter(version=course.latest_version, kind=route_kind).first()
    if route is None:
        raise RouteNotOffered
    _throw_away(user, course)
    return Enrolment.objects.create(
        user=user,
        course=course,
        version=course.latest_version,
        route=route,
        started_at=now,
        is_test=True,
    )


@transaction.atomic
def end_test(*, user: User, course: Course) -> bool:
    """Throw the test of `course` by `user` away whole. Say whether there was one."""
    return _throw_away(user, course)


def _throw_away(user: User, course: Course) -> bool:
    User.objects.select_for_update().get(pk=user.pk)  # one tab after the other
    tests = Enrolment.objects.filter(user=user, course=course, is_test=True)
    found = list(tests.values_list("pk", flat=True))
    if not found:
        return False
    for model in HANGING_ON_A_TEST:
        model.objects.filter(enrolment__in=found).delete()
    AttemptQuestion.objects.filter(attempt__enrolment__in=found).delete()
    Attempt.objects.filter(enrolment__in=found).delete()
    tests.delete()
    return True
