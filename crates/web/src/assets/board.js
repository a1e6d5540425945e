// Cards are moved by hand and by key; without this script their buttons do the same.

import { ask, take } from './live.js';

const form = document.querySelector('#move');
const board = document.querySelector('.board');
const columns = () => [...board.querySelectorAll('[data-drop]')];

async function move(card, column) {
  const from = card.closest('.column');
  if (!column || column === from) return;
  const to = column.dataset.stage;
  const reason = to === 'rejected' ? prompt(form.dataset.reason) : '';
  if (reason === null) return;
  const body = new URLSearchParams({
    csrf: form.elements.csrf.value,
    application: card.dataset.application,
    from: from.dataset.stage,
    to,
    reason,
  });
  const answer = await ask('POST', body);
  if (answer?.response) take(answer.response);
}

if (board && form.querySelector('.ticked')) {
  form.querySelector('.keys').hidden = false;
  board.addEventListener('dragstart', (event) => event.target.closest('[data-application]')?.classList.add('dragged'));
  board.addEventListener('dragend', () => board.querySelector('.dragged')?.classList.remove('dragged'));
  board.addEventListener('dragover', (event) => {
    const over = event.target.closest('[data-drop]');
    if (over) event.preventDefault();
    for (const column of columns()) column.classList.toggle('over', column === over);
  });
  board.addEventListener('drop', (event) => {
    event.preventDefault();
    const card = board.querySelector('.dragged');
    for (const column of columns()) column.classList.remove('over');
    card?.classList.remove('dragged');
    if (card) move(card, event.target.closest('[data-drop]'));
  });
  board.addEventListener('keydown', (event) => {
    const card = event.target.closest('[data-application]');
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!card || !step || !event.shiftKey) return;
    event.preventDefault();
    move(card, columns()[columns().indexOf(card.closest('.column')) + step]);
  });
}
