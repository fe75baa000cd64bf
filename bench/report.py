"""The table: what was measured beside what it is held against."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.goals import GROWTH, NOISE_MS, Goal
from bench.measure import Measured


@dataclass(frozen=True)
class Row:
    name: str
    queries: list[str]
    figures: list[str]
    p95: str
    cpu: str
    goal: Goal
    missed: list[str]

    @property
    def verdict(self) -> str:
        if str(self.goal) == "":
            return ""
        return f"over goal: {', '.join(self.missed)}" if self.missed else "within goal"


def row_of_scales(name: str, found: Sequence[Measured], goal: Goal) -> Row:
    """Judge what was found at the scales, of which the last is the largest.

    Growth is judged by the quickest tenth: what other programs take makes medians wander.
    """
    first, last = found[0], found[-1]
    missed = []
    if goal.ms is not None and last.median > goal.ms:
        missed.append("time")
    if goal.queries is not None and last.queries > goal.queries:
        missed.append("queries")
    if last.queries > first.queries or last.quickest > first.quickest * GROWTH + NOISE_MS:
        missed += ["grows"] if goal.is_flat else []
    return Row(
        name,
        [str(one.queries) for one in found],
        [_written(one.median) for one in found],
        _written(last.p95),
        _written(last.cpu),
        goal,
        missed,
    )


def row_of_server(name: str, figure: float, goal: Goal, scales: int) -> Row:
    """Judge a figure that was taken with the largest data only."""
    missed = []
    if goal.ms is not None and figure > goal.ms:
        missed.append("too high")
    if goal.least is not None and figure < goal.least:
        missed.append("too low")
    blank = [""] * (scales - 1)
    return Row(name, ["", *blank], [*blank, _written(figure)], "", "", goal, missed)


def table(rows: Sequence[Row], scales: Sequence[int]) -> str:
    """Draw the rows as Markdown that lines up."""
    heading = [
        "work",
        *(f"queries ×{scale}" for scale in scales),
        *(f"ms ×{scale}" for scale in scales),
        "p95",
        "CPU",
        "goal",
        "",
        "best peer or limit",
    ]
    lines = [heading, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    written = [_line(line, widths, len(scales)) for line in lines]
    written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(written)


def _cells(row: Row) -> list[str]:
    goal = row.goal
    figures = [*row.queries, *row.figures, row.p95, row.cpu]
    return [row.name, *figures, str(goal), row.verdict, goal.beside]


def _line(cells: Sequence[str], widths: Sequence[int], scales: int) -> str:
    numbers = range(1, 2 * scales + 3)
    padded = [
        cell.rjust(width) if column in numbers else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"


def _written(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.1f}"
