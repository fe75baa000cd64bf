"""1,000 notices through a real worker and a real mail server, while the worker is killed 20 times.

None is lost. A second copy goes out only where a kill fell between the mail server's acceptance and
our commit, so there are at most as many as kills (times the children of the worker).
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.workers.installation import Installation, Started, new_installation, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("workers")]

NOTICES = 1000
KILLS = 20
CHILDREN = 2
# Seconds after which what a killed worker had in hand is taken up. Longer than any sending here, so
# that nobody's claim runs out while they are alive.
LEASE = 15
SEED = int(os.environ.get("UNDER_FIRE_SEED", "20261125"))


@dataclass(frozen=True)
class Range:
    """A site whose mail goes to the sink, and the list of what the sink took."""

    installation: Installation
    taken_file: Path

    def start_worker(self, number: int) -> Started:
        worker = self.installation.start(
            f"worker-{number}",
            *("-m", "celery", "-A", "lms", "worker", "--loglevel", "INFO"),
            *("--concurrency", str(CHILDREN), "-n", f"fire{number}@%h"),
            *("--without-mingle", "--without-gossip", "--without-heartbeat"),
        )
        wait_until(lambda: worker.says(" ready."), "the worker is ready", every=0.02)
        return worker

    def taken(self) -> list[dict[str, Any]]:
        whole_lines = self.taken_file.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole_lines.splitlines()]

    def has_taken(self, count: int) -> bool:
        return self.taken_file.read_bytes().count(b"\n") >= count

    def states(self) -> dict[str, int]:
        rows = self.installation.rows(
            "SELECT state, count(*) AS n FROM notifications_notice GROUP BY state"
        )
        return {row["state"]: row["n"] for row in rows}


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Range]:
    taken_file = tmp_path / "taken.jsonl"
    taken_file.touch()
    settings = {
        "SWEEP_SECONDS": "1",
        "CLAIM_LEASE_SECONDS": str(LEASE),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    }
    with new_installation(tmp_path, "fire", **settings) as installation:
        sink = installation.start("sink", "-m", "tests.workers.sink", str(taken_file))
        try:
            wait_until(lambda: sink.says("listening on port"), "the mail server listens")
            port = sink.log.read_text().split("listening on port ")[1].split(".")[0]
            with_mail = replace(
                installation, settings={**installation.settings, "EMAIL_PORT": port}
            )
            with_mail.run("tests.workers.learner", "ready")
            yield Range(with_mail, taken_file)
        finally:
            sink.kill()


def kill_now_and_again(field: Range, started: list[Started]) -> list[float]:
    """Kill the worker at moments drawn by lot, starting another each time; say when they died.

    Each moment is a while after the sink took the n-th message, with n anywhere in the whole run.
    """
    lots = random.Random(SEED)  # noqa: S311 - to be drawn again the same
    counts = sorted(lots.sample(range(1, NOTICES - 50), KILLS))
    died = []
    for number, count in enumerate(counts, start=1):
        wait_until(lambda n=count: field.has_taken(n), f"message {count} is taken", every=0.001)
        moment = time.monotonic() + lots.uniform(0, 0.05)
        wait_until(lambda at=moment: time.monotonic() >= at, "the moment comes", every=0.001)
        started[-1].kill()
        died.append(time.monotonic())
        started.append(field.start_worker(number))
    return died


def test_none_is_lost_and_second_copies_are_explained(
    field: Range, capsys: pytest.CaptureFixture[str]
) -> None:
    field.installation.run("tests.workers.outbox", "enqueue", str(NOTICES))
    assert field.states() == {"waiting": NOTICES}

    began = time.monotonic()
    schedule = field.installation.folder / "beat"
    beat = field.installation.start(
        "beat", "-m", "celery", "-A", "lms", "beat", "--schedule", str(schedule)
    )
    started = [field.start_worker(0)]
    try:
        died = kill_now_and_again(field, started)
        wait_until(
            lambda: field.states() == {"sent": NOTICES}, "all are sent", seconds=120, every=0.2
        )
        seconds = time.monotonic() - began
    finally:
        for process in [beat, *started]:
            if process.is_running:
                process.kill()

    taken = field.taken()
    copies = Counter(message["id"] for message in taken)
    expected = {
        f"<under-fire-{row['recipient_id']}@localhost>"
        for row in field.installation.rows("SELECT recipient_id FROM notifications_notice")
    }
    lost = expected - set(copies)
    assert not lost, f"{len(lost)} of {NOTICES} messages are lost."
    assert set(copies) == expected, "A message went out under another name."
    assert all(len(message["to"]) == 1 for message in taken)

    second = len(taken) - NOTICES
    by_kill = Counter(kill_behind(message, taken, died) for message in later_copies(taken))
    attempts = field.installation.rows("SELECT sum(attempts) AS n FROM notifications_notice")[0][
        "n"
    ]
    with capsys.disabled():
        print(
            f"\nOutbox under fire ({'SQLite' if field.installation.is_embedded else 'PostgreSQL'},"
            f" seed {SEED}): {NOTICES} notices, {KILLS} kills, {len(taken)} taken by the mail"
            f" server, {second} second copies, {int(attempts) - NOTICES} taken up again,"
            f" {seconds:.0f} seconds"
        )
    assert all(count <= CHILDREN for count in by_kill.values()), by_kill
    assert second <= KILLS * CHILDREN
    assert int(attempts) - NOTICES <= KILLS * CHILDREN, "Something was tried again without a kill."


def later_copies(taken: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """List the second and further copies, as they were taken."""
    seen: set[str] = set()
    later = []
    for message in taken:
        if message["id"] in seen:
            later.append(message)
        seen.add(message["id"])
    return later


def kill_behind(copy: dict[str, Any], taken: list[dict[str, Any]], died: list[float]) -> float:
    """Find the kill that explains a copy: the first one after the copy before it was taken.

    Fails for a copy without one: then something is sent twice outside the window.
    """
    before = max(m["at"] for m in taken if m["id"] == copy["id"] and m["at"] < copy["at"])
    return next(at for at in died if before < at < copy["at"])
