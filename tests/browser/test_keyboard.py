"""Without a mouse: every key press is one a keyboard has, and the focus can always be seen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import PASSWORD
from tests.browser.keyboard import (
    assert_focus_is_seen,
    choose_option,
    choose_radio,
    tab_to,
    tab_to_and_press,
    tab_to_and_type,
)
from tests.browser.lessons import COURSE, kind_of, open_questions
from tests.browser.mailbox import Mailbox
from tests.browser.people import NEWCOMER, Scenes
from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_signing_in_and_out(page: Page, site: Site, scenes: Scenes) -> None:
    page.goto(site.url)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    assert_focus_is_seen(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    page.goto(site.address("/accounts/login/"))
    main = page.get_by_role("main")
    tab_to_and_type(page, main.get_by_label("E-mail address"), NEWCOMER)
    tab_to_and_type(page, main.get_by_label("Password", exact=True), scenes.password)
    tab_to_and_press(page, main.get_by_label("Keep me signed in"), "Space")
    expect(main.get_by_label("Keep me signed in")).to_be_checked()
    tab_to_and_press(page, main.get_by_role("button", name="Sign in", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("My learning")

    tab_to_and_press(page, page.locator("summary").filter(has_text="Your account"))
    out = page.get_by_role("button", name="Sign out")
    expect(out).to_be_visible()
    page.keyboard.press("Escape")
    expect(out).to_be_hidden()
    page.keyboard.press("Enter")
    tab_to_and_press(page, out)
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_attached()


def test_signing_up_and_taking_the_whole_course(page: Page, site: Site, mailbox: Mailbox) -> None:
    page.goto(site.address(f"/accounts/signup/?next={COURSE}"))
    main = page.get_by_role("main")
    tab_to_and_type(page, main.get_by_label("Full name"), "Zoë Ñandú")
    choose_option(page, main.get_by_label("Your work"), "Health visitor or nurse")
    tab_to_and_type(page, main.get_by_label("E-mail address"), "keyboard@example.net")
    tab_to_and_type(page, main.get_by_label("Choose a password"), PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code from your e-mail")
    tab_to_and_type(
        page, page.get_by_label("Code", exact=True), mailbox.code_for("keyboard@example.net")
    )
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.address(COURSE))
    tab_to_and_press(page, main.get_by_role("button", name="Start the course"))

    kinds = set()
    for number in range(1, 7):
        expect(page.get_by_text(f"Lesson {number} of 6")).to_be_visible()
        for anchor in open_questions(page):
            kinds.add(answer_by_keyboard(page, anchor))
        tab_to_and_press(page, page.get_by_role("button", name="Finish this lesson"))

    assert kinds == {"single", "several", "true_false", "order", "short", "scenario"}
    expect(page.get_by_role("heading", level=1)).to_have_text("You have completed the course")
    tab_to_and_press(page, page.get_by_role("main").get_by_role("button", name="My certificates"))
    expect(page.get_by_role("heading", level=1)).to_have_text("My certificates")


def answer_by_keyboard(page: Page, anchor: str) -> str:
    """Answer a question, hear what became of it, and go on from there."""
    section = page.locator(f"[id='{anchor}']")
    kind = kind_of(section)
    if kind == "short":
        tab_to_and_type(page, section.get_by_role("textbox"), "early")
    elif kind == "order":
        for place, items in enumerate(section.get_by_role("combobox").all(), start=1):
            choose_option(page, items, str(place))
    elif kind == "several":
        for box in section.get_by_role("checkbox").all()[:2]:
            tab_to_and_press(page, box, "Space")
    else:
        choose_radio(page, section.get_by_role("radio"), 1)
    tab_to_and_press(page, section.get_by_role("button"))
    result = section.get_by_role("status")
    expect(result).to_be_focused()
    assert_focus_is_seen(page)
    return kind


def test_an_error_is_where_the_focus_goes(page: Page, site: Site, watch: Watch) -> None:
    watch.expect(422)
    page.goto(site.address("/check/"))
    code = page.get_by_label("Verification code")
    tab_to_and_press(page, page.get_by_role("button", name="Check this code"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    tab_to(page, page.get_by_role("link", name=re.compile("Enter the code")))
    page.keyboard.press("Enter")
    expect(code).to_be_focused()
    assert_focus_is_seen(page)
