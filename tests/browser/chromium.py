"""The Chromium that is found on this computer, or the news that there is none."""

import os
import shutil
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but our own site: a page that asks for more fails.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
]
LEFT_OUT = "browser journeys: no Chromium found, left out"


def find_chromium() -> str | None:
    """Find its path. Raises: UsageError when REQUIRE_BROWSER=1 says that it must be there."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(
            f"REQUIRE_BROWSER=1, and none of {', '.join(NAMES)} is on the PATH."
        )
    return found


_said = pytest.StashKey[bool]()


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say in one line that the journeys are left out. tests/conftest.py passes it on to pytest."""
    return _left_out(config)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say it at the end where nobody passed the header on."""
    if line := _left_out(config):
        terminalreporter.write_line(line)


def _left_out(config: pytest.Config) -> str | None:
    if find_chromium() or config.stash.get(_said, False):
        return None
    config.stash[_said] = True
    return LEFT_OUT
