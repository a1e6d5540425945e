// Choosing many at once, and finding one's way by keyboard: / searches, j and k move, x chooses, Enter
// opens, ? tells of them.

const boxes = () => [...document.querySelectorAll('tbody input[name="application"]')];
const all = document.querySelector('[data-all]');
const told = document.querySelector('[data-chosen]');
const form = told?.closest('form');
const everything = form?.querySelector('[name="all"]');
const untick = form?.querySelector('[data-untick]');

// What is ticked on other pages of the same search, for as long as the tab is open, the user is the same, and nothing was
// asked for with it.
const TICKED = 'ticked';
const { user } = document.querySelector('.ending')?.dataset ?? {};
let elsewhere = [];

function keep() {
  const ids = [...elsewhere, ...boxes().filter((box) => box.checked).map((box) => box.value)];
  sessionStorage.setItem(TICKED, JSON.stringify({ user, q: form.elements.q.value, ids }));
}

function remember() {
  const { user: whose, q, ids = [] } = JSON.parse(sessionStorage.getItem(TICKED) ?? '{}');
  if (whose !== user || q !== form.elements.q.value) return;
  const here = new Map(boxes().map((box) => [box.value, box]));
  for (const id of ids) if (here.has(id)) here.get(id).checked = true;
  elsewhere = ids.filter((id) => !here.has(id));
  for (const value of elsewhere) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'application', value }));
  }
}

function tell() {
  if (!told) return;
  const here = boxes().filter((box) => box.checked).length;
  const chosen = everything?.checked ? Number(everything.dataset.total) : here + elsewhere.length;
  told.textContent = chosen ? told.dataset.some.replace('{}', chosen) : told.dataset.none;
  form.classList.toggle('idle', chosen === 0);
  untick.hidden = chosen === 0;
  if (all) {
    all.checked = here > 0 && here === boxes().length;
    all.indeterminate = here > 0 && !all.checked;
  }
  keep();
}

if (form) {
  remember();
  form.addEventListener('submit', () => sessionStorage.removeItem(TICKED));
  everything?.addEventListener('change', tell);
  untick.addEventListener('click', () => {
    for (const box of [...boxes(), ...(everything ? [everything] : [])]) box.checked = false;
    for (const hidden of form.querySelectorAll('input[type="hidden"][name="application"]')) hidden.remove();
    elsewhere = [];
    tell();
  });
}
if (all) {
  all.hidden = false;
  all.addEventListener('change', () => {
    for (const box of boxes()) box.checked = all.checked;
    tell();
  });
}
let last = null;
document.addEventListener('click', (event) => {
  const box = event.target;
  if (box.name !== 'application') return;
  const list = boxes();
  if (event.shiftKey && last && list.includes(last)) {
    const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
    for (const between of list.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  tell();
});
tell();

const rows = [...document.querySelectorAll('.candidates tbody tr:not(.snippets)')];
let current = -1;
function go(to) {
  rows[current]?.classList.remove('current');
  current = Math.max(0, Math.min(rows.length - 1, to));
  const row = rows[current];
  if (!row) return;
  row.classList.add('current');
  row.querySelector('th a').focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest('input:not([type="checkbox"]), select, textarea');
  if (event.key === 'Escape' && typing) typing.blur();
  if (typing) return;
  if (event.key === '/') {
    event.preventDefault();
    document.querySelector('#q').select();
  } else if (event.key === '?' && keys) {
    keys.open = !keys.open;
  } else if (event.key === 'j') go(current + 1);
  else if (event.key === 'k') go(current - 1);
  else if (event.key === 'x' && rows[current]) {
    const box = rows[current].querySelector('input[type="checkbox"]');
    if (box) box.click();
  }
});

const keys = document.querySelector('.keys');
if (keys) keys.hidden = false;
