"""One kind of notice for these tests, with templates of its own."""

import copy
import dataclasses
from pathlib import Path

import pytest

from notifications.services import Attachment, NoticeKind, Placeholder, register_kind

TEMPLATES = Path(__file__).parent / "templates"


class Unwilling(RuntimeError):
    pass


def _context(notice):
    if notice.context.get("breaks"):
        raise Unwilling(f"cannot load anything for {notice.address}")
    return {"subject_line": "Hello", "words": "welcome", **notice.context}


def _attachments(notice):
    text = notice.context.get("attach")
    return [Attachment("note.txt", text.encode(), "text/plain")] if text else []


GREETING = NoticeKind(
    code="tests.greeting",
    template="tests/email/greeting",
    context=_context,
    still_holds=lambda notice: not notice.context.get("over"),
    attachments=_attachments,
    label="A greeting",
    why="You get this because we test.",
    when="When a test says so.",
    placeholders={
        "subject_line": Placeholder("The subject", "Hello", in_subject=True),
        "words": Placeholder("What is said", "welcome"),
    },
)
register_kind(GREETING)
NECESSARY = dataclasses.replace(GREETING, code="tests.necessary", is_necessary=True)
register_kind(NECESSARY)


@pytest.fixture(autouse=True)
def _own_templates(settings):
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(TEMPLATES)
    settings.TEMPLATES = templates
