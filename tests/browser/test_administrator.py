"""An administrator gives a role, sees it in the audit trail, and takes it again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.mailbox import Mailbox
from tests.browser.people import DEMO_PASSWORD, NEWCOMER, Scenes
from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADMIN = "admin@example.org"
NAME = "Łukasz Ñandú-Siân"


def open_newcomer(page: Page, site: Site) -> None:
    page.goto(site.address("/people/"))
    page.get_by_label("Name or e-mail address").fill(NEWCOMER)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("rowheader").get_by_role("link", name=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def test_a_role_is_given_seen_in_the_trail_and_taken(
    page_of, site: Site, mailbox: Mailbox, scenes: Scenes, watch: Watch
) -> None:
    watch.expect(403)
    newcomer: Page = page_of(NEWCOMER, scenes.password)
    newcomer.goto(site.address("/people/"))
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("You cannot open this page")

    admin: Page = page_of(ADMIN, DEMO_PASSWORD)
    open_newcomer(admin, site)
    admin.get_by_role("button", name="Give a role").click()
    admin.get_by_label("Coordinator").check()
    expect(admin.get_by_label("Which area")).to_be_hidden()
    admin.get_by_label("One area").check()
    admin.get_by_label("Which area").select_option(label="Bristol")
    admin.get_by_role("button", name="Give this role").click()
    expect(admin.get_by_role("alert")).to_contain_text("now has the role Coordinator for Bristol.")
    expect(admin.get_by_role("main")).to_contain_text("Given by Ines Ñandú on")

    # It works at the next click of somebody who is signed in, and they are told.
    newcomer.goto(site.address("/people/"))
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("People")
    told = mailbox.next_to(NEWCOMER)
    assert told["Subject"] == "Your role has changed"

    sentence = f"Ines Ñandú gave {NAME} the role Coordinator for Bristol."
    expect(admin.get_by_role("main")).to_contain_text(sentence)
    admin.get_by_role("link", name="The whole trail about this person").click()
    expect(admin.get_by_role("main")).to_contain_text(sentence)
    expect(admin.get_by_role("main")).not_to_contain_text("Grace Adeyemi")

    open_newcomer(admin, site)
    admin.get_by_role("link", name=re.compile("Take this role")).click()
    admin.get_by_label("At once").check()
    admin.get_by_label("Why").fill("Given to try it out")
    admin.get_by_role("button", name="Take this role").click()
    expect(admin.get_by_role("alert")).to_contain_text("no longer has the role")
    expect(admin.get_by_role("main")).to_contain_text("Why it was taken: Given to try it out")
    newcomer.goto(site.address("/people/"))
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("You cannot open this page")
