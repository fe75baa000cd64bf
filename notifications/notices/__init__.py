from notifications.notices import joining

# Every kind of message about people and organisations.
KINDS = [*joining.KINDS]

__all__ = ["KINDS", "joining"]
