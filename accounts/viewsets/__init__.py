from accounts.viewsets.audit_trail import AuditTrailView
from accounts.viewsets.places import DirectoryGroup

__all__ = ["AuditTrailView", "DirectoryGroup"]
