"""Kinds of notice for these tests; lms.settings.test knows where their texts are."""

import pytest

from accounts.enums import Role
from notifications.enums import MessageGroup
from notifications.services import Attachment, NoticeKind, Placeholder, register_kind
from tests.factories.notifications import MessageSettingsFactory


class Unwilling(RuntimeError):
    pass


def _context(notice):
    if notice.context.get("breaks"):
        raise Unwilling(f"cannot load anything for {notice.address}")
    return {"subject_line": "Hello", "words": "welcome", **notice.context}


def _attachments(notice):
    text = notice.context.get("attach")
    return [Attachment("note.txt", text.encode(), "text/plain")] if text else []


PLACEHOLDERS = {
    "subject_line": Placeholder("The subject", "Hello", in_subject=True),
    "words": Placeholder("What is said", "welcome"),
}
GREETING = NoticeKind(
    code="tests.greeting",
    template="tests/email/greeting",
    context=_context,
    still_holds=lambda notice: not notice.context.get("over"),
    attachments=_attachments,
    label="A greeting",
    why="You get this because we test.",
    when="When a test says so.",
    placeholders=PLACEHOLDERS,
    group=MessageGroup.COURSES,
    link=lambda notice: notice.context["page"],
    link_text="Open the greeting",
)


def _kind(name, *, template="tests/email/greeting", **fields):
    kind = NoticeKind(
        code=f"tests.{name}",
        template=template,
        context=_context,
        still_holds=lambda notice: not notice.context.get("over"),
        placeholders=PLACEHOLDERS,
        when="When a test says so.",
        **fields,
    )
    register_kind(kind)
    return kind


register_kind(GREETING)
NEWS = _kind("news", label="News", group=MessageGroup.ORGANISATION)
NECESSARY = _kind(
    "necessary",
    label="Something you must know",
    is_necessary=True,
    necessary_because="You could lose your place.",
)
SECRET = _kind("secret", label="A link for you", is_necessary=True, has_secret=True)
INVITATION = _kind("invitation", label="An invitation", is_listed=False, has_secret=True)
URGENT = _kind("urgent", label="Cover is needed today", group=MessageGroup.SHIFTS, is_urgent=True)
AWAITED = _kind("awaited", label="What you asked for", is_awaited=True)
LEADS_ONLY = _kind("leads_only", label="Somebody joined", for_roles=frozenset({Role.LEAD}))
TO_ANYBODY = _kind("to_anybody", label="Your account was closed", reaches_inactive=True)
PLAIN = _kind("plain", label="Without placeholders", template="tests/email/plain")
BY_ADDRESS = _kind("by_address", label="A reference is asked for", is_listed=False)


@pytest.fixture
def no_quiet_hours():
    """For tests that use the clock of the day they run on."""
    return MessageSettingsFactory(quiet_from="00:00", quiet_until="00:00")
