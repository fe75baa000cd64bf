"""What every repair does: lock, change, keep why, let follow what follows, tell the learner."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services import record_audit
from courses.enums import CorrectionKind
from courses.models import Correction, Enrolment, Lesson
from courses.notices import tell_record_changed
from courses.queries.completion import whats_left
from courses.services.standing import Settled, locked, settle
from courses.services.versions import EnrolmentWithdrawn
from lms.core.errors import DomainError

MAX_REASON = 500


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 422
    message = gettext_lazy("Say why, in a few words.")


class ReasonTooLong(DomainError):
    code = "reason_too_long"
    status = 422
    message = gettext_lazy("Say why in at most 500 characters.")


class OwnRecord(DomainError):
    code = "own_record"
    status = 403
    message = gettext_lazy("Nobody puts their own record right. Ask a colleague to do it.")


class NotAskedFor(DomainError):
    code = "not_asked_for"
    message = gettext_lazy("The way in which this person takes the course does not ask for that.")


class MetAlready(DomainError):
    code = "met_already"
    message = gettext_lazy("This is done already. Nothing was changed.")


class NotFinished(DomainError):
    code = "not_finished"
    message = gettext_lazy("This lesson is not finished. Nothing was changed.")


class NotCompleted(DomainError):
    code = "not_completed"
    message = gettext_lazy("There is no completion to withdraw.")


class NotWithdrawn(DomainError):
    code = "not_withdrawn"
    message = gettext_lazy("This enrolment was not withdrawn. Nothing was changed.")


class TakingItAnew(DomainError):
    code = "taking_it_anew"
    message = gettext_lazy(
        "This person is taking the course anew already. Withdraw that enrolment first."
    )


class NothingToTakeBack(DomainError):
    code = "nothing_to_take_back"
    message = gettext_lazy("This correction does not stand any more. Nothing was changed.")


@dataclass(frozen=True)
class Repaired:
    """A repair that was made, and what followed from it."""

    correction: Correction
    settled: Settled


Change = Callable[[Enrolment], dict[str, Any]]


def begin(enrolment: Enrolment, reason: str, by: User, *, is_over: bool) -> tuple[Enrolment, str]:
    reason = " ".join(reason.split())
    if not reason:
        raise ReasonMissing
    if len(reason) > MAX_REASON:
        raise ReasonTooLong
    enrolment = locked(enrolment)
    if enrolment.user_id == by.pk:
        raise OwnRecord
    if enrolment.withdrawn_at is not None and not is_over:
        raise EnrolmentWithdrawn
    return enrolment, reason


@transaction.atomic
def repair(
    kind: CorrectionKind,
    change: Change,
    *,
    enrolment: Enrolment,
    reason: str,
    by: User,
    now: datetime.datetime,
    lesson: Lesson | None = None,
    is_over: bool = False,
) -> Repaired:
    """Lock the enrolment, `change` it, keep why, and let follow what follows.

    `change` raises where there is nothing to change, and says what the correction keeps. Withdrawn
    enrolments are changed only where `is_over` says so.

    Raises: ReasonMissing, ReasonTooLong, OwnRecord, EnrolmentWithdrawn.
    """
    enrolment, reason = begin(enrolment, reason, by, is_over=is_over)
    was_met = not whats_left(enrolment)
    detail = change(enrolment)
    correction = Correction.objects.create(
        enrolment=enrolment,
        kind=kind,
        lesson=lesson,
        detail=detail,
        reason=reason,
        made_by=by,
        made_at=now,
    )
    settled = settle(enrolment, was_met=was_met, reason=reason, by=by, now=now)
    return end(correction, settled, by, now)


def end(correction: Correction, settled: Settled, by: User, now: datetime.datetime) -> Repaired:
    enrolment = correction.enrolment
    is_own_news = correction.kind == CorrectionKind.COMPLETION_WITHDRAWN
    if not is_own_news:  # it has its line already, however it comes about
        record_audit(actor=by, action=f"learning.{correction.kind}", target=enrolment, now=now)
    follows = "completed" if settled.completion else "withdrawn" if settled.withdrawn else ""
    if not enrolment.is_test:
        tell_record_changed(correction=correction, follows="" if is_own_news else follows, now=now)
    return Repaired(correction, settled)
