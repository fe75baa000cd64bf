"""News from courses: somebody completed one."""

import datetime
from typing import Any

from django.dispatch import receiver

from certificates.services import issue_award
from courses.models import Completion
from courses.signals import course_completed


@receiver(course_completed)
def give_certificate(completion: Completion, now: datetime.datetime, **kwargs: Any) -> None:
    issue_award(completion=completion, now=now)
