from notifications.notices import closings, joining, roles, security

# Every kind of message about people and organisations.
KINDS = [*closings.KINDS, *joining.KINDS, *roles.KINDS, *security.KINDS]

__all__ = ["KINDS", "closings", "joining", "roles", "security"]
