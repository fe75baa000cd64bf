"""Drawing an attempt's questions from a bank."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class InBank:
    """A question that can be drawn; `times_met` is how often this learner has met it."""

    pk: int
    outcome: str
    times_met: int = 0


def draw(bank: Iterable[InBank], count: int, *, seed: str) -> list[int]:
    """Draw `count` questions, as evenly as can be over the outcomes, in a mixed order.

    No two outcomes differ by more than one question unless the smaller has no more. What is left
    over goes to the outcomes with the most questions the learner has not met. Within an outcome
    those met least come first. The same seed draws the same. A bank that is smaller than `count`
    is drawn whole.
    """

    def mixed(thing: object) -> str:
        return hashlib.sha256(f"{seed}/{thing}".encode()).hexdigest()

    by_outcome: dict[str, list[InBank]] = {}
    for question in sorted(bank, key=lambda q: (q.times_met, mixed(q.pk))):
        by_outcome.setdefault(question.outcome, []).append(question)
    drawn: dict[str, list[InBank]] = {outcome: [] for outcome in by_outcome}
    for _ in range(min(count, sum(map(len, by_outcome.values())))):
        outcome = min(
            (outcome for outcome, left in by_outcome.items() if left),
            key=lambda name: (
                len(drawn[name]),
                -sum(not question.times_met for question in by_outcome[name]),
                mixed(name),
            ),
        )
        drawn[outcome].append(by_outcome[outcome].pop(0))
    found = [question.pk for questions in drawn.values() for question in questions]
    return sorted(found, key=mixed)
