"""Repairs of a whole enrolment: its route, its version, whether it goes on, its completion."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.enums import CorrectionKind
from courses.models import Completion, Enrolment, Route
from courses.services.enrolment import RouteNotOffered
from courses.services.repairs.doing import (
    MetAlready,
    NotCompleted,
    NotWithdrawn,
    Repaired,
    TakingItAnew,
    begin,
    end,
    repair,
)
from courses.services.standing import Settled, withdraw
from courses.services.versions import FinishedStaysFinished, to_latest


def change_route(
    *, enrolment: Enrolment, route_kind: str, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Let somebody take the version they are on by another of its routes; all done is kept.

    Raises: FinishedStaysFinished; RouteNotOffered; MetAlready when it is that one; as `repair`.
    """

    def change(enrolment: Enrolment) -> dict[str, Any]:
        if enrolment.completed_at is not None:
            raise FinishedStaysFinished
        if enrolment.route.kind == route_kind:
            raise MetAlready
        route = Route.objects.filter(version=enrolment.version_id, kind=route_kind).first()
        if route is None:
            raise RouteNotOffered
        detail = {"from": enrolment.route.kind, "to": route.kind}
        enrolment.route = route
        enrolment.save(update_fields=["route", "updated_at"])
        return detail

    kind = CorrectionKind.ROUTE_CHANGED
    return repair(kind, change, enrolment=enrolment, reason=reason, by=by, now=now)


def move_up_for(*, enrolment: Enrolment, reason: str, by: User, now: datetime.datetime) -> Repaired:
    """Move somebody to the latest version, as they can. Raises: as `move_up` and `repair`."""
    kind = CorrectionKind.MOVED_UP
    return repair(kind, to_latest, enrolment=enrolment, reason=reason, by=by, now=now)


def withdraw_enrolment(
    *, enrolment: Enrolment, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """End an enrolment that is under way; everything done in it is kept.

    Raises: FinishedStaysFinished when it is completed; as `repair`.
    """

    def change(enrolment: Enrolment) -> dict[str, Any]:
        if enrolment.completed_at is not None:
            raise FinishedStaysFinished(
                _("This course is completed. Withdraw the completion, if it is wrong.")
            )
        enrolment.withdrawn_at = now
        enrolment.save(update_fields=["withdrawn_at", "updated_at"])
        return {}

    kind = CorrectionKind.WITHDRAWN
    return repair(kind, change, enrolment=enrolment, reason=reason, by=by, now=now)


def reinstate_enrolment(
    *, enrolment: Enrolment, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Take a withdrawn enrolment up again, as far as it had come.

    Raises: NotWithdrawn; TakingItAnew when the person has another under way; as `repair`.
    """

    def change(enrolment: Enrolment) -> dict[str, Any]:
        if enrolment.withdrawn_at is None:
            raise NotWithdrawn
        others = Enrolment.objects.under_way().filter(
            user=enrolment.user_id, course=enrolment.course_id, is_test=enrolment.is_test
        )
        if others.exists():
            raise TakingItAnew
        was = enrolment.withdrawn_at
        enrolment.withdrawn_at = None
        enrolment.save(update_fields=["withdrawn_at", "updated_at"])
        return {"withdrawn_at": was.isoformat()}

    kind = CorrectionKind.REINSTATED
    return repair(kind, change, enrolment=enrolment, reason=reason, by=by, now=now, is_over=True)


@transaction.atomic
def withdraw_completion(
    *, enrolment: Enrolment, reason: str, by: User, now: datetime.datetime
) -> Repaired:
    """Withdraw the completion that stands; the enrolment is open again, held if nothing is left.

    Raises: NotCompleted; ReasonMissing, ReasonTooLong, OwnRecord.
    """
    enrolment, reason = begin(enrolment, reason, by, is_over=True)
    if enrolment.completed_at is None:
        raise NotCompleted
    completion = Completion.objects.standing().filter(enrolment=enrolment).first()
    correction = withdraw(enrolment, completion, reason=reason, by=by, now=now)
    return end(correction, Settled(withdrawn=completion), by, now)
