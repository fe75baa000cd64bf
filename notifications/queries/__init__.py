from notifications.queries.outbox import (
    Asked,
    OutboxCounts,
    OutboxRow,
    ReturnedAddress,
    notices_seen_by,
    outbox_counts,
    outbox_page,
    people_reached,
    returned_addresses,
    returns_seen_by,
)

__all__ = [
    "Asked",
    "OutboxCounts",
    "OutboxRow",
    "ReturnedAddress",
    "notices_seen_by",
    "outbox_counts",
    "outbox_page",
    "people_reached",
    "returned_addresses",
    "returns_seen_by",
]
