import os

import pytest
from django.core.cache import cache

from lms.core.models import SITE_CACHE_KEY
from lms.core.site import SiteIdentity
from lms.pages.queries import CACHE_KEY

# Hooks that only the outermost conftest may have.
from tests.browser.chromium import pytest_report_header  # noqa: F401
from tests.browser.together import pytest_xdist_make_scheduler  # noqa: F401


@pytest.fixture(autouse=True)
def _empty_cache():
    """What one test counted (throttles, sessions) is not the next one's business.

    The frame of a page stands in the cache on a site that runs; so it does here, where queries are
    counted. Tests of what it shows empty the cache first.
    """
    cache.clear()
    cache.set(SITE_CACHE_KEY, SiteIdentity("Family Approach", "Family Approach"))
    cache.set(CACHE_KEY, [])


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """With NO_SKIPS=1 (continuous integration) a skipped test is a failure: see the exit code."""
    if os.environ.get("NO_SKIPS") == "1" and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("Skipped tests are not allowed here.", red=True)


def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NO_SKIPS") == "1" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
