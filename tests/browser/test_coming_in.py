"""The doors: password, code by e-mail, a new password; and that there is only one door."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import Person, enter_code, fill_sign_in, sign_in, sign_out, sign_up
from tests.browser.mailbox import Mailbox
from tests.browser.people import NEWCOMER, Scenes
from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOME = "My learning"


def test_signing_in_by_a_code_and_out(
    page: Page, site: Site, mailbox: Mailbox, scenes: Scenes
) -> None:
    page.goto(site.address("/accounts/login/"))
    page.get_by_role("button", name="E-mail me a code").click()
    page.get_by_label("E-mail address").fill(NEWCOMER)
    page.get_by_role("button", name="E-mail me a code").click()

    enter_code(page, mailbox.code_for(NEWCOMER))
    expect(page.get_by_role("heading", level=1)).to_have_text(HOME)

    sign_out(page)
    page.goto(site.address("/my-learning/"))
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/my-learning/"))


def test_a_wrong_code_is_said_and_the_right_one_still_works(
    page: Page, site: Site, mailbox: Mailbox, scenes: Scenes
) -> None:
    page.goto(site.address("/accounts/login/code/"))
    page.get_by_label("E-mail address").fill(NEWCOMER)
    page.get_by_role("button", name="E-mail me a code").click()
    code = mailbox.code_for(NEWCOMER)

    enter_code(page, "WRONG1")
    expect(page.get_by_role("alert")).to_be_visible()
    enter_code(page, code)

    expect(page.get_by_role("heading", level=1)).to_have_text(HOME)


def test_a_forgotten_password(page: Page, site: Site, mailbox: Mailbox) -> None:
    person = Person("forgotten@example.net")
    page.goto(site.address("/accounts/signup/"))
    sign_up(page, mailbox, person)
    sign_out(page)

    page.goto(site.address("/accounts/login/"))
    page.get_by_role("link", name="I have forgotten my password").click()
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your e-mail")
    page.goto(mailbox.link_for(person.email, "/password/reset/"))
    for field in page.locator("input[type=password]").all():
        field.fill("three muddy otters")
    page.get_by_role("button", name="Save my new password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your password is changed")

    page.goto(site.address("/accounts/login/"))
    fill_sign_in(page, person.email, person.password)
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, site, person.email, "three muddy otters")


def test_an_address_nobody_has_is_told_nothing_else(
    page: Page, site: Site, mailbox: Mailbox
) -> None:
    """What the page says is the same, so that nobody learns who has an account."""
    page.goto(site.address("/accounts/password/reset/"))
    page.get_by_label("E-mail address").fill("nobody@example.net")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your e-mail")
    assert "/password/reset/" not in str(mailbox.next_to("nobody@example.net"))


@pytest.mark.parametrize("door", ["/cms/", "/cms/login/?next=/cms/", "/admin/login/?next=/cms/"])
def test_every_door_of_the_admin_is_the_one_door(door: str, page: Page, site: Site) -> None:
    page.goto(site.address(door))
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))

    fill_sign_in(page, "editor@example.org", "hidden-sentence-demo")

    expect(page).to_have_url(site.address("/cms/"))


def test_the_admins_own_reset_leads_to_ours(page: Page, site: Site) -> None:
    page.goto(site.address("/cms/password_reset/"))
    expect(page).to_have_url(site.address("/accounts/password/reset/"))


def test_a_learner_is_not_let_into_the_admin(
    page: Page, site: Site, scenes: Scenes, watch: Watch
) -> None:
    watch.expect(403)
    sign_in(page, site, NEWCOMER)
    response = page.goto(site.address("/cms/"))
    assert response is not None
    assert response.status == 403
    expect(page.get_by_role("banner")).to_be_visible()  # our page, not a bare refusal
