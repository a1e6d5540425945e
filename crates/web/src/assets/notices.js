// How many notices wait, in the head of every page. The stream is held only while the page can be seen: a browser opens few
// connections to one place, and hidden pages must not keep them from the others.

const bell = document.querySelector('.bell');
let events;

function show(count) {
  const badge = bell.querySelector('.count');
  badge.textContent = count > 99 ? '99+' : count;
  badge.hidden = count === 0;
}

function follow() {
  if (document.hidden || events) return;
  events = new EventSource(bell.dataset.follow);
  events.addEventListener('changed', (event) => show(Number(event.data)));
  events.addEventListener('gone', leave);
}

function leave() {
  events?.close();
  events = undefined;
}

if (bell) {
  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : follow()));
  addEventListener('pagehide', leave);
  addEventListener('pageshow', follow);
  follow();
}
