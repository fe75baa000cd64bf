from notifications.notices import joining, roles

# Every kind of message about people and organisations.
KINDS = [*joining.KINDS, *roles.KINDS]

__all__ = ["KINDS", "joining", "roles"]
