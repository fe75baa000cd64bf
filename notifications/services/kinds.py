"""The kinds of message the site can send. Domain apps hand theirs down from `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from lms.core.site import site_name
from notifications.enums import MessageGroup
from notifications.models import Notice

if TYPE_CHECKING:
    from notifications.services.wording import Wording


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    mimetype: str


_BECAUSE = _("The site cannot do without it.")
_LINK_TEXT = _("Open the page it is about")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list that is put in as a whole: words, perhaps as a link, and more below."""

    title: str
    url: str = ""
    text: str = ""


# What a placeholder stands for. A string is one line, whatever is in it.
Value = str | Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One thing a text can name, as `{{ name }}`: what it is, and an example for previews.

    `is_required`: the message is no use without it. `is_link`: an absolute address, which becomes a
    link. `in_subject`: says nothing to a bystander, so it may stand in the subject. One whose
    sample is a list of entries stands in a paragraph of its own. What can be empty takes its
    paragraph with it.
    """

    description: str | Promise
    sample: Value
    is_required: bool = False
    is_link: bool = False
    in_subject: bool = False

    @property
    def is_list(self) -> bool:
        return not isinstance(self.sample, str)


def _always(notice: Notice) -> bool:
    return True


def _nothing(notice: Notice) -> Sequence[Attachment]:
    return ()


def _no_text(notice: Notice) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One message: how it is worded, what it needs, and whether it still holds.

    `template` is the prefix of two files, `<template>.subject.txt` and `<template>.txt`: the text
    until somebody changes it in the admin, in light Markdown with placeholders (see rendering).
    `context` loads what `placeholders` name, as plain strings or lists of entries. `still_holds` is
    asked just before sending. `wording` replaces the text for one notice, with what its
    placeholders stand for.

    What people are told of it, and whether they may do without: `label` names it in plain words,
    `when` tells the editor of its text when it goes out, `why` tells the reader why they get it,
    placeholders and all. `group` is its place on the page of preferences, where it stands unless it
    is not `is_listed` (one that only ever goes to people without an account, say) and for whom it
    is (`for_roles`; everybody, if empty). One that `is_necessary` cannot be switched off, and goes
    even to an address that has returned another; `necessary_because` says why, in a sentence.

    When it goes: one that `is_urgent` ignores quiet hours and is never held for a daily summary;
    one that `is_awaited`, because its reader has just asked for it, ignores quiet hours only.
    `reaches_inactive`: it goes to people whose account was closed, too; others do not.

    What stays of it on the site: `link` gives the path of the page it is about, `link_text` what to
    call that; attachments are not kept, so that page should have them. `summary` is what a daily
    summary says of it, where that is not how its text begins. The text of one that `has_secret`,
    such as a link that works once, is not kept; one that is not `is_posted` does not stand among
    anybody's messages at all.
    """

    code: str
    template: str
    context: Callable[[Notice], Mapping[str, Value]]
    still_holds: Callable[[Notice], bool] = _always
    attachments: Callable[[Notice], Sequence[Attachment]] = _nothing
    placeholders: Mapping[str, Placeholder] = field(default_factory=dict)
    wording: Callable[[Notice], Wording] | None = None
    label: str | Promise = ""
    when: str | Promise = ""
    why: str | Promise = ""
    group: MessageGroup = MessageGroup.ACCOUNT
    is_listed: bool = True
    for_roles: frozenset[Role] = frozenset()
    is_necessary: bool = False
    necessary_because: str | Promise = _BECAUSE
    is_urgent: bool = False
    is_awaited: bool = False
    reaches_inactive: bool = False
    link: Callable[[Notice], str] = _no_text
    link_text: str | Promise = _LINK_TEXT
    summary: Callable[[Notice], str] = _no_text
    has_secret: bool = False
    is_posted: bool = True

    @property
    def has_attachments(self) -> bool:
        return self.attachments is not _nothing

    @property
    def all_placeholders(self) -> dict[str, Placeholder]:
        """Its own placeholders, and those that every message has."""
        return {**self.placeholders, **common_placeholders()}


def common_placeholders() -> dict[str, Placeholder]:
    """Give what every text can name, whatever it is about."""
    return {
        "recipient_name": Placeholder(_("The full name of whoever gets it"), "Nadia Rahman"),
        "site_name": Placeholder(_("The name of this site"), site_name(), in_subject=True),
        "site_url": Placeholder(
            _("The address of this site's home page"), f"{settings.SITE_URL}/", is_link=True
        ),
    }


class UnknownKind(LookupError):
    """No app has handed down a kind of this name."""


_kinds: dict[str, NoticeKind] = {}


def register_kind(kind: NoticeKind) -> None:
    """Make a kind known. Once for a code: a second, different one is a mistake.

    Raises: ValueError when another kind has this code; or when one with a secret could be chosen
    to be read on the site: only the e-mail has its text.
    """
    if kind.has_secret and kind.is_listed and not kind.is_necessary:
        raise ValueError(f"{kind.code!r} has a secret: it must be necessary, or not listed.")
    if _kinds.setdefault(kind.code, kind) != kind:
        raise ValueError(f"There are two kinds of notice called {kind.code!r}.")


def kind_for(code: str) -> NoticeKind:
    """Find a kind by its code. Raises: UnknownKind."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(code) from None


def registered_kinds() -> list[NoticeKind]:
    """List the kinds that were handed down, by code."""
    return [_kinds[code] for code in sorted(_kinds)]
