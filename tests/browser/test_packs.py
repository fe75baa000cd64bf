"""An editor takes a course out of one site and into another, in the admin alone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.accounts import fill_sign_in
from tests.browser.packs import pack, upload
from tests.browser.people import DEMO_PASSWORD, Scenes
from tests.browser.site import Site, running_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PACKS = "/cms/course-packs/"


def enter(page: Page, site: Site, who: str) -> None:
    page.goto(site.address("/cms/"))
    fill_sign_in(page, f"{who}@example.org", DEMO_PASSWORD)
    expect(page).to_have_url(site.address("/cms/"))


def export(page: Page, site: Site) -> bytes:
    """Take the course out by the button on its page."""
    (course,) = site.installation.rows(
        "SELECT page.page_ptr_id AS id FROM courses_coursepage AS page"
        " JOIN courses_course AS course ON course.id = page.course_id"
        " WHERE course.key = 'hidden-sentence'"
    )
    page.goto(site.address(f"/cms/pages/{course['id']}/"))
    page.get_by_role("button", name="Actions", exact=True).first.click()
    page.get_by_role("link", name="Export as a course pack").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing about learners is in it")
    assert_accessible(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="Export and download").click()
    assert started.value.suggested_filename == "hidden-sentence.zip"
    return Path(started.value.path()).read_bytes()


def test_a_course_goes_to_an_empty_site_and_leaves_it_the_same(
    page: Page, new_page, site: Site, scenes: Scenes, tmp_path: Path
) -> None:
    enter(page, site, "editor")
    first = export(page, site)
    assert first.startswith(b"PK")

    with running_site(tmp_path, "elsewhere", before="tests.browser.empty_site") as elsewhere:
        assert elsewhere.installation.rows("SELECT id FROM courses_course") == []
        there: Page = new_page()
        enter(there, elsewhere, "admin")
        upload(there, elsewhere.address(PACKS), first)
        main = there.get_by_role("main")
        expect(main).to_contain_text("would be a new course")
        there.get_by_role("button", name="Import and publish").click()
        expect(main).to_contain_text("is imported")
        there.get_by_role("link", name="See it as learners do").click()
        expect(there.get_by_role("heading", level=1)).to_contain_text("Hidden Sentence")
        assert export(there, elsewhere) == first

        upload(there, elsewhere.address(PACKS), first)
        expect(main).to_contain_text("Nothing would change")
        expect(there.get_by_role("button", name="Import and publish")).to_have_count(0)


def test_a_pack_with_mistakes_shows_its_lines(page: Page, site: Site, scenes: Scenes) -> None:
    enter(page, site, "editor")
    upload(page, site.address(PACKS), pack(minutes="many", name="minuets"))
    main = page.get_by_role("main")
    expect(main).to_contain_text("This pack cannot be imported: 2 things are wrong")
    first, second = main.get_by_role("listitem").filter(has_text="line ").all()
    expect(first).to_contain_text("course.md, line 10")
    expect(first).to_contain_text("cpd_minutes: many")
    expect(second).to_contain_text("modules/1-asking/2-last.md, line 4")
    expect(second).to_contain_text("minuets: 5")
    page.get_by_role("button", name="Remove this pack").click()
    expect(main).to_contain_text("Choose a course pack")
    assert not site.installation.rows("SELECT id FROM courses_course WHERE key = 'kind-words'")
