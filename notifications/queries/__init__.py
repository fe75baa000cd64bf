from notifications.queries.hours import MessageHours, day_of, message_hours
from notifications.queries.mine import MessageList, MessageRow, messages_for
from notifications.queries.outbox import (
    Asked,
    OutboxCounts,
    OutboxRow,
    ReturnedAddress,
    notices_to,
    outbox_counts,
    outbox_page,
    people_reached,
    returned_addresses,
    returns_from,
)
from notifications.queries.reach import unreached_by

__all__ = [
    "Asked",
    "MessageHours",
    "MessageList",
    "MessageRow",
    "OutboxCounts",
    "OutboxRow",
    "ReturnedAddress",
    "day_of",
    "message_hours",
    "messages_for",
    "notices_to",
    "outbox_counts",
    "outbox_page",
    "people_reached",
    "returned_addresses",
    "returns_from",
    "unreached_by",
]
