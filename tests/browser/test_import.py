"""A coordinator brings in a list of 500 people, sees what is wrong with it, and takes it back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accounts import fill_sign_in
from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FILE = Path(__file__).parent.parent / "data" / "people_import.csv"
DEMO_PASSWORD = "hidden-sentence-demo"

ANSWERS = {
    "usher": "Court staff",
    "legal adviser": "Solicitor or barrister",
    "manager": "Import them without a job role",
    "council service": "Children's social care",
    "childrens center": "None of these: count the rows as wrong",
    "Narnia": "None of these: count the rows as wrong",
    **dict.fromkeys(
        ["Reading", "Oxfordshire", "Buckinghamshire", "Milton Keynes", "Slough"], "Add this area"
    ),
}


def to_imports(page: Page, site: Site) -> None:
    page.goto(site.address("/accounts/login/?next=/people/imports/"))
    fill_sign_in(page, "coordinator@example.org", DEMO_PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Imports of people")


def wait_for(page: Page, words: str, *, has_scripts: bool) -> None:
    """Wait for a worker: the page moves on by itself; without scripts a link asks again."""
    heading = page.get_by_role("heading", level=1)
    for _look in range(0 if has_scripts else 60):
        if words in heading.inner_text():
            break
        page.get_by_role("link", name="See how far it is now").click()
        page.wait_for_timeout(1000)
    expect(heading).to_contain_text(words, timeout=120_000)


def to_preview(page: Page, *, has_scripts: bool = True) -> None:
    page.get_by_role("button", name="Import people").click()
    page.get_by_label("A list of people").set_input_files(FILE)
    page.get_by_role("button", name="Read the file").click()
    wait_for(page, "Which column holds what?", has_scripts=has_scripts)
    expect(page.get_by_role("main")).to_contain_text("We read 500 rows")
    page.get_by_role("button", name="Continue").click()
    for word, answer in ANSWERS.items():
        page.get_by_label(f"“{word}”").select_option(label=answer)
    page.get_by_role("button", name="See what would change").click()
    wait_for(page, "What would change", has_scripts=has_scripts)


def to_the_end(page: Page) -> None:
    page.get_by_role("button", name="Go on: choose how to import").click()
    page.get_by_label("Only the 488 good rows").check()
    page.get_by_label("Hold them").check()
    page.get_by_role("button", name="Import now").click()


def test_five_hundred_people_are_imported_and_taken_back(
    page: Page, site: Site, watch: Watch
) -> None:
    to_imports(page, site)
    to_preview(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text("12 rows are wrong")
    page.get_by_role("navigation", name="Rows to show").get_by_role("link", name="Wrong").click()
    expect(main.get_by_role("listitem").filter(has_text="Row 422")).to_contain_text(
        "“Narnia” is no area of ours"
    )
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    assert download.value.suggested_filename == "people_import-to-put-right.xlsx"

    to_the_end(page)

    # The page moves on by itself.
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("The people are imported", timeout=120_000)
    expect(main).to_contain_text("488 added")
    expect(main).to_contain_text("488 invitations are held")

    page.get_by_role("button", name="Undo this import").click()
    expect(heading).to_have_text("The import is undone", timeout=120_000)
    expect(main).to_contain_text("488 rows taken back, 0 kept")


def test_the_same_without_javascript(new_page, site: Site) -> None:
    page = new_page(java_script_enabled=False)
    to_imports(page, site)
    to_preview(page, has_scripts=False)
    to_the_end(page)
    heading = page.get_by_role("heading", level=1)
    wait_for(page, "The people are imported", has_scripts=False)
    expect(page.get_by_role("main")).to_contain_text("488 added")
    page.get_by_role("button", name="Undo this import").click()
    expect(heading).to_contain_text("undone")
