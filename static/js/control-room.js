// Keeps the control room up to date: every minute it reads its own page again and takes over the table.

const region = document.getElementById("control-room");
const pause = document.querySelector("[data-refresh-pause]");
const trouble = document.querySelector("[data-refresh-trouble]");
const every = Number(region.dataset.refresh) * 1000;

let readAt = Date.now();
let paused = false;
let reading = false;

/** Whether somebody is in the table: they keep what is under their hands until they have left it. */
function occupied() {
  const selection = document.getSelection();
  const selecting = selection && !selection.isCollapsed && region.contains(selection.anchorNode);
  return region.contains(document.activeElement) || selecting;
}

async function refresh() {
  if (paused || reading || document.hidden || occupied() || Date.now() - readAt < every) {
    return;
  }
  reading = true;
  try {
    const fresh = await read();
    // Somebody may have come in meanwhile.
    if (!paused && !occupied()) {
      region.replaceChildren(...fresh.childNodes);
      readAt = Date.now();
      tell("");
    }
  } catch (error) {
    tell(error instanceof SignedOut ? "Not up to date: you are signed out." : "Not up to date: no connection. We keep trying.");
  } finally {
    reading = false;
  }
}

class SignedOut extends Error {}

async function read() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    throw new Error(`The control room answered ${answer.status}`);
  }
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(region.id);
  if (!found) {
    throw new SignedOut();
  }
  return found;
}

function tell(words) {
  if (trouble.textContent !== words) {
    trouble.textContent = words;
  }
}

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Refresh every minute" : "Stop refreshing every minute";
});
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, Math.min(every, 1000));
