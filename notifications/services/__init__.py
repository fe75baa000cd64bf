from notifications.services.delivery import MAX_ATTEMPTS, deliver_due, deliver_notice
from notifications.services.kinds import (
    Attachment,
    NoticeKind,
    UnknownKind,
    kind_for,
    register_kind,
)
from notifications.services.outbox import NoAddress, enqueue_notice

__all__ = [
    "MAX_ATTEMPTS",
    "Attachment",
    "NoAddress",
    "NoticeKind",
    "UnknownKind",
    "deliver_due",
    "deliver_notice",
    "enqueue_notice",
    "kind_for",
    "register_kind",
]
