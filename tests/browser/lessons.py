"""Taking a course: opening lessons and answering what they ask."""

import functools
from typing import Any

import yaml
from playwright.sync_api import Locator, Page, expect

from tests.workers.installation import ROOT

COURSE = "/courses/hidden-sentence/"
TITLE = "Hidden Sentence"
_PACK = ROOT / "courses" / "packs" / "hidden-sentence" / "modules"


@functools.cache
def written_questions() -> list[dict[str, Any]]:
    """Read the course pack's knowledge checks, for what is right."""
    files = sorted(_PACK.glob("*/questions.yaml"))
    return [question for file in files for question in yaml.safe_load(file.read_text())]


def open_questions(page: Page) -> list[str]:
    """List the anchors of what the lesson asks and was not answered yet."""
    sections = page.locator("section.app-check:has(form)").all()
    return [str(section.get_attribute("id")) for section in sections]


def kind_of(section: Locator) -> str:
    if "app-check--scenario" in str(section.get_attribute("class")):
        return "scenario"
    return str(_written(section)["kind"])


def _written(section: Locator) -> dict[str, Any]:
    """Find the question in the pack. Editors may bold words, so only letters are compared."""
    shown = _letters(section.locator(".app-check__stem").inner_text())
    (found,) = (q for q in written_questions() if _letters(q["stem"]) == shown)
    return found


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def fill_in(section: Locator, *, rightly: bool = True) -> None:
    """Give the right answer or a wrong one; of a scenario, where neither is, the first choice."""
    kind = kind_of(section)
    if kind == "scenario":
        section.get_by_role("radio").first.check()
        return
    question = _written(section)
    if kind == "short":
        accepted = question["accepted"][0]
        section.get_by_role("textbox").fill(accepted if rightly else "I do not know")
    elif kind == "order":
        order = question["items"] if rightly else question["items"][::-1]
        for place, item in enumerate(order, start=1):
            section.get_by_label(item, exact=True).select_option(str(place))
    else:
        wanted = [c["text"] for c in question["choices"] if c["correct"] == rightly]
        for text in wanted if kind == "several" else wanted[:1]:
            section.get_by_label(text, exact=True).check()


def send_answer(page: Page, anchor: str) -> Locator:
    """Send the answer, and give back what the page then says of it."""
    section = page.locator(f"[id='{anchor}']")
    section.get_by_role("button").first.click()
    result = page.locator(f"[id='{anchor}'] [role=status]")
    expect(result).to_be_visible()
    return result


def answer(page: Page, anchor: str, *, rightly: bool = True) -> Locator:
    fill_in(page.locator(f"[id='{anchor}']"), rightly=rightly)
    return send_answer(page, anchor)


def answer_everything(page: Page, *, rightly: bool = True) -> int:
    """Answer every open question of the lesson; say how many there were."""
    anchors = open_questions(page)
    for anchor in anchors:
        answer(page, anchor, rightly=rightly)
    assert open_questions(page) == []
    return len(anchors)


def finish(page: Page) -> None:
    page.get_by_role("button", name="Finish this lesson").click()


def begin_course(page: Page) -> None:
    """Enrol on the course whose page is open, which opens its first lesson."""
    page.get_by_role("button", name="Start the course").click()
    expect(page.get_by_text("Lesson 1 of")).to_be_visible()


def take_every_lesson(page: Page, *, rightly: bool = True) -> int:
    """Read on from the open lesson to the last, answering everything; say how many questions."""
    asked = 0
    while True:
        where = page.locator(".app-lesson__where").inner_text()
        number, total = _numbers(where)
        asked += answer_everything(page, rightly=rightly)
        finish(page)
        if number == total:
            return asked
        expect(page.locator(".app-lesson__where")).to_contain_text(f"Lesson {number + 1} of")


def _numbers(where: str) -> tuple[int, int]:
    """Read 'Lesson 2 of 6 · 7 minutes'."""
    numbers = [int(word) for word in where.split() if word.isdigit()]
    return numbers[0], numbers[1]
