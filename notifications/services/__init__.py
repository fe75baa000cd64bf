from notifications.services.bounces import (
    NotGivenUp,
    NothingReturned,
    release_changed_addresses,
    retry_notice,
    try_address_again,
)
from notifications.services.delivery import MAX_ATTEMPTS, deliver_due, deliver_notice
from notifications.services.kinds import (
    Attachment,
    Entry,
    NoticeKind,
    Placeholder,
    UnknownKind,
    kind_for,
    register_kind,
    registered_kinds,
)
from notifications.services.mailboxes import MailboxUnusable, messages_in, messages_on_server
from notifications.services.messages import parts_of
from notifications.services.outbox import NoAddress, enqueue_notice
from notifications.services.previews import Preview, TextRow, preview_of, text_rows
from notifications.services.rendering import Parts, fill_line
from notifications.services.reports import MAX_BYTES, Tally, read_reports
from notifications.services.text_tests import TEXT_TEST, send_text_to_writer
from notifications.services.wording import (
    Problem,
    Wording,
    WordingChangedMeanwhile,
    WordingRefused,
    change_wording,
    editable_kind,
    original_wording,
    problems_of,
    restore_original_wording,
    sample_values,
    text_history,
    wording_of,
)

__all__ = [
    "MAX_ATTEMPTS",
    "MAX_BYTES",
    "TEXT_TEST",
    "Attachment",
    "Entry",
    "MailboxUnusable",
    "NoAddress",
    "NotGivenUp",
    "NothingReturned",
    "NoticeKind",
    "Parts",
    "Placeholder",
    "Preview",
    "Problem",
    "Tally",
    "TextRow",
    "UnknownKind",
    "Wording",
    "WordingChangedMeanwhile",
    "WordingRefused",
    "change_wording",
    "deliver_due",
    "deliver_notice",
    "editable_kind",
    "enqueue_notice",
    "fill_line",
    "kind_for",
    "messages_in",
    "messages_on_server",
    "original_wording",
    "parts_of",
    "preview_of",
    "problems_of",
    "read_reports",
    "register_kind",
    "registered_kinds",
    "release_changed_addresses",
    "restore_original_wording",
    "retry_notice",
    "sample_values",
    "send_text_to_writer",
    "text_history",
    "text_rows",
    "try_address_again",
    "wording_of",
]
