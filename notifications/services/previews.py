"""What whoever edits texts is shown: the list of them, and one with examples in it."""

import datetime
from dataclasses import dataclass, replace

from django.utils.functional import Promise

from notifications.models import MessageText
from notifications.services.kinds import NoticeKind
from notifications.services.messages import parts_of
from notifications.services.rendering import fill_line
from notifications.services.wording import (
    Wording,
    editable_kinds,
    original_wording,
    problems_of,
    sample_values,
)


@dataclass(frozen=True, slots=True)
class Preview:
    """A message with examples, both parts of it."""

    subject: str
    plain: str
    html: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """One line of the list of texts. `problem`: why the changed text is not used."""

    code: str
    label: str | Promise
    when: str | Promise
    subject: str
    changed_at: datetime.datetime | None = None
    changed_by: str = ""
    problem: str = ""


def preview_of(wording: Wording, kind: NoticeKind) -> Preview:
    """Write a text that will do with examples for its placeholders."""
    values = sample_values(kind)
    filled = replace(wording, values=values, placeholders=kind.all_placeholders)
    parts = parts_of(filled, kind)
    return Preview(fill_line(wording.subject, values), parts.plain, parts.html)


def text_rows() -> list[TextRow]:
    """List every text that can be changed, by its name; one query for any number of them."""
    changed = {text.kind: text for text in MessageText.objects.select_related("changed_by")}
    return [_row(kind, changed.get(kind.code)) for kind in editable_kinds()]


def _row(kind: NoticeKind, text: MessageText | None) -> TextRow:
    if text is None:
        return TextRow(kind.code, kind.label, kind.when, original_wording(kind).subject)
    problems = problems_of(Wording(text.subject, text.body), kind)
    return TextRow(
        code=kind.code,
        label=kind.label,
        when=kind.when,
        subject=text.subject,
        changed_at=text.changed_at,
        changed_by=str(text.changed_by),
        problem=problems[0].text if problems else "",
    )
