from accounts.services.audit import record_audit
from accounts.services.people import join_organisation
from accounts.services.roles import (
    end_role,
    grant_role,
    refresh_all_roles,
    refresh_roles,
    sync_groups,
)

__all__ = [
    "end_role",
    "grant_role",
    "join_organisation",
    "record_audit",
    "refresh_all_roles",
    "refresh_roles",
    "sync_groups",
]
