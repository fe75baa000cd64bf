const SECONDS_BETWEEN = 5;
const NEAR_AN_END = 10;

/**
 * Go on where somebody stopped watching or listening. The second is kept in the browser, by the
 * number of the recording, and nothing else about them.
 */
export function rememberSeconds(players) {
  for (const player of players) {
    const key = `recording-${player.dataset.recording}`;
    const told = player.parentElement.querySelector("[data-came-back]");
    let kept = 0;

    const comeBack = () => {
      const second = Number(read(key));
      if (!(second > NEAR_AN_END && second < player.duration - NEAR_AN_END)) return;
      player.currentTime = kept = second;
      if (told) told.hidden = false;
    };
    if (player.readyState >= HTMLMediaElement.HAVE_METADATA) comeBack();
    else player.addEventListener("loadedmetadata", comeBack, { once: true });

    player.addEventListener("timeupdate", () => {
      if (Math.abs(player.currentTime - kept) < SECONDS_BETWEEN) return;
      kept = player.currentTime;
      write(key, String(Math.floor(kept)));
    });
    player.addEventListener("pause", () => write(key, String(Math.floor(player.currentTime))));
    player.addEventListener("play", () => told && (told.hidden = true));
    player.addEventListener("ended", () => write(key, "0"));
  }
}

// A browser may forbid keeping anything: then a recording begins at its beginning.
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // nothing is kept
  }
}
