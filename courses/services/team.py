"""Enrolling many people of an organisation at once, and leaving a course again."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.services import record_audit
from accounts.services.audit import record_audit_of_many
from courses.enums import RouteKind
from courses.models import Course, Enrolment, Route
from courses.notices.enrolled import tell_enrolled
from courses.queries.team import Colleague, chosen_among, colleagues_for, may_enrol
from courses.services.enrolment import CourseNotOpen, RouteNotOffered
from lms.core.errors import DomainError

MAX_AT_ONCE = 500


class NotYourPeople(DomainError):
    code = "not_your_people"
    status = 403
    message = _("You cannot enrol the people of this organisation.")


class NobodyChosen(DomainError):
    code = "nobody_chosen"
    status = 422
    message = _("Choose at least one person.")


class TooManyAtOnce(DomainError):
    code = "too_many_at_once"
    status = 422
    message = _("At most %(n)d people can be enrolled at once. Do it in several goes.") % {
        "n": MAX_AT_ONCE
    }


class BeganMeanwhile(DomainError):
    code = "began_meanwhile"
    message = _(
        "One of them started the course at this very moment. Please look at the list again."
    )


class NotTakingIt(DomainError):
    code = "not_taking_it"
    message = _("You are not taking this course.")


@dataclass(frozen=True, slots=True)
class TeamEnrolled:
    enrolled: list[Enrolment]
    left_out: list[Colleague]  # chosen, and not enrolled: each says why


@transaction.atomic
def enrol_team(
    *,
    organisation: Organisation,
    course: Course,
    route_kind: RouteKind | str,
    people: Collection[uuid.UUID],
    by: User,
    now: datetime.datetime,
) -> TeamEnrolled:
    """Enrol the `people` (public ids) of `organisation` on the latest version of `course`.

    Whoever takes or has completed it, has left it, lacks a course that comes first or has not
    joined yet is left out and named; so is nobody twice, however often it is sent. The enrolment
    keeps `organisation`, since it is by its word that they take the course, and who enrolled them.
    Each is told, except whoever enrols themselves. A few statements for hundreds of people.

    Raises: NotYourPeople; CourseNotOpen; RouteNotOffered; NobodyChosen; TooManyAtOnce;
    BeganMeanwhile when one of them began of their own between the look and the writing.
    """
    today = timezone.localdate(now)
    if not may_enrol(by, organisation, on=today):
        raise NotYourPeople
    route = _route(course, route_kind)
    if not people:
        raise NobodyChosen
    if len(set(people)) > MAX_AT_ONCE:
        raise TooManyAtOnce
    # Locked, so that of two who send the same only one finds anybody to enrol.
    list(User.objects.select_for_update().filter(public_id__in=people).order_by("pk"))
    able, left_out = chosen_among(colleagues_for(organisation, course, on=today), people)
    enrolments = [
        Enrolment(
            user=each.user,
            course=course,
            version=route.version,
            route=route,
            audience=each.user.job_role.audience if each.user.job_role else None,
            organisation=organisation,
            area=organisation.area,
            started_at=now,
            enrolled_by=by if each.user != by else None,
        )
        for each in able
    ]
    try:
        with transaction.atomic():
            Enrolment.objects.bulk_create(enrolments, batch_size=200)
    except IntegrityError as error:
        raise BeganMeanwhile from error
    record_audit_of_many(actor=by, action="learning.enrolled", targets=enrolments, now=now)
    tell_enrolled([each for each in enrolments if each.enrolled_by], now=now)
    return TeamEnrolled(enrolments, left_out)


def _route(course: Course, kind: RouteKind | str) -> Route:
    if not course.is_published or course.latest_version_id is None:
        raise CourseNotOpen
    route = (
        Route.objects.filter(version=course.latest_version_id, kind=kind)
        .select_related("version")
        .first()
    )
    if route is None:
        raise RouteNotOffered
    return route


@transaction.atomic
def leave_course(*, user: User, course: Course, now: datetime.datetime) -> Enrolment:
    """End the enrolment that `user` has under way on `course`; what they did in it is kept.

    Raises: NotTakingIt, also for whoever has completed it or has left it before.
    """
    enrolment = (
        Enrolment.objects.select_for_update()
        .filter(user=user, course=course, completed_at=None, withdrawn_at=None, is_test=False)
        .first()
    )
    if enrolment is None:
        raise NotTakingIt
    enrolment.withdrawn_at = now
    enrolment.save(update_fields=["withdrawn_at", "updated_at"])
    record_audit(actor=user, action="learning.left", target=enrolment, now=now)
    return enrolment
