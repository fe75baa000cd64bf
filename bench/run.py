"""One run: load, measure, load more, measure again; then the table."""

import os
import time

from django.db import connection

from bench.assessments import grow_takers, make_assessed_course
from bench.data import Cast, grow, load_cast
from bench.goals import GOALS
from bench.measure import Measured, Work, add_repetitions
from bench.pages import assessment_works, works
from bench.report import Row, row_of_scales, row_of_server, table
from bench.server import measure_server


def run(*, quick: bool, only: str, where: str) -> None:
    """Measure the rows whose name has `only` in it, at each scale, and print the table."""
    began = time.monotonic()
    scales = [1, 10] if quick else [1, 10, 100]
    cast = load_cast()
    assessed, attempt = make_assessed_course(cast.reader)
    found: dict[str, list[Measured]] = {}
    for scale in scales:
        print(f"×{scale}: loading …", flush=True)
        grow(cast, scale)
        grow_takers(assessed, scale)
        _settle()
        print(f"×{scale}: measuring …", flush=True)
        wanted = [
            work
            for work in [*works(cast), *assessment_works(cast.reader, assessed, attempt)]
            if only in work.name.lower()
        ]
        for name, measured in _measure(wanted, quick=quick).items():
            found.setdefault(name, []).append(measured)
    rows = [row_of_scales(name, all_of, GOALS[name]) for name, all_of in found.items()]
    rows += _server_rows(cast, quick=quick, only=only, scales=len(scales))
    print(f"\n{where}, {time.monotonic() - began:.0f} s. {_how_busy()}\n")
    print(table(rows, scales))


def _how_busy() -> str:
    """Warn when other programs had the processors: then only the CPU column says something."""
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    if load < processors:
        return "Medians; p95 and CPU are of the last scale."
    return f"BUSY: {load:.1f} programs wanted {processors} processors. Repeat when it is quiet."


def _measure(wanted: list[Work], *, quick: bool) -> dict[str, Measured]:
    """Measure in several passes over all the work, so that one slow moment is nobody's alone."""
    passes, repetitions, seconds = (1, 10, 1.0) if quick else (3, 20, 1.0)
    found = {work.name: Measured() for work in wanted}
    for _ in range(passes):
        for work in wanted:
            add_repetitions(work, found[work.name], count=repetitions, seconds=seconds)
    return found


def _server_rows(cast: Cast, *, quick: bool, only: str, scales: int) -> list[Row]:
    names = (
        "course page, requests a second",
        "64 answers at once, ms to the last",
        "worker memory, MB",
        "start to first page, ms",
    )
    wanted = [name for name in names if only in name.lower()]
    if not wanted:
        return []
    print("Served by gunicorn …", flush=True)
    starts, requests, rounds = (1, 10, 1) if quick else (3, 50, 3)
    figures = measure_server(cast, starts=starts, requests=requests, rounds=rounds)
    values = (
        figures.requests_per_second,
        figures.last_answer_ms,
        figures.memory_mb,
        figures.start_ms,
    )
    return [
        row_of_server(name, value, GOALS[name], scales)
        for name, value in zip(names, values, strict=True)
        if name in wanted and value is not None
    ]


def _settle() -> None:
    """Let the database do now what it would do by itself some time after so much was written."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
