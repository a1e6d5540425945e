// What somebody else changes shows at once: the server tells that something did, and the parts that may differ are taken
// from a fresh copy of this very page.

const watched = document.querySelector('[data-events]');

export function take(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const focused = document.activeElement?.closest('[data-application]')?.dataset.application;
  for (const old of document.querySelectorAll('[data-live]')) {
    const fresh = page.querySelector(`[data-live="${old.dataset.live}"]`);
    if (fresh && !old.querySelector('.dragged')) old.replaceChildren(...fresh.childNodes);
  }
  if (focused) document.querySelector(`[data-application="${focused}"] a`)?.focus();
  document.dispatchEvent(new Event('taken'));
}

async function refresh() {
  const answer = await fetch(location.href);
  if (answer.ok) take(await answer.text());
  else location.reload();
}

if (watched) {
  const events = new EventSource(watched.dataset.events);
  events.addEventListener('changed', refresh);
  events.addEventListener('gone', () => {
    events.close();
    // Where something may have been typed, the page stays, and says so.
    if (!watched.dataset.gone) return location.reload();
    const notice = Object.assign(document.createElement('p'), { className: 'notice problem', role: 'alert' });
    notice.textContent = watched.dataset.gone;
    watched.before(notice);
  });
}
