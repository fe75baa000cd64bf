from notifications.notices import joining, roles, security

# Every kind of message about people and organisations.
KINDS = [*joining.KINDS, *roles.KINDS, *security.KINDS]

__all__ = ["KINDS", "joining", "roles", "security"]
