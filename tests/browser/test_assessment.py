"""An assessment: failed, tried again on two devices, passed; the certificate follows."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import Person, sign_in, sign_up
from tests.browser.assessed_course import BANK, COURSE, OUTCOMES, TITLE
from tests.browser.documents import text_of_pdf
from tests.browser.mailbox import Mailbox
from tests.browser.people import Scenes
from tests.browser.site import Site
from tests.browser.sitting import (
    answer_all,
    fill_in,
    fill_in_by_keyboard,
    go_on,
    go_on_by_keyboard,
    hand_in,
    heading,
    is_at,
    question,
)
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def read_the_lesson(page: Page, site: Site, mailbox: Mailbox, person: Person) -> None:
    """Come in, begin the course and finish its only lesson."""
    page.goto(site.address(f"/accounts/signup/?next={COURSE}"))
    sign_up(page, mailbox, person)
    page.get_by_role("button", name="Start the course").click()
    page.get_by_role("button", name="Finish this lesson").click()


def begin(page: Page, site: Site, button: str = "Begin the assessment") -> None:
    page.goto(site.address(f"{COURSE}assessment/"))
    page.get_by_role("main").get_by_role("button", name=button).click()


def has_passed(page: Page) -> None:
    expect(heading(page)).to_contain_text("You have passed")
    expect(page.get_by_role("main")).to_contain_text(f"{len(BANK)} of {len(BANK)} right, 100%")


def certificate_follows(page: Page, mailbox: Mailbox, person: Person) -> None:
    page.get_by_role("main").get_by_role("button", name="See what you completed").click()
    expect(heading(page)).to_contain_text("You have completed the course")
    (attached,) = mailbox.next_to(person.email).iter_attachments()
    text = text_of_pdf(attached.get_content())
    assert person.name in text
    assert TITLE in text


def test_failed_then_passed_on_a_second_device(
    page: Page, new_page, site: Site, mailbox: Mailbox, scenes: Scenes
) -> None:
    person = Person("two.attempts@example.net")
    read_the_lesson(page, site, mailbox, person)
    expect(page.get_by_role("main")).to_contain_text("Not begun")

    # The first attempt: everything wrong. It says what to read, and no right answer.
    begin(page, site)
    answer_all(page, rightly=False)
    hand_in(page)
    expect(heading(page)).to_contain_text("Not passed yet")
    main = page.get_by_role("main")
    expect(main).to_contain_text(f"0 of {len(BANK)} right, 0%. To pass, 5 of 6 had to be right.")
    for outcome in OUTCOMES.values():
        expect(main).to_contain_text(outcome)
    expect(main).not_to_contain_text("That is right")
    expect(main).not_to_contain_text(BANK[0]["right"][0])
    first_attempt = page.url

    # The second is begun here and stopped after two answers.
    main.get_by_role("button", name="Try again").click()
    main.get_by_role("button", name="Begin another attempt").click()
    for number in (1, 2):
        is_at(page, number)
        fill_in(page)
        go_on(page)
    is_at(page, 3)
    asked_here = question(page)["stem"]
    left_open = page.context.new_page()
    left_open.goto(page.url)
    page.get_by_role("button", name="Save and stop for now").click()
    expect(heading(page)).to_contain_text("What would you do?")

    # On the telephone it goes on at the third question, and the first two are there as answered.
    telephone = new_page(viewport={"width": 390, "height": 844})
    sign_in(telephone, site, person.email)
    card = telephone.get_by_role("article").filter(has_text=TITLE)
    expect(card).to_contain_text("Assessment begun")
    card.get_by_role("link").first.click()
    telephone.get_by_role("link", name="What would you do?").click()
    telephone.get_by_role("button", name="Go on with your attempt").click()
    is_at(telephone, 3)
    assert question(telephone)["stem"] == asked_here
    expect(telephone.get_by_role("main")).to_contain_text(f"2 of {len(BANK)} answered")
    answer_all(telephone, first=3)
    hand_in(telephone)
    has_passed(telephone)
    certificate_follows(telephone, mailbox, person)

    # The first device, left open at a question, hears of it and changes nothing.
    fill_in(left_open, rightly=False)
    go_on(left_open)
    expect(left_open.get_by_text("This attempt was handed in already")).to_be_visible()
    has_passed(left_open)

    # Now the first attempt may be explained: nothing is drawn again.
    page.goto(first_attempt)
    expect(page.get_by_role("main")).to_contain_text(BANK[0]["right"][0])


def test_order_and_pairs_by_keyboard(
    page: Page, site: Site, mailbox: Mailbox, scenes: Scenes
) -> None:
    person = Person("keys.only@example.net")
    read_the_lesson(page, site, mailbox, person)
    begin(page, site)
    for number in range(1, len(BANK) + 1):
        is_at(page, number)
        if page.locator("form.app-assessment__form select").count():
            fill_in_by_keyboard(page)
            go_on_by_keyboard(page)
        else:
            fill_in(page)
            go_on(page)
    hand_in(page)
    has_passed(page)
    certificate_follows(page, mailbox, person)


def test_without_scripts_with_a_question_left_open(
    new_page, site: Site, mailbox: Mailbox, scenes: Scenes, watch: Watch
) -> None:
    watch.expect(422)  # half an order, and what has no answer
    page: Page = new_page(java_script_enabled=False)
    person = Person("no.scripts.either@example.net")
    read_the_lesson(page, site, mailbox, person)
    begin(page, site)
    left_open = 0
    for number in range(1, len(BANK) + 1):
        is_at(page, number)
        if "right" in question(page) and not left_open:
            left_open = number
        else:
            if "items" in question(page):
                half_an_order_is_refused_and_kept(page)
            fill_in(page)
        go_on(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text(f"5 of {len(BANK)} answered")
    expect(main).to_contain_text("Not answered")

    hand_in(page)
    expect(heading(page)).to_contain_text("Hand in as it is?")
    expect(main).to_contain_text("One question has no answer. It will count as wrong.")
    main.get_by_role("button", name="Answer what is open").click()
    is_at(page, left_open)
    fill_in(page)
    page.get_by_role("button", name=re.compile("Save and see")).first.click()
    hand_in(page)
    has_passed(page)
    certificate_follows(page, mailbox, person)


def half_an_order_is_refused_and_kept(page: Page) -> None:
    step = page.locator("form.app-assessment__form select").first
    step.select_option("2")
    go_on(page)
    expect(page.get_by_role("alert")).to_have_text(re.compile("Give every step a place."))
    expect(page.locator("form.app-assessment__form select").first).to_have_value("2")
