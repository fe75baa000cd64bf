from accounts.models.audit import AuditEntry
from accounts.models.closings import AccountClosing
from accounts.models.imports import PeopleImport, PeopleImportFile, PeopleImportRow
from accounts.models.joining import Invitation, InvitationUse, JoinRequest
from accounts.models.people import Membership, RoleGrant, User, never_came_in
from accounts.models.places import Area, Organisation, Venue
from accounts.models.second_factor import SecondFactorReset
from accounts.models.work import Audience, JobRole

__all__ = [
    "AccountClosing",
    "Area",
    "Audience",
    "AuditEntry",
    "Invitation",
    "InvitationUse",
    "JobRole",
    "JoinRequest",
    "Membership",
    "Organisation",
    "PeopleImport",
    "PeopleImportFile",
    "PeopleImportRow",
    "RoleGrant",
    "SecondFactorReset",
    "User",
    "Venue",
    "never_came_in",
]
