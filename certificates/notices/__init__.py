"""The messages about certificates, a file for each subject."""

from certificates.notices import awards, bundles, names
from certificates.notices.awards import (
    pdf_name,
    tell_certificate_expires,
    tell_certificate_ready,
    tell_certificate_revoked,
)
from certificates.notices.bundles import tell_bundle_ready
from certificates.notices.names import tell_name_asked, tell_name_decided

KINDS = (*awards.KINDS, *names.KINDS, *bundles.KINDS)

__all__ = [
    "KINDS",
    "pdf_name",
    "tell_bundle_ready",
    "tell_certificate_expires",
    "tell_certificate_ready",
    "tell_certificate_revoked",
    "tell_name_asked",
    "tell_name_decided",
]
