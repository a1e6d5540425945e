// What somebody else changes shows at once: the server tells that something did, and the parts that may differ are taken
// from a fresh copy of this very page.

const watched = document.querySelector('[data-events]');

// The browser itself reads the answer as a page: text is never made into one by a script.
export function ask(method, body) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open(method, location.href);
    request.responseType = 'document';
    request.onload = () => done(request);
    request.onerror = () => done(null);
    request.send(body);
  });
}

export function take(page) {
  const ticked = [...document.querySelectorAll('[data-live] input[name="application"]:checked')].map((box) => box.value);
  const focused = document.activeElement?.closest('[data-application]')?.dataset.application;
  for (const old of document.querySelectorAll('[data-live]')) {
    const fresh = page.querySelector(`[data-live="${old.dataset.live}"]`);
    if (fresh && !old.querySelector('.dragged')) old.replaceChildren(...fresh.childNodes);
  }
  for (const value of ticked) {
    const box = document.querySelector(`[data-live] input[name="application"][value="${value}"]`);
    if (box) box.checked = true;
  }
  if (focused) document.querySelector(`[data-application="${focused}"] a`)?.focus();
}

async function refresh() {
  const answer = await ask('GET');
  if (answer?.status === 200) take(answer.response);
  else if (answer && answer.status < 500 && answer.status !== 429 && !watched.dataset.gone) location.reload();
}

if (watched) {
  const events = new EventSource(watched.dataset.events);
  events.addEventListener('changed', refresh);
  events.addEventListener('gone', () => {
    events.close();
    // Where something may have been typed, the page stays, and says so.
    if (!watched.dataset.gone) return location.reload();
    const notice = Object.assign(document.createElement('p'), { className: 'notice problem' });
    notice.setAttribute('role', 'alert');
    notice.textContent = watched.dataset.gone;
    watched.before(notice);
  });
}
