"""The messages about courses."""

from courses.notices.enrolled import ENROLLED, tell_enrolled
from courses.notices.facts import FACTS_TO_CHECK
from courses.notices.repairs import RECORD_CHANGED, tell_record_changed

KINDS = [ENROLLED, FACTS_TO_CHECK, RECORD_CHANGED]

__all__ = [
    "ENROLLED",
    "FACTS_TO_CHECK",
    "KINDS",
    "RECORD_CHANGED",
    "tell_enrolled",
    "tell_record_changed",
]
