"""Every screen meets WCAG 2.2 AA as far as axe sees, and none scrolls sideways at 320 px."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.accounts import Person, fill_sign_in, sign_out, sign_up
from tests.browser.lessons import (
    COURSE,
    answer_everything,
    fill_in,
    finish,
    kind_of,
    open_questions,
    send_answer,
)
from tests.browser.mailbox import Mailbox
from tests.browser.people import STUDENT, Scenes
from tests.browser.screens import SCREENS, Screen, Visit, one_time_code
from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name.replace(" ", "-"))
def test_screen(
    screen: Screen, page_of, new_page, site: Site, mailbox: Mailbox, scenes: Scenes, watch: Watch
) -> None:
    watch.expect(*screen.refuses)
    page = page_of(screen.who, screen.password or scenes.password) if screen.who else new_page()
    screen.way(Visit(page, site, mailbox, scenes))
    assert_accessible(page)


@pytest.mark.parametrize("number", range(1, 7))
def test_lesson_before_and_after_answering(
    number: int, page_of, site: Site, scenes: Scenes, watch: Watch
) -> None:
    """As it opens, refused with questions left, and each kind unanswered, wrong and right."""
    watch.expect(422)
    page: Page = page_of(STUDENT, scenes.password)
    page.goto(site.address(scenes.lessons[number - 1]))
    assert_accessible(page)

    finish(page)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert_accessible(page, within=".govuk-error-summary")

    seen = set()
    for anchor in open_questions(page):
        section = page.locator(f"[id='{anchor}']")
        kind = kind_of(section)
        if kind in seen:
            continue
        seen.add(kind)
        section.get_by_role("button").click()
        expect(section.get_by_role("alert")).to_be_visible()
        assert_accessible(page, within=f"[id='{anchor}']")
        if kind != "scenario":
            fill_in(section, rightly=False)
            send_answer(page, anchor)
            assert_accessible(page, within=f"[id='{anchor}']")
            section.get_by_role("link", name="Try again").click()
        fill_in(section)
        send_answer(page, anchor)
    answer_everything(page)
    assert_accessible(page)


def test_two_step_sign_in(page: Page, site: Site, mailbox: Mailbox) -> None:
    """Switched on, used, and switched off again."""
    person = Person("two.steps@example.net")
    page.goto(site.address(f"/accounts/signup/?next={COURSE}"))
    sign_up(page, mailbox, person)
    main = page.get_by_role("main")

    page.goto(site.address("/account/security/"))
    main.get_by_role("link", name="Set up Authenticator app").click()
    confirm_password(page, person)
    page.get_by_text("I cannot scan it").click()
    key = page.locator(".app-code").inner_text().strip()
    assert_accessible(page)
    main.get_by_label("Code from the app").fill("000000")
    main.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)
    main.get_by_label("Code from the app").fill(one_time_code(key))
    main.get_by_role("button", name="Switch it on").click()
    expect(main).not_to_contain_text("Open the authenticator app")
    assert_accessible(page)
    page.goto(site.address("/accounts/2fa/recovery-codes/"))
    assert_accessible(page)
    recovery_code = re.search(r"\b[0-9a-f]{8}\b", main.inner_text())
    assert recovery_code
    page.goto(site.address("/account/security/"))
    assert_accessible(page)

    sign_out(page)
    page.goto(site.address("/accounts/login/"))
    fill_sign_in(page, person.email, person.password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Show that it is you")
    assert_accessible(page)
    main.get_by_label("Code").fill(recovery_code.group())
    main.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My learning")

    page.goto(site.address("/accounts/2fa/totp/deactivate/"))
    confirm_password(page, person)
    assert_accessible(page)
    main.get_by_role("button", name="Switch it off").click()
    expect(main.get_by_role("link", name="Set up Authenticator app")).to_be_visible()


def confirm_password(page: Page, person: Person) -> None:
    """Some steps ask for the password again, some time after the last."""
    if "reauthenticate" not in page.url:
        return
    assert_accessible(page)
    page.locator("input[type=password]").fill(person.password)
    page.locator("main form button[type=submit]").last.click()
