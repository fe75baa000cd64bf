import datetime

from django.db import transaction

from courses.models import Completion, Enrolment
from courses.queries.completion import whats_left
from courses.signals import course_completed


@transaction.atomic
def complete_if_due(*, enrolment: Enrolment, now: datetime.datetime) -> Completion | None:
    """Write the completion when nothing the enrolment's route asks for is left.

    It is decided at once, by the same list of what is left that the learner reads, and once for an
    enrolment, however often it is asked, unless one was withdrawn. `course_completed` is sent in
    the same transaction. An editor's test is closed without a completion.
    """
    # Locked without its version and route: PostgreSQL would not find it any more if these had
    # changed while it waited.
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    return complete_locked(enrolment=enrolment, now=now)


def complete_locked(*, enrolment: Enrolment, now: datetime.datetime) -> Completion | None:
    """Do what `complete_if_due` does for an enrolment whose row this transaction has locked."""
    enrolment = Enrolment.objects.select_related("course", "version", "route").get(pk=enrolment.pk)
    if enrolment.completed_at is not None:
        return Completion.objects.standing().filter(enrolment=enrolment).first()
    if enrolment.withdrawn_at is not None or whats_left(enrolment):
        return None
    enrolment.completed_at = now
    enrolment.save(update_fields=["completed_at", "updated_at"])
    if enrolment.is_test:
        return None
    completion = Completion.objects.create(
        enrolment=enrolment,
        number=enrolment.completions.count() + 1,
        user_id=enrolment.user_id,
        course=enrolment.course,
        version=enrolment.version,
        route=enrolment.route,
        route_kind=enrolment.route.kind,
        course_title=enrolment.course.title,
        version_number=enrolment.version.number,
        outcomes=[outcome["text"] for outcome in enrolment.course.outcomes],
        cpd_minutes=enrolment.route.cpd_minutes,
        audience_id=enrolment.audience_id,
        organisation_id=enrolment.organisation_id,
        area_id=enrolment.area_id,
        completed_at=now,
    )
    course_completed.send(sender=Completion, completion=completion, now=now)
    return completion
