"""What proves a completion: a higher app says so, since this one may not ask it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """A proof in words, where its holder finds it, and where anybody can check it."""

    text: str
    url: str
    check_url: str


# Completions by their keys → the proofs of those that have one.
Finder = Callable[[Collection[int]], dict[int, Proof]]
_finders: list[Finder] = []


def register_proofs(finder: Finder) -> None:
    """Say where proofs of completions are found; an app does so from `AppConfig.ready`."""
    if finder not in _finders:
        _finders.append(finder)


def proofs_of(completions: Collection[int]) -> dict[int, Proof]:
    """Find what proves the completions with these keys. One query for each app that registered."""
    found: dict[int, Proof] = {}
    for finder in _finders if completions else ():
        found |= finder(completions)
    return found
