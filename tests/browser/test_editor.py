"""An editor corrects a lesson, looks at it, publishes it; learners read the new words."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import fill_sign_in
from tests.browser.people import READER, Scenes
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORDS = "This sentence was written by the editor in the browser."


def versions(site: Site) -> list[int]:
    rows = site.installation.rows("SELECT number FROM courses_courseversion ORDER BY number")
    return [row["number"] for row in rows]


def test_a_corrected_lesson_is_what_learners_read(
    page: Page, page_of, site: Site, scenes: Scenes
) -> None:
    before = versions(site)
    page.goto(site.address("/cms/"))
    fill_sign_in(page, "editor@example.org", "hidden-sentence-demo")
    expect(page).to_have_url(site.address("/cms/"))

    (lesson,) = site.installation.rows(
        "SELECT page.page_ptr_id AS id FROM courses_lessonpage AS page"
        " JOIN courses_lesson AS lesson ON lesson.id = page.lesson_id"
        " JOIN courses_versionlesson AS step ON step.lesson_id = lesson.id"
        " ORDER BY step.position DESC LIMIT 1"
    )
    page.goto(site.address(f"/cms/pages/{lesson['id']}/edit/"))
    text = page.locator("[contenteditable=true].public-DraftEditor-content").first
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" " + WORDS)
    # The editor hands its text to the form a quarter of a second after the last key.
    page.wait_for_function(
        "words => [...document.querySelectorAll('form input')]"
        ".some((input) => input.value.includes(words))",
        arg=WORDS,
    )

    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Toggle preview").click()
        page.get_by_role("link", name="Preview in new tab").click()
    preview = opened.value
    expect(preview.get_by_role("main")).to_contain_text(WORDS)
    expect(preview.get_by_role("main")).to_contain_text("This is a preview")

    learner: Page = page_of(READER, scenes.password)
    learner.goto(site.address(scenes.lessons[-1]))
    expect(learner.get_by_role("main")).not_to_contain_text(WORDS)

    page.bring_to_front()
    page.get_by_role("button", name=re.compile("More actions|Actions")).last.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages")).to_contain_text("published")

    learner.reload()
    expect(learner.get_by_role("main")).to_contain_text(WORDS)
    assert versions(site) == before
