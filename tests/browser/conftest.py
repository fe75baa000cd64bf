"""One site and one browser for all journeys; a context of its own for every device."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.accounts import sign_in
from tests.browser.chromium import (
    ARGUMENTS,
    find_chromium,
    pytest_report_header,
    pytest_terminal_summary,
)
from tests.browser.mailbox import Mailbox
from tests.browser.people import Scenes, scenes_from
from tests.browser.site import Site, running_site
from tests.browser.watch import Watch

CHROMIUM = find_chromium()
expect.set_options(timeout=20_000)  # two cores may have much else to do
collect_ignore_glob = [] if CHROMIUM else ["test_*.py"]

__all__ = ["pytest_report_header", "pytest_terminal_summary"]


# Of the package, not the session: while Playwright runs, Django's ORM refuses to work in this
# process, so it must have ended before other tests begin.
@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def scenes(site: Site) -> Scenes:
    """People at several points of the way, made through the services."""
    return scenes_from(site.installation)


@pytest.fixture
def mailbox(site: Site) -> Mailbox:
    return Mailbox(site.installation.mail)


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert not watching.problems, "\n".join(watching.problems)


NewDevice = Callable[..., BrowserContext]


@pytest.fixture
def new_device(browser: Browser) -> Iterator[NewDevice]:
    """Open a device: a context that shares nothing with the others."""
    opened: list[BrowserContext] = []

    def open_device(**options: Any) -> BrowserContext:
        context = browser.new_context(
            **{
                "locale": "en-GB",
                "timezone_id": "Europe/London",
                "viewport": {"width": 1280, "height": 900},
                **options,
            }
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        return context

    yield open_device
    for context in opened:
        context.close()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(new_device: NewDevice, watch: Watch) -> NewPage:
    """Open a page on a device of its own, and watch it."""

    def open_page(**options: Any) -> Page:
        context = new_device(**options)
        context.on("page", watch.follow)
        return context.new_page()

    return open_page


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture(scope="package")
def _sessions() -> dict[str, Any]:
    return {}


@pytest.fixture
def page_of(site: Site, new_page: NewPage, _sessions: dict[str, Any]) -> Callable[..., Page]:
    """Open a page on which somebody is signed in, by the form, once for all tests."""

    def open_signed_in(email: str, password: str, **options: Any) -> Page:
        if email not in _sessions:
            first = new_page()
            sign_in(first, site, email, password)
            _sessions[email] = first.context.storage_state()
        return new_page(storage_state=_sessions[email], **options)

    return open_signed_in
