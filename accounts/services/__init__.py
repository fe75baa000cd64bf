from accounts.services.audit import record_audit
from accounts.services.people import join_organisation
from accounts.services.roles import end_role, grant_role, sync_groups

__all__ = ["end_role", "grant_role", "join_organisation", "record_audit", "sync_groups"]
