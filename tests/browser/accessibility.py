"""What axe and a narrow window find."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (320, 1280)
HEIGHT = 900
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_OPTIONS = {"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]}
_AXE = Axe().axe_script

_TOO_WIDE = """
() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > room + 1)
    .map((element) => element.outerHTML.slice(0, 120)).slice(0, 5);
}
"""


def violations(page: Page, within: str = "") -> list[str]:
    """List what axe finds against WCAG 2.2 AA on the page as it stands, or in a part of it."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_AXE)
    found: dict[str, Any] = page.evaluate(
        "([within, options]) => axe.run(within || document, options)", [within, _OPTIONS]
    )
    return [
        f"{each['id']}: {each['help']}\n    "
        + "\n    ".join(node["html"][:300] for node in each["nodes"])
        for each in found["violations"]
    ]


def too_wide(page: Page) -> list[str]:
    """List what makes the page scroll sideways."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


# A menu on its way to its place, or a message that fades in, is neither one thing nor the other.
_AT_REST = """async () => {
  const moving = document.getAnimations().filter(
    (a) => a.playState === "running" && a.effect.getComputedTiming().endTime !== Infinity);
  const patience = new Promise((resolve) => setTimeout(resolve, 3000));
  await Promise.race([Promise.allSettled(moving.map((a) => a.finished)), patience]);
}"""


def assert_accessible(page: Page, *, within: str = "") -> None:
    """Look at the page on a small telephone and on a desk: no violation, no scrolling sideways.

    `within` is a selector: axe then looks at that part only, which is much faster.
    """
    problems = []
    size = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.evaluate(_AT_REST)
        problems += [f"{width} px: {problem}" for problem in violations(page, within)]
        problems += [f"{width} px, too wide: {element}" for element in too_wide(page)]
    if size:
        page.set_viewport_size(size)
    assert not problems, f"{page.url}\n" + "\n".join(problems)
