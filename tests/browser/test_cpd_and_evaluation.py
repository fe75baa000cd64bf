"""From the last lesson through an evaluation on two devices to a record for the appraisal."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.accounts import sign_in
from tests.browser.documents import text_of_pdf
from tests.browser.evaluated_course import LEARNER
from tests.browser.site import Site
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

COURSE = "/courses/listening/"
WORDS = "I thought of Mum, ŵyl i Łódź."


def go_on(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Save and (go on|see all)")).first.click()


def heading(page: Page) -> str:
    # The caption stands above the question.
    return page.get_by_role("heading", level=1).inner_text().splitlines()[-1]


def finish_lessons(page: Page, site: Site) -> None:
    page.goto(site.address(COURSE))
    page.get_by_role("button", name="Begin the first lesson").click()
    page.get_by_role("textbox").fill(WORDS)
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.get_by_role("main")).to_contain_text("Saved")
    page.get_by_role("button", name="Finish this lesson").click()
    page.get_by_role("button", name="Finish this lesson").click()
    expect(page).to_have_url(site.address(COURSE))


def bytes_of(download: Download, folder: Path) -> bytes:
    file = folder / download.suggested_filename
    download.save_as(file)
    return file.read_bytes()


def test_from_the_last_lesson_to_the_appraisal(
    page: Page, new_page, site: Site, scenes, watch: Watch, tmp_path: Path
) -> None:
    watch.expect(422)
    site.installation.run("tests.browser.evaluated_course")
    sign_in(page, site, LEARNER)
    finish_lessons(page, site)

    # What is left leads to the evaluation. Half of it is filled in here.
    page.get_by_text("What is left before you complete it").click()
    page.get_by_role("link", name="Fill in the evaluation.").click()
    expect(page.get_by_role("main")).to_contain_text("Who sees what")
    page.get_by_role("button", name="Begin").click()
    first = heading(page)
    go_on(page)  # it must be answered
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("4", exact=True).check()
    go_on(page)
    expect(page.get_by_role("main")).to_contain_text("Thinking back")
    page.get_by_label("5", exact=True).first.check()
    page.get_by_role("button", name="Save and stop for now").click()
    expect(page).to_have_url(site.address(COURSE))

    # The rest on a telephone without scripts: what was filled in is there.
    telephone = new_page(viewport={"width": 320, "height": 700}, java_script_enabled=False)
    sign_in(telephone, site, LEARNER)
    telephone.goto(site.address(f"{COURSE}evaluation/"))
    telephone.get_by_role("link", name=first).click()
    expect(telephone.get_by_label("4", exact=True)).to_be_checked()
    go_on(telephone)
    expect(telephone.get_by_label("5", exact=True).first).to_be_checked()
    for scale in telephone.get_by_role("main").get_by_role("group").all():
        scale.get_by_label("I would rather not say").check()
    go_on(telephone)
    telephone.get_by_label("About right").check()
    for _question in range(2):
        go_on(telephone)
    telephone.get_by_label("5", exact=True).check()
    go_on(telephone)
    telephone.get_by_role("textbox").fill("Listen first.")
    go_on(telephone)
    go_on(telephone)
    expect(telephone.get_by_role("main")).to_contain_text("Your answers so far")
    telephone.get_by_role("button", name="Send the evaluation").click()
    expect(telephone.get_by_role("heading", level=1)).to_have_text("You have completed the course")
    rows = site.installation.rows(
        "SELECT value, text FROM courses_evaluationanswer WHERE text <> ''"
    )
    assert [row["text"] for row in rows] == ["Listen first."]

    # The record: an entry, a reflection, and what is taken away.
    page.goto(site.address("/my-learning/cpd/"))
    expect(page.get_by_role("main")).to_contain_text("Listening")
    expect(page.get_by_role("main")).not_to_contain_text("1 hour 30 minutes")
    page.get_by_role("button", name="Add something you did").click()
    page.get_by_label("What did you do?").fill("Cynhadledd: ŵyl, Zażółć")
    page.get_by_label("Kind of activity").select_option(label="Reading or research")
    page.get_by_label("On which day, or from which day?").fill("6/10/2024")
    page.get_by_label("Hours").fill("1")
    page.get_by_label("Minutes").fill("30")
    page.get_by_label("What did you learn?").fill("=SUM(1) to ask first.")
    page.get_by_role("button", name="Add it to my record").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("2024")
    page.get_by_label("Year").select_option(label="All years")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("1 reflection you have not included").click()
    page.get_by_role("button", name=re.compile("^Include it")).click()
    expect(page.get_by_role("button", name=re.compile("^Take it out"))).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Download as a CSV file").click()
    table = bytes_of(download.value, tmp_path).decode("utf-8-sig")
    found = {row["What"].splitlines()[0]: row for row in csv.DictReader(io.StringIO(table))}
    assert set(found) == {"Listening", "Cynhadledd: ŵyl, Zażółć", "Somebody you met"}
    assert found["Cynhadledd: ŵyl, Zażółć"]["What I learned"] == "'=SUM(1) to ask first."
    assert found["Somebody you met"]["What I learned"] == WORDS

    page.get_by_role("button", name="Make a PDF").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your PDF is ready")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the PDF").click()
    said = text_of_pdf(bytes_of(download.value, tmp_path))
    for words in ("Łukasz Ñandú-Siân", "All years", "Listening", "Zażółć", WORDS, "1 hour 30"):
        assert words in said
    assert "Page 1 of" in said
