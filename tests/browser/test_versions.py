"""An editor publishes a second version while two are in the course: nobody loses anything."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import fill_sign_in, sign_in
from tests.browser.people import Scenes
from tests.browser.site import Site
from tests.browser.small_course import MOVES, STAYS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

COURSE = "/courses/a-small-course/"


def publish(page: Page, site: Site, number: int) -> None:
    page.goto(site.address(f"/cms/pages/{number}/edit/"))
    page.get_by_role("button", name=re.compile("More actions|Actions")).last.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages")).to_contain_text("published")


def unpublish(page: Page, site: Site, number: int) -> None:
    page.goto(site.address(f"/cms/pages/{number}/unpublish/"))
    page.get_by_role("button", name=re.compile("unpublish", re.IGNORECASE)).last.click()
    expect(page.locator(".messages")).to_contain_text("unpublished")


def test_a_second_version_while_two_are_in_it(
    page: Page, new_page, site: Site, scenes: Scenes
) -> None:
    made = site.installation.run("tests.browser.small_course")
    stays, moves = new_page(), new_page()
    for learner, email in ((stays, STAYS), (moves, MOVES)):
        sign_in(learner, site, email)
        learner.goto(site.address(COURSE))
        expect(learner.get_by_role("main")).to_contain_text("1 of 2 lessons")

    page.goto(site.address("/cms/"))
    fill_sign_in(page, "editor@example.org", "hidden-sentence-demo")
    expect(page).to_have_url(site.address("/cms/"))
    unpublish(page, site, made["second"])
    publish(page, site, made["third"])
    publish(page, site, made["course"])

    # Who stays finishes what they began with; the new lesson is there to be read.
    stays.reload()
    main = stays.get_by_role("main")
    expect(main).to_contain_text("1 of 2 lessons")
    expect(main).to_contain_text("New, optional")
    stays.get_by_role("link", name="A third look").click()
    expect(main).to_contain_text("This lesson was added after you began.")
    stays.goto(site.address(COURSE))
    stays.get_by_role("link", name="A second look", exact=True).click()
    expect(main).to_contain_text("no longer part of the course for new learners")
    stays.get_by_role("button", name="Finish this lesson").click()
    expect(main).to_contain_text("You have completed the course")

    # Who moves up is told what changes, and keeps what is done.
    moves.reload()
    moves.get_by_role("link", name="See what moving up to it would change").click()
    main = moves.get_by_role("main")
    expect(main).to_contain_text("“A third look” in the module “Its module”")
    expect(main).to_contain_text("“A second look” in the module “Its module”")
    moves.get_by_role("button", name="Move up").click()
    expect(moves.get_by_text("Everything you have done is kept.")).to_be_visible()
    expect(main).to_contain_text("1 of 2 lessons")
    expect(main).not_to_contain_text("New since you began")
    moves.get_by_role("link", name="A third look", exact=True).click()
    moves.get_by_role("button", name="Finish this lesson").click()
    expect(main).to_contain_text("You have completed the course")

    # The editor reads who is on which version.
    page.goto(site.address(f"{COURSE}versions/"))
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text(re.compile(r"Version 2.*1\s*$", re.DOTALL))
    expect(rows.nth(2)).to_contain_text(re.compile(r"Version 1.*1\s*$", re.DOTALL))
    unpublish(page, site, made["course"])
    stays.goto(site.address(COURSE))
    expect(stays.get_by_role("main")).to_contain_text("You completed this course")
