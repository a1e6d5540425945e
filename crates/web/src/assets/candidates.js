// Choosing many at once, and finding one's way by keyboard: / searches, j and k move, x chooses, Enter opens.

const boxes = () => [...document.querySelectorAll('tbody input[name="application"]')];
const all = document.querySelector('[data-all]');
const told = document.querySelector('[data-chosen]');

function tell() {
  if (!told) return;
  const chosen = boxes().filter((box) => box.checked).length;
  told.textContent = chosen ? told.dataset.some.replace('{}', chosen) : told.dataset.none;
  told.closest('form').classList.toggle('idle', chosen === 0);
  if (all) {
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
  }
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
  } else if (event.key === 'j') go(current + 1);
  else if (event.key === 'k') go(current - 1);
  else if (event.key === 'x' && rows[current]) {
    const box = rows[current].querySelector('input[type="checkbox"]');
    if (box) box.click();
  }
});

// On a narrow window the filters open on demand.
if (matchMedia('(max-width: 1000px)').matches) document.querySelector('.refine details')?.removeAttribute('open');
