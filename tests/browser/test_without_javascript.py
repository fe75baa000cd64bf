"""The whole way with scripts switched off. Axe needs scripts, so it looks elsewhere."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import Person, sign_up
from tests.browser.documents import text_of_pdf
from tests.browser.lessons import COURSE, begin_course, take_every_lesson
from tests.browser.mailbox import Mailbox
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_from_signing_up_to_the_certificate(new_page, site: Site, mailbox: Mailbox) -> None:
    page: Page = new_page(java_script_enabled=False)
    person = Person("no.scripts@example.net")
    page.goto(site.address(COURSE))
    assert page.locator("body.js-enabled").count() == 0
    page.get_by_role("button", name="Create an account to start").click()
    sign_up(page, mailbox, person)

    begin_course(page)
    take_every_lesson(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("You have completed the course")
    (attached,) = mailbox.next_to(person.email).iter_attachments()
    assert person.name in text_of_pdf(attached.get_content())
    page.goto(site.address("/certificates/"))
    page.get_by_role("main").get_by_role("link", name="Hidden Sentence", exact=True).click()
    code = page.locator(".app-code").inner_text()
    page.goto(site.address("/check/"))
    page.get_by_label("Verification code").fill(code)
    page.get_by_role("button", name="Check this code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This certificate is valid")


def test_the_menus_are_there_on_a_small_telephone(new_page, site: Site, page_of, scenes) -> None:
    page = page_of(
        "newcomer@example.net",
        scenes.password,
        java_script_enabled=False,
        viewport={"width": 320, "height": 640},
    )
    page.goto(site.address("/my-learning/"))
    expect(page.get_by_role("navigation").get_by_role("link", name="Courses")).to_be_visible()
    page.locator("summary").filter(has_text="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("navigation").get_by_role("link", name="Sign in")).to_be_visible()
