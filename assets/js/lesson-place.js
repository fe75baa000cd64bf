const SECONDS_BETWEEN = 5;

/**
 * Remember the last block read, so that the lesson opens there next time.
 *
 * `main` carries the address to tell in data-place-url; the blocks carry data-block-id. A failure is
 * silent: losing one's place must never get in the way of reading.
 */
export function rememberPlace(main) {
  if (!main || !("IntersectionObserver" in window)) return;
  const token = document.querySelector("input[name='csrfmiddlewaretoken']")?.value;
  const blocks = [...main.querySelectorAll("[data-block-id]")];
  if (!token || blocks.length === 0) return;

  let current = null;
  let told = null;
  let toldAt = 0;
  let timer = null;

  function tell() {
    clearTimeout(timer);
    timer = null;
    if (current === null || current === told) return;
    told = current;
    toldAt = Date.now();
    fetch(main.dataset.placeUrl, {
      method: "POST",
      body: new URLSearchParams({ block: current }),
      headers: { "X-CSRFToken": token },
      credentials: "same-origin",
      keepalive: true,
    }).catch(() => {});
  }

  function tellSoon() {
    if (timer !== null) return;
    timer = setTimeout(tell, Math.max(0, toldAt + SECONDS_BETWEEN * 1000 - Date.now()));
  }

  // A block is being read while it crosses the upper middle of the window.
  const observer = new IntersectionObserver(
    (entries) => {
      const reached = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
      if (reached.length === 0) return;
      const last = reached.reduce((a, b) => (blocks.indexOf(a) > blocks.indexOf(b) ? a : b));
      current = last.dataset.blockId;
      tellSoon();
    },
    { rootMargin: "-20% 0px -50% 0px" },
  );
  for (const block of blocks) observer.observe(block);

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tell();
  });
}
