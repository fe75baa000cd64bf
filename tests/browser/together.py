"""Tests that share something large run in one process, also when pytest is given several.

`--dist loadgroup` should do it by the mark `xdist_group`. With pytest 9.2 and xdist 3.8 it does not
(https://github.com/pytest-dev/pytest-xdist/issues/1386), and each process would start the site.
"""

import pytest

TOGETHER = ("tests/browser/", "tests/workers/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """Hand out tests one by one, those of such a folder all at once. tests/conftest.py has it."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)

    return Together(config, log)
