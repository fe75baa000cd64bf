"""The kinds of message the site can send. Domain apps hand theirs down from `AppConfig.ready`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from notifications.models import Notice


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    mimetype: str


def _always(notice: Notice) -> bool:
    return True


def _nothing(notice: Notice) -> Sequence[Attachment]:
    return ()


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One message: how it is worded, what it needs, and whether it still holds.

    `template` is the prefix of three files: `<template>.subject.txt`, `.txt` and `.html`.
    `context` loads what they show. `still_holds` is asked just before sending.
    """

    code: str
    template: str
    context: Callable[[Notice], dict[str, Any]]
    still_holds: Callable[[Notice], bool] = _always
    attachments: Callable[[Notice], Sequence[Attachment]] = _nothing


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
