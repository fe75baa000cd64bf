from notifications.services.delivery import MAX_ATTEMPTS, deliver_due, deliver_notice
from notifications.services.digest import DAILY_DIGEST_KIND, make_digest, make_digests
from notifications.services.inbox import (
    clear_old_messages,
    mark_all_read,
    mark_read,
    surroundings_of,
)
from notifications.services.kinds import (
    Attachment,
    NoticeKind,
    UnknownKind,
    kind_for,
    register_kind,
    registered_kinds,
)
from notifications.services.outbox import NoAddress, enqueue_notice
from notifications.services.preferences import (
    PreferenceRefused,
    choices_for,
    preferences_of,
    save_preferences,
)
from notifications.services.unsubscribing import (
    CannotStop,
    NothingToStop,
    read_subscription,
    resubscribe,
    unsubscribe,
    unsubscribe_token,
)

__all__ = [
    "DAILY_DIGEST_KIND",
    "MAX_ATTEMPTS",
    "Attachment",
    "CannotStop",
    "NoAddress",
    "NothingToStop",
    "NoticeKind",
    "PreferenceRefused",
    "UnknownKind",
    "choices_for",
    "clear_old_messages",
    "deliver_due",
    "deliver_notice",
    "enqueue_notice",
    "kind_for",
    "make_digest",
    "make_digests",
    "mark_all_read",
    "mark_read",
    "preferences_of",
    "read_subscription",
    "register_kind",
    "registered_kinds",
    "resubscribe",
    "save_preferences",
    "surroundings_of",
    "unsubscribe",
    "unsubscribe_token",
]
