from certificates.services.designs import (
    design_for_course,
    design_for_new_awards,
    use_design_for_new_awards,
)
from certificates.services.expiry import remind_of_expiry
from certificates.services.issuing import (
    AwardNotStanding,
    NameCannotBePrinted,
    PdfIsThere,
    ReasonMissing,
    issue_award,
    reissue_award,
    render_again,
    revoke_award,
    revoke_for_withdrawal,
)
from certificates.services.rendering import render_award, render_missing

__all__ = [
    "AwardNotStanding",
    "NameCannotBePrinted",
    "PdfIsThere",
    "ReasonMissing",
    "design_for_course",
    "design_for_new_awards",
    "issue_award",
    "reissue_award",
    "remind_of_expiry",
    "render_again",
    "render_award",
    "render_missing",
    "revoke_award",
    "revoke_for_withdrawal",
    "use_design_for_new_awards",
]
