const SECONDS_BETWEEN = 3;
// Much of this work is done in a moment.
const SECONDS_TO_FIRST = 1;

/**
 * Follow work that goes on elsewhere: ask for this page again, show the new figures, and move on once
 * there are none. Without scripts a link on the page does the same.
 */
export function followProgress(region) {
  if (!region) return;
  const again = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("[data-follow-progress]");
      const isSame = page.querySelector("h1")?.textContent === document.querySelector("h1")?.textContent;
      if (!answer.ok || !next || !isSame) {
        location.reload();
        return;
      }
      if (next.textContent !== region.textContent) region.replaceChildren(...next.childNodes);
    } catch {
      // Out of reach for a moment: the work goes on all the same.
    }
    setTimeout(again, SECONDS_BETWEEN * 1000);
  };
  setTimeout(again, SECONDS_TO_FIRST * 1000);
}
