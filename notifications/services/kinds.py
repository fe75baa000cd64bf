"""The kinds of message the site can send. Domain apps hand theirs down from `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.core.site import site_name
from notifications.models import Notice

if TYPE_CHECKING:
    from notifications.services.wording import Wording


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    mimetype: str


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


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One message: how it is worded, what it needs, and whether it still holds.

    `template` is the prefix of two files, `<template>.subject.txt` and `<template>.txt`: the text
    until somebody changes it in the admin, in light Markdown with placeholders (see rendering).
    `context` loads what `placeholders` name, as plain strings or lists of entries. `still_holds` is
    asked just before sending. `why` tells the reader why they get it, placeholders and all;
    `when` tells the editor when it goes out.
    A message that `is_necessary` goes even to an address that has returned another.
    `wording` replaces the text for one notice, with what its placeholders stand for.
    """

    code: str
    template: str
    context: Callable[[Notice], Mapping[str, Value]]
    still_holds: Callable[[Notice], bool] = _always
    attachments: Callable[[Notice], Sequence[Attachment]] = _nothing
    placeholders: Mapping[str, Placeholder] = field(default_factory=dict)
    label: str | Promise = ""
    when: str | Promise = ""
    why: str | Promise = ""
    is_necessary: bool = False
    wording: Callable[[Notice], Wording] | None = None

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

    Raises: ValueError when another kind has this code.
    """
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
