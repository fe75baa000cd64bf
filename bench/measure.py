"""Timing and counting one piece of work."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

WARM_UP = 4
# Statements that SQLite sends to begin a transaction, as PostgreSQL's driver does by itself.
_NOT_COUNTED = ("BEGIN",)


@dataclass(frozen=True)
class Work:
    """`ready(n)` prepares the n-th repetition, untimed, and returns what is timed."""

    name: str
    ready: Callable[[int], Callable[[], None]]


@dataclass
class Measured:
    """What was found at one scale: the queries of one repetition, and the time of each.

    `cpu_ms` is the part of it that this process computed. The rest is the database, and waiting
    for a processor where other work holds them.
    """

    queries: int = 0
    ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    done: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.ms)

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpu_ms)

    @property
    def quickest(self) -> float:
        return percentile(self.ms, 10)

    @property
    def p95(self) -> float:
        return percentile(self.ms, 95)


def percentile(values: Sequence[float], percent: int) -> float:
    """Find the smallest of `values` that `percent` of them do not exceed."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1]


def add_repetitions(work: Work, found: Measured, *, count: int, seconds: float) -> None:
    """Warm up, then time `work` up to `count` times, ending early after `seconds` of it."""
    for _ in range(WARM_UP):
        found.queries = _count_queries(work.ready(found.done))
        found.done += 1
    gc.collect()
    end = time.perf_counter() + seconds
    for _ in range(count):
        do = work.ready(found.done)
        began, cpu_began = time.perf_counter(), time.thread_time()
        do()
        ended, cpu_ended = time.perf_counter(), time.thread_time()
        found.ms.append((ended - began) * 1000)
        found.cpu_ms.append((cpu_ended - cpu_began) * 1000)
        found.done += 1
        if ended > end:
            break


def _count_queries(do: Callable[[], None]) -> int:
    """Count the statements sent while `do` runs, savepoints among them: each is a round trip."""
    counted = 0

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal counted
        counted += not sql.startswith(_NOT_COUNTED)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        do()
    return counted
