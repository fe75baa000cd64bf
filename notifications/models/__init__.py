from notifications.models.bounces import Bounce
from notifications.models.notices import Notice
from notifications.models.preferences import Preference, Unsubscription
from notifications.models.settings import (
    DIGEST_AT,
    QUIET_FROM,
    QUIET_UNTIL,
    MessageSettings,
    is_between,
)
from notifications.models.texts import MessageText, MessageTextVersion

__all__ = [
    "DIGEST_AT",
    "QUIET_FROM",
    "QUIET_UNTIL",
    "Bounce",
    "MessageSettings",
    "MessageText",
    "MessageTextVersion",
    "Notice",
    "Preference",
    "Unsubscription",
    "is_between",
]
