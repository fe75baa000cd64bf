"""A lead invites a team and watches them join; links that no longer work say so."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import Person, enter_code, fill_sign_in, fill_sign_up
from tests.browser.mailbox import Mailbox
from tests.browser.people import DEMO_PASSWORD, READER, Scenes
from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LEAD = "lead@example.org"
HOME = "You belong to Riverside Primary School"


def make_link(page: Page, site: Site, limit: str) -> str:
    page.goto(site.address("/our-people/"))
    page.get_by_role("button", name="Make a link for a team").click()
    page.get_by_label("How many people may join by it?").fill(limit)
    page.get_by_label("One week").check()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_text(f"Used by 0 of {limit}")).to_be_visible()
    link = page.get_by_label("The link", exact=True).input_value()
    assert link in page.get_by_label("A text to go with it").input_value()
    return link


def press_join(page: Page) -> None:
    page.get_by_role("button", name="Join Riverside Primary School").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HOME)


def refuses(page: Page, link: str, words: str) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work")
    expect(page.get_by_role("main")).to_contain_text(words)


def test_a_team_joins_by_one_link_and_the_lead_sees_them(
    page_of, new_page, site: Site, mailbox: Mailbox, scenes: Scenes, watch: Watch
) -> None:
    watch.expect(404, 410)
    lead = page_of(LEAD, DEMO_PASSWORD)
    link = make_link(lead, site, "2")

    # Somebody new: sign-up, code, and back to the link.
    person = Person("una.newcomer@example.net", name="Una Newcomer")
    fresh = new_page()
    fresh.goto(link)
    expect(fresh.get_by_role("main")).to_contain_text("Helen Marsh invites you")
    fresh.get_by_role("button", name="Create your account").click()
    fill_sign_up(fresh, person)
    enter_code(fresh, mailbox.code_for(person.email))
    expect(fresh).to_have_url(link)
    press_join(fresh)

    # Somebody with an account: sign-in, and back to the link.
    known = new_page(java_script_enabled=False)
    known.goto(link)
    known.get_by_role("link", name="I have an account: sign in").click()
    fill_sign_in(known, READER, scenes.password)
    expect(known).to_have_url(link)
    press_join(known)

    # The lead watches.
    lead.reload()
    expect(lead.get_by_role("main")).to_contain_text("Used by 2 of 2")
    lead.goto(site.address("/our-people/"))
    expect(lead.get_by_role("link", name="Una Newcomer")).to_be_visible()
    lead.get_by_label("Name or e-mail address").fill(READER)
    lead.get_by_role("main").get_by_role("button", name="Show").click()
    expect(lead.get_by_role("main")).to_contain_text("1 person")

    # A third finds it full, and an altered one is none.
    third = new_page()
    refuses(third, link, "As many people have joined by this link as it was made for.")
    refuses(third, f"{link[:-4]}/", "This link is not complete.")


def test_a_withdrawn_link_says_so(
    page_of, new_page, site: Site, scenes: Scenes, watch: Watch
) -> None:
    watch.expect(410)
    lead = page_of(LEAD, DEMO_PASSWORD)
    link = make_link(lead, site, "5")
    lead.get_by_role("button", name="Withdraw this link").click()
    expect(lead.get_by_role("main")).to_contain_text("Withdrawn")
    refuses(new_page(), link, "This invitation has been withdrawn.")


def test_one_person_is_invited_by_e_mail_and_comes_in_as_imported(
    page_of, new_page, site: Site, mailbox: Mailbox, scenes: Scenes, watch: Watch
) -> None:
    watch.expect(410)
    lead = page_of(LEAD, DEMO_PASSWORD)
    lead.goto(site.address("/our-people/"))
    lead.get_by_role("button", name="Invite one person").click()
    lead.get_by_label("Full name").fill("Gus Guest")
    lead.get_by_label("E-mail address").fill("gus.guest@example.net")
    lead.get_by_role("button", name="Send the invitation").click()
    expect(lead.get_by_role("main")).to_contain_text("Expires in 14 days")

    link = mailbox.link_for("gus.guest@example.net", "/join/")
    guest = new_page()
    guest.goto(link)
    guest.get_by_role("button", name="Create your account").click()
    expect(guest.get_by_label("E-mail address")).to_have_value("gus.guest@example.net")
    expect(guest.get_by_label("Full name")).to_have_value("Gus Guest")

    # Somebody imported needs no password: one press, and they are in.
    imported = new_page()
    imported.goto(site.address(scenes.joining["second_imported"]))
    imported.get_by_role("button", name="Join and come in").click()
    expect(imported.get_by_role("heading", level=1)).to_have_text(
        "You belong to Harbourside Academy"
    )
    imported.get_by_role("link", name="Choose a password").click()
    expect(imported).to_have_url(re.compile("/accounts/password/set/"))
    imported.go_back()
    imported.get_by_role("button", name="See the courses").click()
    expect(imported).to_have_url(site.address("/courses/"))
    refuses(
        new_page(),
        site.address(scenes.joining["second_imported"]),
        "This link has been used already.",
    )
