"""The real site, started as `make run` does: web server, worker and beat."""

import json
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.workers.installation import ROOT, Installation, Started, new_installation, wait_until

# Nobody answers there: the screens show what people see then.
AGENCY = json.dumps(
    [
        {
            "id": "vale",
            "name": "Vale Council",
            "client_id": "lms",
            "secret": "none",
            "server_url": "http://127.0.0.1:1",
            "domains": ["vale.gov.uk"],
        }
    ]
)


@dataclass(frozen=True)
class Site:
    url: str
    installation: Installation

    def address(self, path: str) -> str:
        return self.url + path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_site(folder: Path, name: str = "browser", *, before: str = "") -> Iterator[Site]:
    """Start the site on a free port, wait until it answers, and end all of it afterwards.

    `before` is a module that is run first, on the database as it comes.
    """
    # The file-system broker gives one message a second: the sweeps must leave room for the rest.
    settings = {"SWEEP_SECONDS": "6", "CLAIM_LEASE_SECONDS": "5", "OIDC_PROVIDERS": AGENCY}
    with new_installation(folder, name, **settings) as installation:
        if before:
            installation.run(before)
        port = free_port()
        site = Site(f"http://localhost:{port}", installation)
        process = installation.start("site", str(ROOT / "scripts" / "run.py"), PORT=str(port))
        try:
            wait_until(lambda: answers(site, process), "the site answers", seconds=180, every=0.2)
            yield site
        finally:
            left = process.stop(signal.SIGINT)
        assert not left, f"Ctrl-C left processes behind, now killed: {left}"


def answers(site: Site, process: Started) -> bool:
    output = process.log.read_text(errors="replace")
    assert process.is_running, f"The site has ended:\n{output[-4000:]}"
    try:
        with urllib.request.urlopen(site.url, timeout=10) as response:  # noqa: S310 - our own
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
