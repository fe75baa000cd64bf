"""Passkeys in a real browser, with an authenticator that exists in Chromium only."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.accounts import Person, fill_sign_in, sign_out, sign_up
from tests.browser.lessons import COURSE
from tests.browser.mailbox import Mailbox
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOME = "My learning"


def give_authenticator(page: Page) -> tuple:
    """Let this page's browser have a device that keeps passkeys and knows its owner's finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools, made["authenticatorId"]


def confirm_password(page: Page, person: Person) -> None:
    if "reauthenticate" in page.url:
        page.locator("input[type=password]").fill(person.password)
        page.get_by_role("button", name="Continue").click()


def add_passkey(page: Page, site: Site, person: Person, name: str = "My phone") -> None:
    page.goto(site.address("/account/security/"))
    page.get_by_role("link", name="Add one Passkeys").click()
    confirm_password(page, person)
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a passkey")
    assert_accessible(page)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add this passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")


def test_added_used_alone_as_second_step_and_removed(
    page: Page, site: Site, mailbox: Mailbox
) -> None:
    person = Person("pass.key@example.net")
    page.goto(site.address(f"/accounts/signup/?next={COURSE}"))
    sign_up(page, mailbox, person)
    give_authenticator(page)
    add_passkey(page, site, person)
    assert "passkey was added" in str(mailbox.next_to(person.email)["Subject"]).lower()

    # Alone, and on to where one was going
    sign_out(page)
    page.goto(site.address("/accounts/login/?next=/certificates/"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My certificates")

    # After a password it is the second step
    sign_out(page)
    page.goto(site.address("/accounts/login/"))
    fill_sign_in(page, person.email, person.password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Show that it is you")
    assert_accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HOME)

    # It says who one is, before something important
    page.goto(site.address("/accounts/2fa/webauthn/"))
    assert_accessible(page)
    page.get_by_role("link", name="Rename My phone").click()
    page.get_by_role("link", name="Use a passkey").click()
    assert_accessible(page)
    page.get_by_role("main").get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Name").fill("Old phone")
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Remove Old phone").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Old phone")
    assert_accessible(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("main")).to_contain_text("No passkeys yet")


def test_a_device_without_the_passkey_says_so_and_leaves_the_other_ways(
    page: Page, site: Site
) -> None:
    devtools, authenticator = give_authenticator(page)
    devtools.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
    )
    page.goto(site.address("/accounts/login/"))
    problem = page.get_by_role("alert").filter(has_text="That did not work")
    expect(problem).to_be_hidden()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(problem).to_be_visible()
    expect(problem).to_be_focused()
    assert_accessible(page)
    expect(page.get_by_label("Password", exact=True)).to_be_enabled()
    expect(page.get_by_role("button", name="E-mail me a code")).to_be_visible()


def test_without_scripts_no_passkey_is_offered_and_the_page_says_why(
    new_page, page_of, site: Site, scenes
) -> None:
    page: Page = new_page(java_script_enabled=False)
    page.goto(site.address("/accounts/login/"))
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    page = page_of("newcomer@example.net", scenes.password, java_script_enabled=False)
    page.goto(site.address("/accounts/2fa/webauthn/add/"))
    if "reauthenticate" in page.url:
        page.locator("input[type=password]").fill(scenes.password)
        page.get_by_role("button", name=re.compile("Continue")).click()
    expect(page.get_by_role("main")).to_contain_text("This browser cannot use passkeys here")
    expect(page.get_by_role("button", name="Add this passkey")).to_be_hidden()
