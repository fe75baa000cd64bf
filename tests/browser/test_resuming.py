"""Stopping in the middle and going on: another day, another device, another tab."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accounts import Person, sign_in, sign_up
from tests.browser.lessons import (
    COURSE,
    answer_everything,
    begin_course,
    fill_in,
    finish,
    open_questions,
)
from tests.browser.mailbox import Mailbox
from tests.browser.site import Site
from tests.workers.installation import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def begin_as(page: Page, site: Site, mailbox: Mailbox, email: str) -> Person:
    person = Person(email)
    page.goto(site.address(f"/accounts/signup/?next={COURSE}"))
    sign_up(page, mailbox, person)
    begin_course(page)
    return person


def read_as_far_as(block: Locator) -> str:
    """Scroll until the block stands where the eye is, and the page has seen it; say its id."""
    block.evaluate(
        "async (block) => { block.scrollIntoView({block: 'start'}); scrollBy(0, -250);"
        " for (const n of [1, 2, 3]) await new Promise(requestAnimationFrame); }"
    )
    return str(block.get_attribute("data-block-id"))


def test_it_goes_on_at_the_block_on_another_device(
    page: Page, new_page, site: Site, mailbox: Mailbox
) -> None:
    person = begin_as(page, site, mailbox, "two.devices@example.net")
    blocks = page.locator("[data-block-id]")
    with page.expect_response(re.compile("/place/$")):
        read_as_far_as(blocks.nth(1))
    # On again, and away within the seconds in which the page would not tell yet.
    wanted = read_as_far_as(blocks.nth(4))
    page.get_by_role("link", name="Stop for now").last.evaluate("link => link.click()")
    wait_until(lambda: place_of(site, person) == wanted, "the place is kept")

    telephone = new_page(viewport={"width": 390, "height": 844})
    sign_in(telephone, site, person.email)
    telephone.get_by_role("article").get_by_role("link").click()

    expect(telephone).to_have_url(re.compile(f"#block-{wanted}$"))
    block = telephone.locator(f"[id='block-{wanted}']")
    expect(block).to_be_in_viewport()
    top = block.evaluate("block => block.getBoundingClientRect().top")
    assert -5 <= top < 400, f"The block stands at {top} px of the window."

    telephone.goto(site.address(COURSE))
    telephone.get_by_role("button", name="Continue where you left off").click()
    expect(telephone).to_have_url(re.compile(f"#block-{wanted}$"))


def test_two_tabs_answer_the_same_question_one_after_the_other(
    page: Page, site: Site, mailbox: Mailbox
) -> None:
    """The first counts. The second is told what was answered, not that it was right or wrong."""
    person = begin_as(page, site, mailbox, "two.tabs@example.net")
    other = page.context.new_page()
    other.goto(page.url)
    anchor = open_questions(page)[0]
    tabs = [tab.locator(f"[id='{anchor}']") for tab in (page, other)]
    fill_in(tabs[0], rightly=True)
    fill_in(tabs[1], rightly=False)

    for section in tabs:
        section.get_by_role("button").click()
        expect(section.get_by_role("status")).to_have_text("That is right")

    assert answers_of(site, person) == 1


def test_two_tabs_answer_the_same_question_at_once(
    page: Page, site: Site, mailbox: Mailbox
) -> None:
    person = begin_as(page, site, mailbox, "two.tabs.at.once@example.net")
    other = page.context.new_page()
    other.goto(page.url)
    anchor = open_questions(page)[0]
    tabs = [tab.locator(f"[id='{anchor}']") for tab in (page, other)]
    fill_in(tabs[0], rightly=True)
    fill_in(tabs[1], rightly=False)

    at = page.evaluate("Date.now() + 500")
    for section in tabs:
        section.locator("form").evaluate(
            "(form, at) => setTimeout(() => form.requestSubmit(), at - Date.now())", at
        )

    for section in tabs:
        expect(section.get_by_role("status")).to_be_visible()
    said = {section.get_by_role("status").inner_text().strip() for section in tabs}
    assert len(said) == 1, f"The tabs were told different things: {said}"
    assert answers_of(site, person) == 1


def test_two_tabs_finish_the_course_and_there_is_one_certificate(
    page: Page, site: Site, mailbox: Mailbox
) -> None:
    person = begin_as(page, site, mailbox, "two.tabs.finish@example.net")
    for number in range(1, 6):
        answer_everything(page)
        finish(page)
        expect(page.get_by_text(f"Lesson {number + 1} of")).to_be_visible()
    answer_everything(page)
    other = page.context.new_page()
    other.goto(page.url)

    at = page.evaluate("Date.now() + 500")
    for tab in (page, other):
        tab.locator(".app-lesson__end form").evaluate(
            "(form, at) => setTimeout(() => form.requestSubmit(), at - Date.now())", at
        )

    for tab in (page, other):
        expect(tab).not_to_have_url(re.compile("/lessons/"))
    mailbox.next_to(person.email)
    rows = site.installation.rows(
        "SELECT award.id FROM certificates_award AS award"
        " JOIN accounts_user AS person ON person.id = award.user_id WHERE person.email = %s",
        person.email,
    )
    assert len(rows) == 1


def place_of(site: Site, person: Person) -> str:
    (row,) = site.installation.rows(
        "SELECT enrolment.last_block FROM courses_enrolment AS enrolment"
        " JOIN accounts_user AS person ON person.id = enrolment.user_id WHERE person.email = %s",
        person.email,
    )
    return str(row["last_block"])


def answers_of(site: Site, person: Person) -> int:
    """Count a person's answers in the database, over a connection of our own."""
    return len(
        site.installation.rows(
            "SELECT answer.id FROM courses_answer AS answer"
            " JOIN courses_enrolment AS enrolment ON enrolment.id = answer.enrolment_id"
            " JOIN accounts_user AS person ON person.id = enrolment.user_id"
            " WHERE person.email = %s",
            person.email,
        )
    )
