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

__all__ = [
    "Asked",
    "OutboxCounts",
    "OutboxRow",
    "ReturnedAddress",
    "notices_to",
    "outbox_counts",
    "outbox_page",
    "people_reached",
    "returned_addresses",
    "returns_from",
]
