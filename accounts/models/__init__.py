from accounts.models.audit import AuditEntry
from accounts.models.people import Membership, RoleGrant, User
from accounts.models.places import Area, Organisation, Venue
from accounts.models.work import Audience, JobRole

__all__ = [
    "Area",
    "Audience",
    "AuditEntry",
    "JobRole",
    "Membership",
    "Organisation",
    "RoleGrant",
    "User",
    "Venue",
]
