"""From the sign-up page to a certificate that a stranger can check."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import Person, fill_sign_up, sign_up
from tests.browser.documents import qr_code_in_pdf, text_of_pdf
from tests.browser.lessons import (
    COURSE,
    answer,
    answer_everything,
    begin_course,
    finish,
    open_questions,
    take_every_lesson,
    written_questions,
)
from tests.browser.mailbox import Mailbox, text_of
from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def test_from_signing_up_to_a_certificate_that_anybody_can_check(
    page: Page, new_page, site: Site, mailbox: Mailbox, watch: Watch, tmp_path: Path
) -> None:
    watch.expect(422)  # the lesson that is finished too early
    person = Person("lukasz.nandu@example.net", name="Łukasz Ñandú-Siân")

    # From the home page to the course, and through the sign-up page back to it.
    page.goto(site.url)
    page.get_by_role("main").get_by_role("button", name="See the courses").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("Hidden Sentence")).click()
    expect(page).to_have_url(site.address(COURSE))
    page.get_by_role("button", name="Create an account to start").click()
    sign_up(page, mailbox, person)
    expect(page).to_have_url(site.address(COURSE))

    begin_course(page)
    assert "problem" not in page.title()
    finish(page)  # too early: it says what is left, and nothing is lost
    summary = page.get_by_role("alert").filter(has_text="There is something to put right")
    expect(summary).to_be_visible()
    expect(summary.get_by_role("link")).to_have_count(len(open_questions(page)))
    assert page.title().startswith("Error:")

    # One wrong answer, with its explanation, and the same question once more.
    first = open_questions(page)[0]
    expect(answer(page, first, rightly=False)).to_have_text(re.compile("Not quite"))
    section = page.locator(f"[id='{first}']")
    explanation = written_questions()[0]["choices"][0]["explanation"]
    expect(section).to_contain_text(explanation)
    section.get_by_role("link", name="Try again").click()
    expect(answer(page, first)).to_have_text("That is right")

    take_every_lesson(page)

    expect(page).to_have_url(site.address(f"{COURSE}completed/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You have completed the course")

    message = mailbox.next_to(person.email)
    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert "certificate" in text_of(message).lower()

    page.get_by_role("main").get_by_role("button", name="My certificates").click()
    page.get_by_role("main").get_by_role("link", name="Hidden Sentence", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(person.name)
    shown = page.locator(".app-code").inner_text()
    assert CODE.fullmatch(shown)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the PDF").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    content = file.read_bytes()
    assert file.name == attached.get_filename()
    assert content == attached.get_content()

    text = text_of_pdf(content)
    assert person.name in text
    assert "Hidden Sentence" in text
    assert shown in text

    # Somebody else, on their own telephone, points it at the QR code.
    address = qr_code_in_pdf(content)
    assert address == site.address(f"/check/{shown}/")
    stranger = new_page(viewport={"width": 390, "height": 844})
    stranger.goto(address)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    expect(stranger.get_by_role("main")).to_contain_text("Ł. Ñ.")
    expect(stranger.get_by_role("main")).not_to_contain_text("Łukasz")

    for typed, verdict in [
        ("lukasz nandu sian", "The name matches"),
        ("Lukas Nandu", "The name does not match"),
    ]:
        stranger.get_by_label("Name of the person").fill(typed)
        stranger.get_by_role("button", name="Compare the name").click()
        expect(stranger.get_by_role("main")).to_contain_text(verdict)

    # And somebody types the code, untidily.
    stranger.goto(site.address("/check/"))
    stranger.get_by_label("Verification code").fill(shown.lower().replace("-", " "))
    stranger.get_by_role("button", name="Check this code").click()
    expect(stranger).to_have_url(address)


def test_wrong_answers_complete_a_course_as_well(page: Page, site: Site, mailbox: Mailbox) -> None:
    """What counts is that every question was answered: who was wrong has read why."""
    person = Person("wrong.answers@example.net", name="Siân Ὀδυσσεύς")
    page.goto(site.address(f"/accounts/signup/?next={COURSE}"))
    sign_up(page, mailbox, person)
    begin_course(page)

    asked = take_every_lesson(page, rightly=False)

    assert asked >= len(written_questions())
    expect(page.get_by_role("heading", level=1)).to_have_text("You have completed the course")
    (attached,) = mailbox.next_to(person.email).iter_attachments()
    assert person.name in text_of_pdf(attached.get_content())


def test_what_was_typed_stays_when_something_is_missing(page: Page, site: Site) -> None:
    page.goto(site.address("/accounts/signup/"))
    fill_sign_up(page, Person("not an address", password="short"))

    summary = page.get_by_role("alert").filter(has_text="There is something to put right")
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(page.get_by_label("Full name")).to_have_value("Łukasz Ñandú-Siân")
    expect(page.get_by_label("E-mail address")).to_have_value("not an address")
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_my_learning_says_how_far_somebody_is(page: Page, site: Site, mailbox: Mailbox) -> None:
    page.goto(site.address(f"/accounts/signup/?next={COURSE}"))
    sign_up(page, mailbox, Person("how.far@example.net"))
    begin_course(page)
    answer_everything(page)
    finish(page)
    expect(page.get_by_text("Lesson 2 of")).to_be_visible()

    page.goto(site.address("/my-learning/"))

    expect(page.get_by_role("article")).to_contain_text("1 of 6 lessons")
    page.get_by_role("article").get_by_role("link").click()
    expect(page.get_by_text("Lesson 2 of")).to_be_visible()
