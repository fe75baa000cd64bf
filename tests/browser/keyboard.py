"""Finding one's way by keyboard alone, and seeing where one is."""

from playwright.sync_api import Locator, Page

# GOV.UK's radios and checkboxes are drawn by their labels, so these count too.
_LOOK = """
() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const styles = () => [
    [here, null],
    ...[...(here.labels ?? [])].flatMap((label) => [[label, null], [label, "::before"]]),
  ].map(([element, part]) => {
    const style = getComputedStyle(element, part);
    return {
      outline: style.outlineStyle === "none" ? "" :
        `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`,
      shadow: style.boxShadow === "none" ? "" : style.boxShadow,
    };
  });
  const focused = styles();
  const box = (here.labels?.[0] ?? here).getBoundingClientRect();
  const own = here.getBoundingClientRect();
  const inside = (b) => b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth;
  here.blur();
  const plain = styles();
  here.focus({ preventScroll: true, focusVisible: true });
  return {
    what: here.outerHTML.slice(0, 200),
    drawn: focused.some((style, n) => (style.outline && style.outline !== plain[n].outline)
      || (style.shadow && style.shadow !== plain[n].shadow)),
    inside: inside(box) || inside(own),
  };
}
"""


def assert_focus_is_seen(page: Page) -> None:
    """What has the focus is in the window, and an outline or shadow is there because of it."""
    seen = page.evaluate(_LOOK)
    if seen is None:  # the browser itself has it, between the last thing and the first
        return
    assert seen["drawn"], f"Nothing shows that this has the focus: {seen['what']}"
    assert seen["inside"], f"This has the focus outside the window: {seen['what']}"


def has_focus(target: Locator) -> bool:
    return bool(target.evaluate("element => element === document.activeElement"))


def tab_to(page: Page, target: Locator, *, steps: int = 120) -> None:
    """Press Tab until `target` has the focus; each stop on the way must be seen."""
    for _step in range(steps):
        page.keyboard.press("Tab")
        assert_focus_is_seen(page)
        if has_focus(target):
            return
    raise AssertionError(f"Tab does not lead to {target} within {steps} steps.")


def tab_to_and_type(page: Page, target: Locator, text: str) -> None:
    tab_to(page, target)
    page.keyboard.type(text)


def tab_to_and_press(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)


def choose_radio(page: Page, radios: Locator, wanted: int) -> None:
    """Enter a group of radios by Tab, and go down by arrow to the one that is wanted."""
    tab_to(page, radios.first)
    page.keyboard.press("Space")
    for _step in range(wanted):
        page.keyboard.press("ArrowDown")
        assert_focus_is_seen(page)
    assert radios.nth(wanted).is_checked()


def choose_option(page: Page, select: Locator, label: str) -> None:
    """Go to a list, and down by arrow to the option that is wanted."""
    tab_to(page, select)
    for _step in range(select.locator("option").count()):
        if select.evaluate("list => list.selectedOptions[0].label.trim()") == label:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{label!r} is not among the options of {select}.")
