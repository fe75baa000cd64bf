"""A visitor finds a course and shares it; a lead enrols a team, of whom one says no."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import enter_code, fill_sign_in
from tests.browser.lessons import COURSE
from tests.browser.mailbox import Mailbox
from tests.browser.people import DEMO_PASSWORD, Scenes
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LEAD = "lead@example.org"
SAYS_NO = "priya.nair@example.org"
BEGINS = "practitioner@example.org"


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_visitor_searches_narrows_down_opens_and_shares(
    new_page, site: Site, java_script_enabled: bool
) -> None:
    page = new_page(java_script_enabled=java_script_enabled)
    page.goto(site.address("/courses/"))
    main = page.get_by_role("main")
    page.get_by_label("Search courses and lessons").fill("families court")
    main.get_by_role("button", name="Search").click()
    expect(page.get_by_label("Search courses and lessons")).to_have_value("families court")
    expect(main.locator("mark").first).to_be_visible()
    expect(main.get_by_role("heading", name="Found in these lessons")).to_be_visible()

    page.get_by_label("Way of learning").select_option("in_person")
    main.get_by_role("button", name="Search").click()
    expect(main.get_by_role("heading", name="Nothing found")).to_be_visible()
    main.get_by_role("link", name="Leave out Way of learning: In person").click()
    expect(main.get_by_role("status")).to_have_text("1 course")

    main.get_by_role("link", name="Hidden Sentence").click()
    address = page.get_by_label("Its address, which stays the same").input_value()
    someone = new_page()
    someone.goto(address)
    expect(someone).to_have_url(site.address(COURSE))


def come_in_by_code(page: Page, mailbox: Mailbox, address: str) -> None:
    page.get_by_role("main").get_by_role("button", name="E-mail me a code").click()
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("main").get_by_role("button", name="E-mail me a code").click()
    enter_code(page, mailbox.code_for(address))


def test_a_lead_enrols_three_one_says_no_and_one_begins(
    page_of, new_page, site: Site, mailbox: Mailbox, scenes: Scenes
) -> None:
    lead = page_of(LEAD, DEMO_PASSWORD)
    main = lead.get_by_role("main")
    lead.goto(site.address(COURSE))
    main.get_by_role("link", name="Enrol them on it").click()
    for name in ("Priya Nair", "Callum Reid", "Nadia Rahman"):
        lead.get_by_label(name).check()
    main.get_by_role("button", name="Look at who it will be").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Enrol 3 people?")
    main.get_by_role("button", name="Enrol 3 people").click()
    expect(lead.get_by_text("3 people are enrolled on “Hidden Sentence”")).to_be_visible()
    expect(main.get_by_role("row", name="Priya Nair")).to_contain_text("Enrolled, not begun")

    priya = new_page(java_script_enabled=False)
    priya.goto(mailbox.link_for(SAYS_NO, "/leave/"))
    come_in_by_code(priya, mailbox, SAYS_NO)
    expect(priya.get_by_role("main")).to_contain_text("Helen Marsh enrolled you")
    priya.get_by_role("button", name="I do not want to take it").click()
    expect(priya.get_by_text("You no longer take “Hidden Sentence”")).to_be_visible()

    nadia = new_page()
    nadia.goto(mailbox.link_for(BEGINS, COURSE))
    nadia.get_by_role("main").get_by_role("link", name="Sign in").click()
    fill_sign_in(nadia, BEGINS, DEMO_PASSWORD)
    expect(nadia.get_by_role("main")).to_contain_text("Helen Marsh enrolled you.")
    nadia.get_by_role("button", name="Begin the first lesson").click()
    expect(nadia.get_by_role("heading", level=1)).to_contain_text(
        "Who serves the sentence outside?"
    )

    lead.reload()
    expect(main.get_by_role("row", name="Priya Nair")).to_contain_text("Left it")
    expect(main.get_by_role("row", name="Nadia Rahman")).to_contain_text("Under way")
