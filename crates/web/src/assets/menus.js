// What unfolds over a page folds up again: by Escape, and by a press beside it.

const open = () => document.querySelectorAll('details:is(.menu, .more)[open]');

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const one of open()) {
    const hadFocus = one.contains(document.activeElement);
    one.open = false;
    if (hadFocus) one.querySelector('summary').focus();
  }
});
document.addEventListener('click', (event) => {
  for (const one of open()) if (!one.contains(event.target)) one.open = false;
});
