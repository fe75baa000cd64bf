"""The helpers of these tests see what they are there to see: a page is spoilt, and they say so."""

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import assert_accessible
from tests.browser.keyboard import assert_focus_is_seen
from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_script_in_the_page_is_refused_and_noticed(page: Page, site: Site, watch: Watch) -> None:
    page.goto(site.url)
    page.evaluate(
        "() => { const script = document.createElement('script');"
        " script.textContent = 'window.ran = true'; document.body.append(script); }"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in problem for problem in watch.problems)
    watch.problems.clear()


def test_a_picture_from_elsewhere_is_refused_and_noticed(
    page: Page, site: Site, watch: Watch
) -> None:
    page.goto(site.url)
    with page.expect_console_message():
        page.evaluate("() => { new Image().src = 'https://example.org/pixel.png' }")
    assert any("Content Security Policy" in problem for problem in watch.problems)
    watch.problems.clear()


def test_an_unexpected_refusal_and_a_script_error_are_noticed(
    page: Page, site: Site, watch: Watch
) -> None:
    page.goto(site.address("/there-is-no-such-page/"))
    with page.expect_event("pageerror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('spoilt') }) }")
    assert any(problem.startswith("404") for problem in watch.problems)
    assert any("spoilt" in problem for problem in watch.problems)
    watch.problems.clear()


def test_a_picture_without_words_is_a_violation(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.evaluate("() => document.querySelector('main img').removeAttribute('alt')")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


def test_a_page_that_scrolls_sideways_is_noticed(page: Page, site: Site) -> None:
    page.goto(site.address("/check/"))
    page.evaluate("() => { document.querySelector('h1').style.width = '500px' }")
    with pytest.raises(AssertionError, match="320 px, too wide: <h1"):
        assert_accessible(page)


def test_a_focus_that_nothing_shows_is_noticed(page: Page, site: Site) -> None:
    page.goto(site.address("/check/"))
    page.keyboard.press("Tab")
    assert_focus_is_seen(page)
    page.evaluate(
        "() => { const style = document.activeElement.style;"
        " style.setProperty('outline', 'none', 'important');"
        " style.setProperty('box-shadow', 'none', 'important'); }"
    )
    with pytest.raises(AssertionError, match="Nothing shows that this has the focus"):
        assert_focus_is_seen(page)
