"""The messages about courses."""

from courses.notices.facts import FACTS_TO_CHECK
from courses.notices.repairs import RECORD_CHANGED, tell_record_changed

KINDS = [FACTS_TO_CHECK, RECORD_CHANGED]

__all__ = ["FACTS_TO_CHECK", "KINDS", "RECORD_CHANGED", "tell_record_changed"]
