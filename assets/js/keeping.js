const WAIT = 800;

/**
 * Keep what is typed while it is typed, so that another day or device finds it again.
 *
 * One address per form; what was typed last is sent last, since each waits for the one before it. A
 * page that is closing sends at once. Without this script a button does the same.
 */
function keep(form, url, read, tell) {
  let timer = null;
  let isBusy = false;
  let kept = read().toString();

  async function send() {
    clearTimeout(timer);
    timer = null;
    const body = read();
    if (body.toString() === kept || form.dataset.isSent) return;
    if (isBusy && document.visibilityState !== "hidden") {
      timer = setTimeout(send, WAIT);
      return;
    }
    isBusy = true;
    try {
      const answer = await fetch(url, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
        keepalive: true,
        redirect: "manual",
      });
      if (answer.ok) kept = body.toString();
      tell(answer.ok, (await answer.text()).slice(0, 200), answer.headers.get("Content-Type"));
    } catch {
      tell(false, "", "");
      timer = setTimeout(send, WAIT * 5); // out of reach for a moment
    } finally {
      isBusy = false;
    }
  }

  function sendSoon() {
    clearTimeout(timer);
    timer = setTimeout(send, WAIT);
  }

  form.addEventListener("input", sendSoon);
  form.addEventListener("change", sendSoon);
  form.addEventListener("submit", () => {
    form.dataset.isSent = "yes";
    clearTimeout(timer);
  });
  addEventListener("pageshow", () => delete form.dataset.isSent); // come back to by the back button
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send();
  });
}

function fields(form) {
  return () => new URLSearchParams(new FormData(form));
}

/** Half-filled answers: kept in silence, since sending the answer is what counts. */
export function keepDrafts(forms) {
  for (const form of forms) keep(form, form.dataset.draftUrl, fields(form), () => {});
}

/** Reflections: saved, and told so. */
export function keepReflections(forms) {
  for (const form of forms) {
    const saved = form.querySelector("[data-saved]");
    keep(form, form.action, fields(form), (isKept, words, type) => {
      const isPlain = (type ?? "").startsWith("text/plain");
      saved.textContent = isPlain && words ? words : saved.dataset.failed;
      saved.classList.toggle("app-reflection__saved--not", !isKept);
    });
  }
}
