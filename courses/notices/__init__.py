"""The messages about courses."""

from courses.notices.repairs import RECORD_CHANGED, tell_record_changed

KINDS = [RECORD_CHANGED]

__all__ = ["KINDS", "RECORD_CHANGED", "tell_record_changed"]
