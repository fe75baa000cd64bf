"""A database and a folder for one run, gone when it ends."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit


@contextmanager
def scratch() -> Iterator[str]:
    """Set Django up on an empty, migrated database, and say in a word which kind it is.

    A SQLite file, unless DATABASE_URL names a PostgreSQL server: then a database of our own there.
    The database that DATABASE_URL itself names is never touched.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what follows is cleaned up
    given = os.environ.get("DATABASE_URL", "")
    with TemporaryDirectory(prefix="bench-") as folder:
        Path(folder, "static").mkdir()
        os.environ.update(DJANGO_SETTINGS_MODULE="bench.settings", VAR_DIR=folder)
        os.environ.pop("REDIS_URL", None)
        if given.startswith("postgres"):
            with _postgres_database(given) as url:
                yield from _set_up(url, "PostgreSQL")
        else:
            yield from _set_up(f"sqlite:///{folder}/bench.sqlite3", "SQLite")


def _set_up(url: str, kind: str) -> Iterator[str]:
    os.environ["DATABASE_URL"] = url
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    try:
        yield kind
    finally:
        connections.close_all()


@contextmanager
def _postgres_database(given: str) -> Iterator[str]:
    import psycopg
    from psycopg.sql import SQL, Identifier

    parts = urlsplit(given)
    name = f"bench_{os.getpid()}"
    server = urlunsplit(parts._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
