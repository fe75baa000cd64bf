"""What each figure is held against, from ../shared/design/performance.md."""

from dataclasses import dataclass

# At 100 times the data a page may take this much longer, and this many ms are never growth:
# they are the noise of a machine that does other things.
GROWTH, NOISE_MS = 1.25, 0.3


@dataclass(frozen=True)
class Goal:
    """The most `ms` and `queries`; `least` is for figures that should be high.

    `is_flat` says whether it must not grow with the data. `beside` is the best peer or the limit.
    """

    ms: float | None = None
    queries: int | None = None
    least: float | None = None
    is_flat: bool = True
    beside: str = ""

    def __str__(self) -> str:
        parts = [f"≤ {self.ms:g}"] if self.ms is not None else []
        parts += [f"≤ {self.queries} queries"] if self.queries is not None else []
        parts += [f"≥ {self.least:g}"] if self.least is not None else []
        parts += ["flat"] if self.is_flat else []
        return ", ".join(parts)


_WRITE = "peer: 7-8 ms, 8 queries; another 161→846 ms"
_PAGE = "limit: 1.4 ms for a signed-in page of nothing"
GOALS = {
    "a page of nothing": Goal(is_flat=False, beside="limit: 1.4 ms, 1 query"),
    "home": Goal(beside="limit: 5.6 ms, 4 queries, Wagtail as shipped"),
    "catalogue": Goal(is_flat=False, beside="limit: 5 ms, 3 queries, 20 rows"),
    "course page, 10 lessons": Goal(6, 8, beside="peer: 19 ms, 16 queries"),
    "course page, 100 lessons": Goal(7, 8, beside="peer: 23 ms"),
    "course page, 1,000 lessons": Goal(12, 8, beside="peer: 72 ms"),
    "lesson page": Goal(beside=_PAGE),
    "answer": Goal(8, 8, beside=_WRITE),
    "finish a lesson": Goal(8, 8, beside=_WRITE),
    "finish a lesson of 1,000": Goal(8, 8, beside=_WRITE),
    "finish the course: completion, award": Goal(8, 8, beside=_WRITE),
    "assessment: a question saved": Goal(8, 8, beside=_WRITE),
    "assessment: handed in": Goal(8, 8, beside=_WRITE),
    "assessment: results": Goal(beside=_PAGE),
    "assessment: figures of its questions": Goal(
        25, 6, is_flat=False, beside="limit: 302 ms, raw group-by over 1,000,000 rows"
    ),
    "my learning": Goal(beside=_PAGE),
    "check a certificate": Goal(beside=_PAGE),
    "my certificates": Goal(beside=_PAGE),
    "certificate PDF": Goal(17, beside="peer: 42 ms, a ticket by reportlab"),
    "course page, requests a second": Goal(least=300, is_flat=False, beside="peer: 98"),
    "64 answers at once, ms to the last": Goal(
        is_flat=False, beside="limit: 1,400 writes a second"
    ),
    "worker memory, MB": Goal(130, is_flat=False, beside="peer: 131"),
    "start to first page, ms": Goal(2300, is_flat=False, beside="peer: 2,300"),
}
