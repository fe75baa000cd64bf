"""Reads about certificates: what pages, lists, messages and files show of them."""

from certificates.queries.awards import (
    STORAGE,
    CertificateFacts,
    StoredPdfDamaged,
    award_by_code,
    awards_managed_by,
    awards_seen_by,
    check_page_url,
    check_url,
    facts_of,
    is_holder_name,
    pdf_in_words,
    pictures_of,
    plain_letters,
    sample_facts,
    stored_pdf,
    written_day,
)
from certificates.queries.mine import MyCertificate, MyCertificates, freshness_of, my_certificates

__all__ = [
    "STORAGE",
    "CertificateFacts",
    "MyCertificate",
    "MyCertificates",
    "StoredPdfDamaged",
    "award_by_code",
    "awards_managed_by",
    "awards_seen_by",
    "check_page_url",
    "check_url",
    "facts_of",
    "freshness_of",
    "is_holder_name",
    "my_certificates",
    "pdf_in_words",
    "pictures_of",
    "plain_letters",
    "sample_facts",
    "stored_pdf",
    "written_day",
]
