import { initAll } from "./govuk-frontend.min.js";
import { closeOnLeaving } from "./account-menu.js";
import { copyButtons } from "./copy.js";
import { keepDrafts, keepReflections } from "./keeping.js";
import { rememberPlace } from "./lesson-place.js";
import { followProgress } from "./progress.js";
import { rememberSeconds } from "./recordings.js";

initAll();
closeOnLeaving(document.querySelector("[data-account-menu]"));
copyButtons(document.querySelectorAll("[data-copy-from]"));
rememberPlace(document.querySelector("main[data-place-url]"));
keepDrafts(document.querySelectorAll("form[data-draft-url]"));
keepReflections(document.querySelectorAll("form[data-keep-text]"));
rememberSeconds(document.querySelectorAll("[data-recording]"));
followProgress(document.querySelector("[data-follow-progress]"));

// MoJ's behaviours are a second file, fetched only by pages that have one.
if (document.querySelector("[data-module^='moj-']")) {
  import("./moj-frontend.min.js").then((moj) => moj.initAll());
}

// After an answer the page opens at its question: what became of it is the first thing to hear. Once
// the page is loaded, since following a fragment moves the focus too.
window.addEventListener("load", () => {
  const question = CSS.escape(location.hash.slice(1));
  document
    .querySelector(question ? `[data-result="${question}"]` : "[data-focus-on-load]")
    ?.focus({ preventScroll: Boolean(question) });
});
