"""A worker killed while it packs certificates: the zip file is made once all the same."""

import io
import signal
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.workers.installation import Installation, send, wait_until
from tests.workers.test_killed_worker import (
    Services,
    _people,
    award,
    child_of,
    has_done,
    services,
    times_done,
)

__all__ = ["services"]

pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("workers")]


def bundle(installation: Installation, pk: int) -> dict[str, Any]:
    (row,) = installation.rows("SELECT * FROM certificates_bundle WHERE id = %s", pk)
    return row


def files(installation: Installation, pk: int) -> list[Path]:
    folder = str(bundle(installation, pk)["public_id"]).replace("-", "")
    kept = [path for path in installation.private.rglob("*.zip") if path.is_file()]
    return [path for path in kept if folder in str(path).replace("-", "")]


def notices(installation: Installation, pk: int) -> list[dict[str, Any]]:
    return installation.rows(
        "SELECT * FROM notifications_notice WHERE dedupe_key = %s",
        f"bundle-ready-{public_id(installation, pk)}",
    )


def public_id(installation: Installation, pk: int) -> str:
    text = str(bundle(installation, pk)["public_id"]).replace("-", "")
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


@pytest.fixture
def holder(services: Services) -> str:
    """Somebody whose certificate is made."""
    installation = services.installation
    email = f"z{next(_people)}@example.org"
    completion = int(installation.run("tests.workers.learner", "complete", email)["completion"])
    worker = services.start_worker()
    services.start_beat()
    wait_until(lambda: award(installation, completion)["rendered_at"], "the PDF is made")
    for process in services.started:
        process.kill()
    installation.forget_messages()
    assert not worker.is_running
    return email


def ask(installation: Installation, email: str) -> int:
    return int(installation.run("tests.workers.learner", "bundle", email)["bundle"])


def recover(services: Services, pk: int) -> None:
    installation = services.installation
    worker = services.start_worker()
    services.start_beat()
    wait_until(lambda: bundle(installation, pk)["state"] == "ready", "the file is made")
    seen = times_done(worker, "certificates.make_bundles")
    again = partial(has_done, worker, "certificates.make_bundles", more_than=seen)
    wait_until(again, "the sweep goes on")


def assert_made_once(installation: Installation, pk: int) -> None:
    (path,) = files(installation, pk)
    assert str(path).endswith(bundle(installation, pk)["file_name"])
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert archive.testzip() is None
        (pdf,) = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert archive.read(pdf).startswith(b"%PDF-")
    assert len(notices(installation, pk)) == 1


@contextmanager
def kept_from_saying(installation: Installation, pk: int) -> Iterator[None]:
    """Hold a worker where it would say that the file is made: it writes a message to its reader.

    On PostgreSQL that needs the reader's row, which is held. SQLite can hold no single row: there
    writing a message takes long.
    """
    if installation.database_url:
        with installation.held("accounts_user", bundle(installation, pk)["asked_by_id"]):
            yield
        return
    run_script(installation, SLOW)
    yield
    run_script(installation, "DROP TRIGGER slow_notice; DROP VIEW long_count;")


# Counting so far takes minutes; nobody waits for its end.
SLOW = """
    CREATE VIEW long_count AS
        WITH RECURSIVE numbers(n) AS
            (VALUES(1) UNION ALL SELECT n + 1 FROM numbers LIMIT 4000000000)
        SELECT count(*) AS n FROM numbers;
    CREATE TRIGGER slow_notice BEFORE INSERT ON notifications_notice
        BEGIN SELECT n FROM long_count; END;
"""


def run_script(installation: Installation, script: str) -> None:
    file = installation.folder / "db.sqlite3"
    with closing(sqlite3.connect(file, timeout=20)) as connection:
        connection.executescript(script)


def test_killed_before_it_could_take_it(services: Services, holder: str) -> None:
    """The message is lost with the worker; the row is not."""
    installation = services.installation
    pk = ask(installation, holder)
    installation.forget_messages()
    assert (bundle(installation, pk)["attempts"], bundle(installation, pk)["state"]) == (
        0,
        "making",
    )
    recover(services, pk)
    assert_made_once(installation, pk)


def test_killed_with_the_file_stored_but_not_yet_said(services: Services, holder: str) -> None:
    """The file that nobody knows of goes; another worker makes the one that stays."""
    installation = services.installation
    worker = services.start_worker()
    child = child_of(worker)
    send(child, signal.SIGSTOP)
    pk = ask(installation, holder)
    wait_until(lambda: worker.says("certificates.make_bundle["), "the worker takes the task")
    with kept_from_saying(installation, pk):
        send(child, signal.SIGCONT)
        wait_until(lambda: files(installation, pk), "the worker stores the file")
        worker.kill()
    assert bundle(installation, pk)["state"] == "making"
    assert notices(installation, pk) == []

    recover(services, pk)
    assert bundle(installation, pk)["attempts"] == 2
    assert_made_once(installation, pk)
