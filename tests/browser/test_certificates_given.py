"""A wrong name is put right; a lead takes the certificates of a school home in a zip file."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.documents import text_of_pdf
from tests.browser.mailbox import Mailbox
from tests.browser.people import ASKER, DEMO_PASSWORD, Scenes
from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WRONG, RIGHT = "Łukasz Ñandú-Siân", "Łukasz Ñandú-Siân Smith"


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("main").get_by_role("button", name=name).click()
    return Path(started.value.path()).read_bytes()


def code_on(page: Page) -> str:
    return page.get_by_role("main").locator("dl .app-code").first.inner_text()


def test_the_holder_asks_a_coordinator_reissues_and_the_old_code_says_replaced(
    page_of, new_page, site: Site, mailbox: Mailbox, scenes: Scenes, watch: Watch
) -> None:
    holder = page_of(ASKER, scenes.password, java_script_enabled=False)
    holder.goto(site.address("/certificates/"))
    holder.get_by_role("main").get_by_role("link", name="My name is wrong").click()
    old_code = code_on(holder)
    holder.get_by_label("What should the name be?").fill(RIGHT)
    holder.get_by_label("What is wrong?").fill("I have married.")
    holder.get_by_role("button", name="Send").click()
    expect(holder.get_by_role("main")).to_contain_text(f"you asked for the name {RIGHT}")

    coordinator = page_of("coordinator@example.org", DEMO_PASSWORD)
    coordinator.goto(mailbox.link_for("coordinator@example.org", "/given/names/"))
    main = coordinator.get_by_role("main")
    expect(main).to_contain_text("I have married.")
    coordinator.get_by_label("Give them a new certificate with the right name").check()
    expect(coordinator.get_by_label("Name on the new certificate")).to_have_value(RIGHT)
    coordinator.get_by_role("button", name="Save and tell them").click()
    expect(coordinator.get_by_text("The new certificate is given")).to_be_visible()

    holder.goto(mailbox.link_for(ASKER, "/certificates/"))
    expect(holder.get_by_role("heading", level=1)).to_contain_text("Hidden Sentence")
    new_code = code_on(holder)
    assert new_code != old_code
    # The PDF is made by the worker; its own e-mail says when.
    mailbox.next_to(ASKER)
    holder.reload()
    text = text_of_pdf(download(holder, "Download the PDF"))
    assert RIGHT in text
    assert new_code in text

    stranger = new_page()
    stranger.goto(site.address(f"/check/{old_code}/"))
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This certificate was replaced")
    stranger.goto(site.address(f"/check/{new_code}/"))
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This certificate is valid")


def test_a_lead_makes_a_zip_file_and_opens_it(
    page_of, site: Site, mailbox: Mailbox, scenes: Scenes, watch: Watch
) -> None:
    lead = page_of("lead@example.org", DEMO_PASSWORD)
    lead.goto(site.address("/certificates/given/"))
    lead.get_by_role("button", name="Make a zip file").click()
    main = lead.get_by_role("main")
    lead.get_by_label("Course").select_option(label="Hidden Sentence")
    lead.get_by_role("button", name="See how many there are").click()
    expect(main).to_contain_text(re.compile(r"3 certificates go in"))
    lead.get_by_role("button", name="Make the zip file").click()
    # The page follows the worker by itself.
    expect(lead.get_by_role("heading", level=1)).to_contain_text(
        "The file is ready", timeout=60_000
    )
    with zipfile.ZipFile(io.BytesIO(download(lead, "Download the zip file"))) as archive:
        assert archive.testzip() is None
        pdfs = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert len(pdfs) == 3
        for name in pdfs:
            assert WRONG in text_of_pdf(archive.read(name))
        assert archive.read("index.csv").decode("utf-8-sig").count("\n") == 4
