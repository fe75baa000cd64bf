"""What a kind of message says: its original text, somebody's own, and whether it will do."""

import datetime
import difflib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db import IntegrityError, transaction
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services import record_audit
from lms.core.errors import DomainError
from notifications.models import MessageText, MessageTextVersion
from notifications.services.kinds import Entry, NoticeKind, Placeholder, Value, registered_kinds
from notifications.services.neutral import telling_words
from notifications.services.rendering import (
    NAME,
    PLACEHOLDER,
    fill_line,
    placeholder_names,
    render_parts,
)

logger = logging.getLogger(__name__)

SUBJECT_LENGTH = 120
BODY_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and text, and what their placeholders stand for where that is settled already."""

    subject: str
    body: str
    values: Mapping[str, Value] | None = None
    placeholders: Mapping[str, Placeholder] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must be put right in a text; `field` is 'subject' or 'body'."""

    field: str
    text: str


class WordingRefused(DomainError):
    """A text that could not be sent as it is; `problems` says all of it."""

    code = "wording_refused"
    status = 422
    message = gettext_lazy("There is something to put right in this text.")

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(problems[0].text)


class WordingChangedMeanwhile(DomainError):
    code = "wording_changed_meanwhile"
    message: str | Promise = gettext_lazy(
        "Somebody else has changed this text since you opened it. What you typed is still here:"
        " compare it with theirs in the history below, then save again."
    )


# --- Which text ---


def editable_kind(code: str) -> NoticeKind | None:
    """Find a kind whose text can be changed."""
    return next((kind for kind in editable_kinds() if kind.code == code), None)


def editable_kinds() -> list[NoticeKind]:
    """List the kinds that have a text of their own, by what they are called."""
    kinds = [kind for kind in registered_kinds() if kind.wording is None]
    return sorted(kinds, key=lambda kind: (str(kind.label).casefold(), kind.code))


def original_wording(kind: NoticeKind) -> Wording:
    """Read the text that comes with the site."""
    subject, body = (
        get_template(f"{kind.template}{ending}").template.source  # type: ignore[attr-defined]  # of Django's own engine
        for ending in (".subject.txt", ".txt")
    )
    return Wording(" ".join(subject.split()), body.replace("\r\n", "\n").strip())


def wording_of(kind: NoticeKind) -> Wording:
    """Find what a kind says now: the changed text if there is one and it still will do.

    A release may have taken a placeholder away. Then the original goes out rather than nothing.
    """
    text = MessageText.objects.filter(kind=kind.code).first()
    if text is None:
        return original_wording(kind)
    wording = Wording(text.subject, text.body)
    if problems := problems_of(wording, kind):
        logger.error("The text of %s is not used: %s", kind.code, problems[0].text)
        return original_wording(kind)
    return wording


def sample_values(kind: NoticeKind) -> dict[str, Value]:
    """Give each placeholder its example, for previews and tests of a text."""
    return {name: entry.sample for name, entry in kind.all_placeholders.items()}


# --- Will it do? ---


def problems_of(wording: Wording, kind: NoticeKind) -> list[Problem]:
    """List everything that stands in the way of sending a text, in words for its writer."""
    return [
        *(Problem("subject", text) for text in _subject_problems(wording.subject, kind)),
        *(Problem("body", text) for text in _body_problems(wording.body, kind)),
    ]


def _subject_problems(subject: str, kind: NoticeKind) -> list[str]:
    if not subject.strip():
        return [_("Write a subject.")]
    if any(not letter.isprintable() for letter in subject):
        return [_("The subject must be one line of letters that can be printed.")]
    problems = _syntax_problems(subject, kind) or _telling_placeholders(subject, kind)
    if problems:
        return problems
    written = fill_line(subject, sample_values(kind))
    if len(written) > SUBJECT_LENGTH:
        problems.append(
            _("Shorten the subject to %(most)d characters. It has %(length)d.")
            % {"most": SUBJECT_LENGTH, "length": len(written)}
        )
    if told := telling_words(written):
        problems.append(
            _(
                "Say it without “%(words)s”. A subject must not tell a bystander what the message"
                " is about."
            )
            % {"words": "”, “".join(told)}
        )
    return problems


def _telling_placeholders(subject: str, kind: NoticeKind) -> list[str]:
    text = _(
        "Take {{ %(name)s }} out of the subject: others may read it on the screen before the"
        " message is opened."
    )
    known = kind.all_placeholders
    return [
        text % {"name": name} for name in placeholder_names(subject) if not known[name].in_subject
    ]


def _body_problems(body: str, kind: NoticeKind) -> list[str]:
    if not body.strip():
        return [_("Write the text of the message.")]
    if len(body) > BODY_LENGTH:
        return [
            _("Shorten the text to %(most)d characters. It has %(length)d.")
            % {"most": BODY_LENGTH, "length": len(body)}
        ]
    if any(not letter.isprintable() and letter not in "\r\n\t" for letter in body):
        return [_("The text has a character that cannot be printed.")]
    return _syntax_problems(body, kind) or _missing(body, kind)


