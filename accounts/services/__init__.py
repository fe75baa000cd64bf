from accounts.services.audit import record_audit
from accounts.services.invitations import (
    accept_invitation,
    find_invitation,
    invite_person,
    invite_team,
    read_invitation,
    send_invitation,
    team_token,
    withdraw_invitation,
)
from accounts.services.people import join_organisation
from accounts.services.roles import (
    end_role,
    grant_role,
    refresh_all_roles,
    refresh_roles,
    sync_groups,
)

__all__ = [
    "accept_invitation",
    "end_role",
    "find_invitation",
    "grant_role",
    "invite_person",
    "invite_team",
    "join_organisation",
    "read_invitation",
    "record_audit",
    "refresh_all_roles",
    "refresh_roles",
    "send_invitation",
    "sync_groups",
    "team_token",
    "withdraw_invitation",
]
