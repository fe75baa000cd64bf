"""Moving up from the version somebody began with to the one that is live."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import CorrectionKind
from courses.models import Completion, Correction, Enrolment, Route
from courses.services.completion import complete_locked
from courses.services.standing import locked
from lms.core.errors import DomainError


class FinishedStaysFinished(DomainError):
    code = "finished_stays_finished"
    message = gettext_lazy(
        "This course is completed, and stays so. The newest version can be taken as a refresher."
    )


class EnrolmentWithdrawn(DomainError):
    code = "enrolment_withdrawn"
    message = gettext_lazy("This enrolment was withdrawn. It must be taken up again first.")


class NothingNewer(DomainError):
    code = "nothing_newer"
    message = gettext_lazy("This is the newest version of the course already.")


class RouteGone(DomainError):
    code = "route_gone"
    message = gettext_lazy(
        "The newest version cannot be taken in the same way. The one begun with can be finished."
    )


@transaction.atomic
def move_up(*, enrolment: Enrolment, now: datetime.datetime) -> Completion | None:
    """Move the learner, who asks for it, to the latest version of the course; all done is kept.

    They stay on the route of the same kind. Returns the completion where nothing is left then.

    Raises: FinishedStaysFinished, EnrolmentWithdrawn, NothingNewer; RouteGone where the latest
    version has no route of that kind.
    """
    enrolment = locked(enrolment)
    detail = to_latest(enrolment)
    Correction.objects.create(
        enrolment=enrolment,
        kind=CorrectionKind.MOVED_UP,
        detail=detail,
        reason=_("Chosen by the learner."),
        made_at=now,
    )
    return complete_locked(enrolment=enrolment, now=now)


def to_latest(enrolment: Enrolment) -> dict[str, Any]:
    """Put a locked enrolment on the latest version and say from which to which.

    Raises: as `move_up`.
    """
    if enrolment.completed_at is not None:
        raise FinishedStaysFinished
    if enrolment.withdrawn_at is not None:
        raise EnrolmentWithdrawn
    latest = enrolment.course.latest_version
    if latest is None or latest == enrolment.version:
        raise NothingNewer
    route = Route.objects.filter(version=latest, kind=enrolment.route.kind).first()
    if route is None:
        raise RouteGone
    detail = {"from": enrolment.version.number, "to": latest.number}
    enrolment.version, enrolment.route = latest, route
    enrolment.save(update_fields=["version", "route", "updated_at"])
    return detail
