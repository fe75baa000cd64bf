"""What only a browser shows of a lesson's blocks: keys, two devices, seeking, leaving at once."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.accounts import PASSWORD, sign_in
from tests.browser.every_block import (
    HALFWAY,
    LEAVES,
    LISTENS,
    SECONDS,
    WALKS,
    WRITES,
)
from tests.browser.keyboard import choose_radio, tab_to_and_press
from tests.browser.people import Scenes
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AWAY = "https://www.bbc.co.uk/weather"
THOUGHT = "I thought of Sam, who waited in the queue."


def test_a_half_filled_answer_is_found_on_a_second_device(
    page_of, new_page, site: Site, scenes: Scenes
) -> None:
    page: Page = page_of(HALFWAY, PASSWORD)
    page.goto(site.address(scenes.every_block))
    with page.expect_response(re.compile("/draft/$")) as kept:
        page.get_by_label("Right one").check()
    assert kept.value.status == 204
    page.context.close()

    telephone = new_page(viewport={"width": 390, "height": 844})
    sign_in(telephone, site, HALFWAY)
    telephone.goto(site.address(scenes.every_block))
    expect(telephone.get_by_label("Right one")).to_be_checked()
    expect(telephone.get_by_text("That is right")).to_have_count(0)  # it was not sent


def test_a_branching_scenario_is_walked_by_keyboard(page_of, site: Site, scenes: Scenes) -> None:
    page: Page = page_of(WALKS, PASSWORD)
    page.goto(site.address(scenes.every_block))
    walk = page.locator("section.app-walk")
    walk.focus()  # past the players: each has a keyboard of its own
    for step, chosen in enumerate(("Say hello", "Listen", "Ring"), start=1):
        expect(walk.locator("form .app-walk__number")).to_have_text(f"Step {step}")
        choose_radio(page, walk.get_by_role("radio"), 0)
        tab_to_and_press(page, walk.get_by_role("button", name="See what follows"))
        expect(walk.locator(".app-walk__step")).to_have_count(step)
        result = walk.locator(".app-walk__chosen").last
        expect(result).to_contain_text(chosen)
        expect(result).to_be_focused()
    expect(walk).to_contain_text("This is where the story ends")


def test_a_reflection_is_saved_while_it_is_written_found_again_and_taken_away(
    page_of, new_page, site: Site, scenes: Scenes, tmp_path: Path
) -> None:
    page: Page = page_of(WRITES, PASSWORD)
    page.goto(site.address(scenes.every_block))
    page.get_by_label("What you think").fill(THOUGHT)
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    page.context.close()

    another = new_page()
    sign_in(another, site, WRITES)
    another.goto(site.address(scenes.every_block))
    expect(another.get_by_label("What you think")).to_have_value(THOUGHT)
    another.goto(site.address("/my-learning/reflections/"))
    expect(another.get_by_role("main")).to_contain_text(THOUGHT)
    with another.expect_download() as download:
        another.get_by_role("button", name="Download as text").click()
    file = tmp_path / "mine.txt"
    download.value.save_as(file)
    assert THOUGHT in file.read_text()

    another.get_by_role("link", name=re.compile("^Erase")).click()
    another.get_by_role("button", name="Erase it").click()
    expect(another.get_by_role("main")).to_contain_text("You have not written anything yet")


def test_a_recording_is_sought_in_by_parts(page_of, site: Site, scenes: Scenes) -> None:
    page: Page = page_of(LISTENS, PASSWORD)
    parts: list[tuple[int, int]] = []

    def note(response: Response) -> None:
        if response.request.resource_type == "media" and response.url.endswith(".wav"):
            found = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
            parts.append((response.status, int(found[1]) if found else -1))

    page.on("response", note)
    page.goto(site.address(scenes.every_block))
    player = page.locator("audio")
    assert (
        player.evaluate(
            "async (audio) => {"
            " const known = new Promise((done) => (audio.onloadedmetadata = done));"
            " if (audio.readyState < 1) await known;"
            " const sought = new Promise((done) => (audio.onseeked = done));"
            " audio.currentTime = 50; await sought; return Math.round(audio.currentTime); }"
        )
        == SECONDS - 10
    )
    assert {status for status, _first in parts} == {206}
    assert max(first for _status, first in parts) > 4_000_000  # not from its beginning


@pytest.mark.parametrize("width", [320, 1280])
def test_leaving_stays_in_reach_and_three_shifts_do_the_same(
    page_of, site: Site, scenes: Scenes, width: int
) -> None:
    page: Page = page_of(LEAVES, PASSWORD, viewport={"width": width, "height": 800})
    page.context.route(f"{AWAY}**", lambda route: route.fulfill(body="Sunny spells."))
    for way in ("button", "keys"):
        page.goto(site.address(scenes.every_block))
        leave = page.get_by_role("main").get_by_role("button", name="Leave now")
        page.locator(".app-lesson__end").scroll_into_view_if_needed()
        expect(leave).to_be_in_viewport()
        if way == "button":
            leave.click()
        else:
            for _press in range(3):
                page.keyboard.press("Shift")
        expect(page).to_have_url(AWAY)
        expect(page.get_by_text("Sunny spells.")).to_be_visible()
