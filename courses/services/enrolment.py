import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import organisation_of
from courses.enums import RouteKind
from courses.models import Completion, Course, Enrolment, Route
from lms.core.errors import DomainError


class CourseNotOpen(DomainError):
    code = "course_not_open"
    message = _("This course is not open at the moment.")


class AlreadyCompleted(DomainError):
    code = "already_completed"
    message = _("You have completed this course already. Say so if you want to take it again.")


class PrerequisiteMissing(DomainError):
    """Other courses come first: `courses` are those that the person has not completed."""

    code = "prerequisite_missing"

    def __init__(self, courses: list[Course]) -> None:
        self.courses = courses
        titles = ", ".join(f"“{course.title}”" for course in courses)
        super().__init__(
            _("Complete %(titles)s before you start this course.") % {"titles": titles}
        )


class RouteNotOffered(DomainError):
    code = "route_not_offered"
    status = 400
    message = _("This course cannot be taken in that way. Choose one of the ways listed.")


class RouteNotChosen(DomainError):
    code = "route_not_chosen"
    status = 422
    message = _("Choose how you want to take the course.")


@transaction.atomic
def enrol(
    *,
    user: User,
    course: Course,
    route_kind: RouteKind | str,
    now: datetime.datetime,
    is_refresher: bool = False,
) -> Enrolment:
    """Enrol `user` on the latest version of `course` by the route of that kind.

    Somebody who is already taking the course keeps the enrolment they have. After a completion a
    new enrolment is a refresher and must be meant: a form left open in another tab begins none.
    The person's audience, organisation and area are kept with it.

    Raises: CourseNotOpen when the course is not published; RouteNotChosen when none is named;
    RouteNotOffered when the version has no such route; AlreadyCompleted when it would be a
    refresher and `is_refresher` does not say so; PrerequisiteMissing when a course that comes
    first has no completion of theirs that stands.
    """
    own = Enrolment.objects.under_way().counted()  # a test of theirs is none
    under_way = own.filter(user=user, course=course).first()
    if under_way:
        return under_way
    version = course.latest_version
    if not course.is_published or version is None:
        raise CourseNotOpen
    if not route_kind:
        raise RouteNotChosen
    route = Route.objects.filter(version=version, kind=route_kind).first()
    if route is None:
        raise RouteNotOffered
    completed = Completion.objects.standing().filter(user=user)
    if not is_refresher and completed.filter(course=course).exists():
        raise AlreadyCompleted
    missing = course.prerequisites.exclude(pk__in=completed.values("course"))
    if first := list(missing.order_by("title", "pk")):
        raise PrerequisiteMissing(first)
    organisation = organisation_of(user, on=now.date())
    try:
        with transaction.atomic():
            return Enrolment.objects.create(
                user=user,
                course=course,
                version=version,
                route=route,
                audience=user.job_role.audience if user.job_role else None,
                organisation=organisation,
                area=organisation.area if organisation else None,
                started_at=now,
            )
    except IntegrityError:  # another tab was first: its enrolment is the answer
        return own.get(user=user, course=course)
