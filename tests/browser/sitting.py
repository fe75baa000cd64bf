"""Taking an assessment in the browser: answering its questions by mouse or by keyboard."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.assessed_course import BANK, written
from tests.browser.keyboard import choose_option, tab_to_and_press

ON = re.compile("Save and go on|Save and see all your answers")


def question(page: Page) -> dict[str, Any]:
    """Find the question that is open in the bank, for what is right."""
    return written(page.locator(".app-check__stem").inner_text())


def fill_in(page: Page, *, rightly: bool = True) -> None:
    """Give the right answer to the question that is open, or a wrong one."""
    asked, form = question(page), page.locator("form.app-assessment__form")
    if "right" in asked:
        texts = asked["right"] if rightly else asked["wrong"][:1]
        for text in texts:
            form.get_by_label(text, exact=True).check()
    elif "accepted" in asked:
        form.get_by_role("textbox").fill(asked["accepted"][0] if rightly else "Breakfast")
    else:
        for label, wanted in belongings(asked, rightly=rightly).items():
            form.get_by_label(label, exact=True).select_option(label=wanted)


def fill_in_by_keyboard(page: Page) -> None:
    """Put steps in order or pairs together, rightly, by keys alone and from top to bottom."""
    wanted = belongings(question(page))
    for chooser in page.locator("form.app-assessment__form select").all():
        label = chooser.evaluate("chooser => chooser.labels[0].innerText.trim()")
        choose_option(page, chooser, wanted[label])


def belongings(asked: dict[str, Any], *, rightly: bool = True) -> dict[str, str]:
    """Say what is chosen for each step of an order, or for each one to be matched."""
    if "items" in asked:
        items = asked["items"] if rightly else asked["items"][::-1]
        return {item: str(place) for place, item in enumerate(items, start=1)}
    prompts, partners = list(asked["pairs"]), list(asked["pairs"].values())
    return dict(zip(prompts, partners if rightly else partners[1:] + partners[:1], strict=True))


def go_on(page: Page) -> None:
    page.get_by_role("button", name=ON).click()


def go_on_by_keyboard(page: Page) -> None:
    tab_to_and_press(page, page.get_by_role("button", name=ON))


def is_at(page: Page, number: int) -> None:
    expect(heading(page)).to_contain_text(f"Question {number} of {len(BANK)}")


def answer_all(page: Page, *, rightly: bool = True, first: int = 1) -> None:
    """Answer from question `first` on, up to the list of all of them."""
    for number in range(first, len(BANK) + 1):
        is_at(page, number)
        fill_in(page, rightly=rightly)
        go_on(page)
    expect(heading(page)).to_contain_text("Your answers")


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Hand in my answers").click()


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)
