from accounts.services.audit import (
    note_audit_read,
    purge_audit,
    record_audit,
    register_action,
    sentences_of,
)
from accounts.services.closings import close_account, open_account
from accounts.services.courts import load_courts, read_courts
from accounts.services.devices import ThisDevice, end_other_sessions, end_session
from accounts.services.giving import give_role, take_role
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
from accounts.services.joining import (
    ask_to_join,
    confirm_join_request,
    decline_join_request,
    withdraw_join_request,
)
from accounts.services.people import join_organisation
from accounts.services.places import end_membership, end_place, name_to_place
from accounts.services.profile import change_profile, correct_name
from accounts.services.roles import (
    end_role,
    grant_role,
    refresh_all_roles,
    refresh_roles,
    sync_groups,
)
from accounts.services.second_factor import forget_second_factor, reset_second_factor
from accounts.services.setting_up import set_up_by_invitation
from accounts.services.venues import check_venue

__all__ = [
    "ThisDevice",
    "accept_invitation",
    "ask_to_join",
    "change_profile",
    "check_venue",
    "close_account",
    "confirm_join_request",
    "correct_name",
    "decline_join_request",
    "end_membership",
    "end_other_sessions",
    "end_place",
    "end_role",
    "end_session",
    "find_invitation",
    "forget_second_factor",
    "give_role",
    "grant_role",
    "invite_person",
    "invite_team",
    "join_organisation",
    "load_courts",
    "name_to_place",
    "note_audit_read",
    "open_account",
    "purge_audit",
    "read_courts",
    "read_invitation",
    "record_audit",
    "refresh_all_roles",
    "refresh_roles",
    "register_action",
    "reset_second_factor",
    "send_invitation",
    "sentences_of",
    "set_up_by_invitation",
    "sync_groups",
    "take_role",
    "team_token",
    "withdraw_invitation",
    "withdraw_join_request",
]
