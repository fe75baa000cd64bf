from collections.abc import Iterator

import pytest

from tests.workers.installation import Installation, new_installation


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A site with its course loaded and no process running, on what the suite stands on."""
    folder = tmp_path_factory.mktemp("worker-installation")
    # The file-system broker gives one message a second; two sweeps must leave room for the rest.
    settings = {"SWEEP_SECONDS": "3", "CLAIM_LEASE_SECONDS": "3"}
    with new_installation(folder, "workers", **settings) as made:
        made.run("tests.workers.learner", "ready")
        yield made
