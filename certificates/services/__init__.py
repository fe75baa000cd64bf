from certificates.services.bundles import (
    TooManyToPack,
    ask_for_bundle,
    note_download,
    pack_awards,
    sweep_bundles,
)
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
from certificates.services.names import (
    ask_for_name,
    decline_name_correction,
    make_name_correction,
    withdraw_name_correction,
)
from certificates.services.packing import make_bundle, make_bundles
from certificates.services.rendering import render_award, render_missing

__all__ = [
    "AwardNotStanding",
    "NameCannotBePrinted",
    "PdfIsThere",
    "ReasonMissing",
    "TooManyToPack",
    "ask_for_bundle",
    "ask_for_name",
    "decline_name_correction",
    "design_for_course",
    "design_for_new_awards",
    "issue_award",
    "make_bundle",
    "make_bundles",
    "make_name_correction",
    "note_download",
    "pack_awards",
    "reissue_award",
    "remind_of_expiry",
    "render_again",
    "render_award",
    "render_missing",
    "revoke_award",
    "revoke_for_withdrawal",
    "sweep_bundles",
    "use_design_for_new_awards",
    "withdraw_name_correction",
]
