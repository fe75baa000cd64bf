"""SQLite's LIKE for every alphabet: its own ignores the case of A to Z only."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_WILD = {"%": ".*", "_": "."}


def ignore_case_of_every_letter(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let a search on SQLite find 'Łukasz' by 'łuk' and 'Ñuñez' by 'ñuñez', as on PostgreSQL.

    Receives Django's `connection_created`; other databases are left alone.
    """
    if connection.vendor == "sqlite":
        # SQLite writes `x LIKE y ESCAPE z` as like(y, x, z), and without ESCAPE as like(y, x).
        for arguments in (2, 3):
            connection.connection.create_function("like", arguments, _is_like, deterministic=True)


def _is_like(pattern: Any, text: Any, escape: str = "") -> bool | None:
    if pattern is None or text is None:
        return None
    return _matcher(str(pattern), escape)(str(text))


@lru_cache(maxsize=256)
def _matcher(pattern: str, escape: str) -> Callable[[str], bool]:
    parts: list[str] = []
    letters = iter(pattern.casefold())
    for letter in letters:
        if letter == escape:
            parts.append(re.escape(next(letters, "")))
        else:
            parts.append(_WILD.get(letter) or re.escape(letter))
    found = re.compile("".join(parts), re.DOTALL).fullmatch
    return lambda text: found(text.casefold()) is not None
