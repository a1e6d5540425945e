// Notes are tied to the second at which the video stands.

const notes = document.querySelector('[data-notes]');
const video = document.querySelector('[data-player] video');
if (notes && video) {
  const button = notes.querySelector('[data-note]');
  const rows = () => [...notes.querySelectorAll('.jot')];
  const isEmpty = (row) => [...row.querySelectorAll('input')].every((input) => !input.value);
  const place = (seconds) => {
    const two = (part) => String(part).padStart(2, '0');
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const last = two(Math.floor(seconds) % 60);
    return hours ? `${hours}:${two(minutes)}:${last}` : `${minutes}:${last}`;
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    let row = rows().find(isEmpty);
    if (!row) {
      row = rows().at(-1).cloneNode(true);
      for (const input of row.querySelectorAll('input')) input.value = '';
      button.before(row);
    }
    row.querySelector('[name=at]').value = place(video.currentTime);
    row.querySelector('[name=note]').focus();
  });
}
