// Asks for the page again every few seconds, and redraws it when its ETag says that it has changed.
async function follow() {
  const shown = document.querySelector("main");
  const answer = await fetch(shown.dataset.here, { headers: { "If-None-Match": shown.dataset.tag } });
  if (answer.status === 200) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    fresh.querySelector("details")?.toggleAttribute("open", Boolean(shown.querySelector("details")?.open));
    shown.replaceWith(fresh);
  } else if (answer.status !== 304 && answer.status < 500) {
    location.reload();
    return;
  }
  later();
}

function later() {
  const every = Number(document.querySelector("main").dataset.every);
  if (every) setTimeout(() => follow().catch(later), 1000 * every);
}

later();