def _syntax_problems(text: str, kind: NoticeKind) -> list[str]:
    if "{%" in text or "{#" in text:
        return [_("Take out “{%” and “{#”: a text has placeholders such as {{ site_name }} only.")]
    known = kind.all_placeholders
    problems = [
        _unknown(name, list(known)) for name in placeholder_names(text) if name not in known
    ]
    rest = PLACEHOLDER.sub("", text)
    for braces in ("{{", "}}"):
        if not problems and braces in rest:
            problems.append(
                _("Write each placeholder as {{ site_name }}: “%(braces)s” stands alone somewhere.")
                % {"braces": braces}
            )
    return problems


def _unknown(name: str, known: list[str]) -> str:
    as_written = name.strip().lower().replace(" ", "_").replace("-", "_")
    near = difflib.get_close_matches(as_written, known, n=1, cutoff=0.5)
    shown = f"{{{{ {name[:40]} }}}}"
    if near:
        return _("There is no %(name)s here. Did you mean {{ %(near)s }}?") % {
            "name": shown,
            "near": near[0],
        }
    if not NAME.match(name):
        return _("%(name)s is not a placeholder. Use one of those listed, as it is written.") % {
            "name": shown
        }
    return _("There is no %(name)s here. Use one of the placeholders listed.") % {"name": shown}


def _missing(body: str, kind: NoticeKind) -> list[str]:
    """Look for what must be there in the parts as they would be sent, each by itself."""
    known = kind.all_placeholders
    marks = {
        name: f"https://example.org/mark-{name}/" if entry.is_link else f"mark-of-{name}-here"
        for name, entry in known.items()
    }
    values: dict[str, Value] = {
        name: [Entry(marks[name])] if entry.is_list else marks[name]
        for name, entry in known.items()
    }
    parts = render_parts(body, values=values, placeholders=known, frame={})
    return [
        _("Put {{ %(name)s }} in (%(what)s): without it the message is no use.")
        % {"name": name, "what": entry.description}
        for name, entry in kind.placeholders.items()
        if entry.is_required
        and not (
            marks[name] in parts.plain
            and (f'href="{marks[name]}"' if entry.is_link else escape(marks[name])) in parts.html
        )
    ]


# --- Changing it ---


def text_history(kind: NoticeKind) -> list[MessageTextVersion]:
    """List what the text of a kind has said, the latest first."""
    versions = MessageTextVersion.objects.filter(kind=kind.code).select_related("changed_by")
    return list(versions.order_by("-pk"))


@transaction.atomic
def change_wording(
    *,
    kind: NoticeKind,
    subject: str,
    body: str,
    changed_by: User,
    now: datetime.datetime,
    seen_version: int | None = None,
) -> MessageText:
    """Write the text of a kind anew; the one before stays in its history.

    `seen_version` is the latest version its writer had before them, None where there was none.
    The same text again changes nothing.

    Raises: WordingRefused with everything that is wrong; WordingChangedMeanwhile.
    """
    wording = Wording(" ".join(subject.split()) if subject.isprintable() else subject, _tidy(body))
    if problems := problems_of(wording, kind):
        raise WordingRefused(problems)
    # Whoever comes second waits here, and then finds that the version has moved on.
    text = MessageText.objects.select_for_update().filter(kind=kind.code).first()
    _refuse_if_changed_since(kind, seen_version)
    if text is not None and (text.subject, text.body) == (wording.subject, wording.body):
        return text
    fields = {
        "subject": wording.subject,
        "body": wording.body,
        "changed_by": changed_by,
        "changed_at": now,
    }
    if text is None:
        text = _first_text(kind, fields)
    else:
        MessageText.objects.filter(pk=text.pk).update(**fields)
        text.refresh_from_db()
    MessageTextVersion.objects.create(kind=kind.code, **fields)
    record_audit(
        actor=changed_by, action="message_text.changed", target=text, now=now, fields=[kind.code]
    )
    return text


@transaction.atomic
def restore_original_wording(
    *, kind: NoticeKind, changed_by: User, now: datetime.datetime
) -> MessageTextVersion | None:
    """Go back to the text that comes with the site; None when that is what is sent already."""
    text = MessageText.objects.select_for_update().filter(kind=kind.code).first()
    if text is None:
        return None
    original = original_wording(kind)
    version = MessageTextVersion.objects.create(
        kind=kind.code,
        subject=original.subject[:SUBJECT_LENGTH],
        body=original.body,
        is_original=True,
        changed_by=changed_by,
        changed_at=now,
    )
    record_audit(
        actor=changed_by, action="message_text.restored", target=text, now=now, fields=[kind.code]
    )
    text.delete()
    return version


def _refuse_if_changed_since(kind: NoticeKind, seen_version: int | None) -> None:
    latest = MessageTextVersion.objects.filter(kind=kind.code).order_by("-pk").first()
    if (latest.pk if latest else None) != seen_version:
        raise WordingChangedMeanwhile


def _first_text(kind: NoticeKind, fields: dict[str, Any]) -> MessageText:
    """Write the first text of a kind; of two at once, the second is told."""
    try:
        with transaction.atomic():
            return MessageText.objects.create(kind=kind.code, **fields)
    except IntegrityError as error:
        raise WordingChangedMeanwhile from error


def _tidy(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()
