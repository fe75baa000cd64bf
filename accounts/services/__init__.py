from accounts.services.audit import record_audit
from accounts.services.devices import ThisDevice, end_other_sessions, end_session
from accounts.services.people import join_organisation
from accounts.services.roles import (
    end_role,
    grant_role,
    refresh_all_roles,
    refresh_roles,
    sync_groups,
)
from accounts.services.second_factor import forget_second_factor

__all__ = [
    "ThisDevice",
    "end_other_sessions",
    "end_role",
    "end_session",
    "forget_second_factor",
    "grant_role",
    "join_organisation",
    "record_audit",
    "refresh_all_roles",
    "refresh_roles",
    "sync_groups",
]
