"""A completion brings its certificate, in the same transaction."""

import pytest
from django.db import transaction

from certificates.models import Award
from certificates.services import reissue_award, revoke_award
from courses.models import Completion, CompletionWithdrawal, LessonProgress
from courses.services import complete_if_due
from courses.signals import completion_withdrawn, course_completed
from notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.certificates import AwardFactory
from tests.factories.courses import NOW, CompletionFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db


def then_fail(work):
    """Do the work, and then something that takes the whole transaction down."""
    with transaction.atomic():
        work()
        raise ZeroDivisionError


@pytest.fixture
def enrolment():
    """Somebody who has finished every lesson."""
    enrolment = EnrolmentFactory()
    for row in enrolment.version.version_lessons.all():
        LessonProgress.objects.create(
            enrolment=enrolment, lesson=row.lesson, started_at=NOW, finished_at=NOW
        )
    return enrolment


def test_completing_a_course_gives_its_certificate(enrolment):
    completion = complete_if_due(enrolment=enrolment, now=NOW)
    assert Award.objects.get().completion == completion
    assert complete_if_due(enrolment=enrolment, now=NOW) == completion
    assert Award.objects.count() == 1


def test_both_fall_together(enrolment):
    with pytest.raises(ZeroDivisionError):
        then_fail(lambda: complete_if_due(enrolment=enrolment, now=NOW))
    assert not Award.objects.exists()
    assert not Completion.objects.exists()


def test_the_news_told_twice_gives_one_certificate():
    completion = CompletionFactory()
    for _ in range(2):
        course_completed.send(sender=Completion, completion=completion, now=NOW)
    assert Award.objects.get().awarded_at == NOW


# --- a completion is withdrawn ---


def withdraw(completion, *, by=None, reason="The register was wrong"):
    """Withdraw a completion as courses does, and open its enrolment again."""
    with transaction.atomic():
        withdrawal = CompletionWithdrawal.objects.create(
            completion=completion, reason=reason, withdrawn_by=by, withdrawn_at=NOW
        )
        enrolment = completion.enrolment
        enrolment.completed_at = None
        enrolment.save()
        completion_withdrawn.send(
            sender=Completion, completion=completion, withdrawal=withdrawal, now=NOW
        )


def test_withdrawing_a_completion_revokes_its_certificate_and_tells_the_holder(enrolment):
    completion, staff = complete_if_due(enrolment=enrolment, now=NOW), UserFactory()
    other = AwardFactory(completion__user=completion.user)
    withdraw(completion, by=staff)
    award = Award.objects.get(completion=completion)
    assert (award.status, award.revoked_at) == ("revoked", NOW)
    assert award.revoke_reason == "The register was wrong"
    notice = Notice.objects.get(kind="certificates.certificate_revoked")
    assert notice.recipient == completion.user
    other.refresh_from_db()
    assert other.status == "valid"


def test_completing_again_after_a_withdrawal_gives_another_certificate(enrolment):
    first = complete_if_due(enrolment=enrolment, now=NOW)
    withdraw(first)
    enrolment.refresh_from_db()
    second = complete_if_due(enrolment=enrolment, now=NOW)
    assert second.number == 2
    awards = Award.objects.order_by("pk").values_list("completion", "status")
    assert list(awards) == [(first.pk, "revoked"), (second.pk, "valid")]


def test_a_reason_too_long_for_a_certificate_is_cut(enrolment):
    withdraw(complete_if_due(enrolment=enrolment, now=NOW), reason="x" * 500)
    assert Award.objects.get().revoke_reason == "x" * 250


def test_withdrawing_a_completion_without_a_certificate_changes_nothing():
    withdraw(CompletionFactory())
    assert not Award.objects.exists()


def test_a_certificate_revoked_before_keeps_its_first_reason(enrolment):
    completion = complete_if_due(enrolment=enrolment, now=NOW)
    award = Award.objects.get()
    revoke_award(award=award, reason="First", revoked_by=UserFactory(), now=NOW)
    withdraw(completion)
    award.refresh_from_db()
    assert award.revoke_reason == "First"


def test_a_certificate_corrected_before_is_taken_back_too(enrolment):
    completion = complete_if_due(enrolment=enrolment, now=NOW)
    new = reissue_award(award=Award.objects.get(), reissued_by=UserFactory(), now=NOW)
    withdraw(completion)
    new.refresh_from_db()
    assert new.status == "revoked"
    assert set(Award.objects.values_list("status", flat=True)) == {"replaced", "revoked"}
