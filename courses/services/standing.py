"""What follows when somebody's learning record changes: a completion, or one that is withdrawn."""

import datetime
from dataclasses import dataclass

from accounts.models import User
from accounts.services import record_audit
from courses.enums import CorrectionKind
from courses.models import Completion, CompletionWithdrawal, Correction, Enrolment
from courses.queries.completion import whats_left
from courses.services.completion import complete_locked
from courses.signals import completion_withdrawn


@dataclass(frozen=True)
class Settled:
    """What a change led to: at most one of the two."""

    completion: Completion | None = None  # written now
    withdrawn: Completion | None = None  # withdrawn now
    correction: Correction | None = None  # that says why it was


def locked(enrolment: Enrolment) -> Enrolment:
    """Lock the row of `enrolment` until the transaction ends, and read it anew."""
    # Locked by itself first: joined to a version that has changed while it waited, PostgreSQL
    # would not find it any more.
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    return Enrolment.objects.select_related(
        "user", "course__latest_version", "version", "route", "organisation"
    ).get(pk=enrolment.pk)


def settle(
    enrolment: Enrolment,
    *,
    was_met: bool,
    reason: str,
    by: User | None,
    now: datetime.datetime,
) -> Settled:
    """Bring a locked enrolment in line with its rules, after something about it was changed.

    Nothing left and not completed: it completes at once. Completed, and what was met (`was_met`)
    no longer is: the completion was wrong, and is withdrawn. Both inside the caller's transaction.
    """
    if enrolment.completed_at is None:
        return Settled(completion=complete_locked(enrolment=enrolment, now=now))
    if was_met and whats_left(enrolment):
        completion = Completion.objects.standing().filter(enrolment=enrolment).first()
        correction = withdraw(enrolment, completion, reason=reason, by=by, now=now)
        return Settled(withdrawn=completion, correction=correction)
    return Settled()


def withdraw(
    enrolment: Enrolment,
    completion: Completion | None,
    *,
    reason: str,
    by: User | None,
    now: datetime.datetime,
) -> Correction:
    """Open a locked, completed enrolment again and put a withdrawal beside its completion.

    The completion itself stays as it is; `completion_withdrawn` is sent in the transaction. Where
    nothing is left to do, the enrolment is held until somebody allows it to complete again. Where
    the person is taking the course anew already, the enrolment ends with its completion: there is
    one under way at a time. (An editor's test has no completion.)
    """
    is_held = not whats_left(enrolment)
    other = Enrolment.objects.under_way().filter(
        user=enrolment.user_id, course=enrolment.course_id, is_test=enrolment.is_test
    )
    enrolment.withdrawn_at = now if other.exists() else None
    enrolment.completed_at = None
    enrolment.save(update_fields=["completed_at", "withdrawn_at", "updated_at"])
    correction = Correction.objects.create(
        enrolment=enrolment,
        kind=CorrectionKind.COMPLETION_WITHDRAWN,
        detail={"is_held": is_held, "number": completion.number if completion else 0},
        reason=reason,
        made_by=by,
        made_at=now,
    )
    if completion is not None:
        withdrawal = CompletionWithdrawal.objects.create(
            completion=completion, reason=reason, withdrawn_by=by, withdrawn_at=now
        )
        completion_withdrawn.send(
            sender=Completion, completion=completion, withdrawal=withdrawal, now=now
        )
    record_audit(actor=by, action="learning.completion_withdrawn", target=enrolment, now=now)
    return correction
