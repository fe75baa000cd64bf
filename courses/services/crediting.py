"""What other apps report about an enrolment: a session attended, an evaluation filled in."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Completion, Enrolment, SessionCredit
from courses.notices import tell_record_changed
from courses.queries.completion import whats_left
from courses.services.completion import complete_locked
from courses.services.standing import locked, settle
from lms.core.errors import DomainError


class MinutesWrong(DomainError):
    code = "minutes_wrong"
    status = 422
    message = gettext_lazy(
        "Somebody attends between no minutes and all the minutes that the session has."
    )


@transaction.atomic
def record_session_credit(
    *,
    enrolment: Enrolment,
    source: str,
    title: str,
    held_on: datetime.date,
    minutes: int,
    of_minutes: int,
    now: datetime.datetime,
) -> SessionCredit:
    """Keep for how much of a training session somebody was there, as its register says.

    `source` names the register: told again, it changes what was kept. The enrolment completes at
    once if nothing is left; a correction that takes away what its completion stood on withdraws
    the completion.

    Raises: MinutesWrong when `minutes` are not within `of_minutes`, or these are none.
    """
    if of_minutes < 1 or not 0 <= minutes <= of_minutes:
        raise MinutesWrong
    enrolment = locked(enrolment)
    was_met = not whats_left(enrolment)
    credit, _created = SessionCredit.objects.update_or_create(
        enrolment=enrolment,
        source=source,
        defaults={
            "title": title,
            "held_on": held_on,
            "minutes": minutes,
            "of_minutes": of_minutes,
        },
    )
    reason = _("The register of “%(title)s” was corrected.") % {"title": title}
    settled = settle(enrolment, was_met=was_met, reason=reason[:500], by=None, now=now)
    if settled.correction and not enrolment.is_test:
        tell_record_changed(correction=settled.correction, follows="", now=now)
    return credit


@transaction.atomic
def record_evaluation(*, enrolment: Enrolment, now: datetime.datetime) -> Completion | None:
    """Note that the evaluation of the course was filled in; the first time counts.

    Returns the completion where this was the last thing the route asks for, or there is one.
    """
    enrolment = locked(enrolment)
    if enrolment.evaluated_at is None:
        enrolment.evaluated_at = now
        enrolment.save(update_fields=["evaluated_at", "updated_at"])
    return complete_locked(enrolment=enrolment, now=now)
