"""An installation of the site for one test run: its own folder, database, broker and processes.

Nothing of it is shared with the suite's own database, and everything it starts it also ends.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent


class NeverHappened(AssertionError):
    """What a test waited for did not come within its time."""


def wait_until(
    look: Callable[[], Any], what: str, *, seconds: float = 60, every: float = 0.05
) -> Any:
    """Look again and again until `look` answers with something true; give that back.

    For what has no event to wait for: files and rows that another process writes.
    Raises: NeverHappened after `seconds`.
    """
    last = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        if time.monotonic() > last:
            raise NeverHappened(f"Not within {seconds:g} seconds: {what}")
        time.sleep(every)


@dataclass(frozen=True)
class Installation:
    """Where an installation keeps its things, and how to ask it something."""

    folder: Path
    database_url: str = ""
    redis_url: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_embedded(self) -> bool:
        """Say whether it stands on SQLite and the file-system broker alone."""
        return not self.database_url and not self.redis_url

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def private(self) -> Path:
        return self.folder / "private"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes: ours, without what the suite itself stands on."""
        kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
        urls = {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
            "PYTHONUNBUFFERED": "1",
            "VAR_DIR": str(self.folder),
            "DEBUG": "0",
            **{name: url for name, url in urls.items() if url},
            **self.settings,
        }

    def run(self, *arguments: str) -> Any:
        """Run a Python module with this installation's settings; read the JSON it prints last."""
        done = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, f"{arguments} failed:\n{done.stdout}\n{done.stderr}"
        lines = done.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines else None

    def start(self, name: str, *arguments: str, **environment: str) -> "Started":
        """Start a Python process in a session of its own; its output goes to `<name>.log`.

        It ends with us, also when we are killed before we can end it.
        """
        log = self.folder / f"{name}.log"
        setpriv = shutil.which("setpriv")
        with_us = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
        with log.open("ab") as out:
            process = subprocess.Popen(  # noqa: S603 - our own modules
                [*with_us, sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Started(process, log)

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Read rows over a connection of our own. Placeholders are `%s` on both databases."""
        if self.database_url:
            import psycopg
            from psycopg.rows import dict_row

            with psycopg.connect(self.database_url, row_factory=dict_row) as connection:
                return connection.execute(sql, values).fetchall()
        file = f"file:{self.folder / 'db.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True, timeout=20)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql.replace("%s", "?"), values)]

    @contextmanager
    def held(self, table: str, pk: int) -> Iterator[None]:
        """Hold a row as another transaction would: who wants to change it waits for us."""
        if self.database_url:
            import psycopg

            with psycopg.connect(self.database_url) as connection:
                connection.execute(
                    f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE",  # noqa: S608 - our own name
                    [pk],
                )
                yield
                connection.rollback()
            return
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def messages_waiting(self) -> int:
        """Count the messages nobody has taken from the broker yet."""
        if self.redis_url:
            import redis

            with redis.Redis.from_url(self.redis_url) as client:
                return int(client.llen("celery"))
        return len(self._message_files())

    def forget_messages(self) -> None:
        """Empty the broker, as the file-system broker does itself when a worker is killed."""
        if self.redis_url:
            import redis

            with redis.Redis.from_url(self.redis_url) as client:
                client.delete("celery", "unacked", "unacked_index")
        for file in self._message_files():
            file.unlink()

    def _message_files(self) -> list[Path]:
        return list((self.folder / "queue" / "messages").glob("*.celery.msg"))


@dataclass
class Started:
    """A process that we started, with whatever it started itself."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def says(self, text: str) -> bool:
        """Say whether `text` stands in its output; fail when it has ended before saying so."""
        output = self.log.read_text(errors="replace")
        if text in output:
            return True
        assert self.is_running, f"It has ended with {self.process.returncode}:\n{output[-4000:]}"
        return False

    def descendants(self) -> list[int]:
        """List what it started, and what these started, and so on."""
        children: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:  # it has ended while we looked
                continue
            if fields[0] != "Z":
                children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        found, todo = [], [self.process.pid]
        while todo:
            new = children.get(todo.pop(), [])
            found += new
            todo += new
        return found

    def kill(self) -> None:
        """End it and all it started by SIGKILL: none of them can put anything in order first."""
        victims = [self.process.pid, *self.descendants()]
        for pid in victims:
            send(pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self, number: signal.Signals = signal.SIGTERM, *, seconds: float = 20) -> list[int]:
        """Ask it to end, and make sure that it does; give back what had to be killed."""
        started = self.descendants()
        send(self.process.pid, number)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        left = [pid for pid in started if is_alive(pid)]
        for pid in left:
            send(pid, signal.SIGKILL)
        return left


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process of ours; one that has ended does not mind."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def is_alive(pid: int) -> bool:
    """Say whether a process exists and is more than an entry that nobody has read yet."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@contextmanager
def new_installation(folder: Path, name: str, **settings: str) -> Iterator[Installation]:
    """Give an installation that stands on what the suite stands on, and tidy up after it.

    On PostgreSQL it has a database of its own, on Redis a numbered database that was empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("queue/messages", "queue/processed", "queue/control", "mail", "media"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    with _own_database(name) as database_url, _own_redis() as redis_url:
        yield Installation(folder, database_url, redis_url, settings)


@contextmanager
def _own_database(name: str) -> Iterator[str]:
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgres://", "postgresql://")):
        yield ""
        return
    import psycopg

    own = f"lms_{name}_{os.getpid()}"
    server = urlsplit(url)._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{own}"')
    try:
        yield urlsplit(url)._replace(path=f"/{own}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')


@contextmanager
def _own_redis() -> Iterator[str]:
    """Take the last numbered database that holds nothing, never the suite's own."""
    url = os.environ.get("REDIS_URL", "")
    if not url:
        yield ""
        return
    import redis

    suite = int(urlsplit(url).path.strip("/") or 0)
    mark = f"taken-by-a-test-run-{uuid.uuid4()}"
    for number in (n for n in range(15, -1, -1) if n != suite):
        own = urlsplit(url)._replace(path=f"/{number}").geturl()
        with redis.Redis.from_url(own) as client:
            if client.dbsize() or not client.set("lms-test-run", mark, nx=True, ex=3600):
                continue
            try:
                yield own
            finally:
                client.flushdb()
            return
    raise AssertionError("Every numbered database of Redis holds something.")
