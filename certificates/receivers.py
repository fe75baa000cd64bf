"""News from courses: somebody completed one, or a completion turned out to be wrong."""

import datetime
from typing import Any

from django.dispatch import receiver

from certificates.services import issue_award, revoke_for_withdrawal
from courses.models import Completion, CompletionWithdrawal
from courses.signals import completion_withdrawn, course_completed


@receiver(course_completed)
def give_certificate(completion: Completion, now: datetime.datetime, **kwargs: Any) -> None:
    issue_award(completion=completion, now=now)


@receiver(completion_withdrawn)
def take_certificate_back(
    completion: Completion,
    withdrawal: CompletionWithdrawal,
    now: datetime.datetime,
    **kwargs: Any,
) -> None:
    revoke_for_withdrawal(completion=completion, withdrawal=withdrawal, now=now)
