// How far a sync has come, as the server tells it. When it ends, the parts of the page that it changes are taken anew;
// what is being ticked or typed beside them stays.

import { ask, take } from './live.js';

const card = document.querySelector('[data-sync]');
const megabytes = new Intl.NumberFormat(document.documentElement.lang, {
  style: 'unit', unit: 'megabyte', maximumFractionDigits: 1,
});

function show(told) {
  const texts = {
    listed: told.listed,
    ingested: told.ingested,
    videos: `${told.videos} / ${told.videos_wanted}`,
    bytes: megabytes.format(told.bytes / 1e6),
  };
  for (const place of card.querySelectorAll('[data-told]')) place.textContent = texts[place.dataset.told];
  const bar = card.querySelector('progress');
  if (bar && told.videos_wanted > 0) Object.assign(bar, { max: told.videos_wanted, value: told.videos });
}

if (card) {
  const events = new EventSource(card.dataset.sync);
  events.addEventListener('progress', async (event) => {
    const told = JSON.parse(event.data);
    if (told.running) return show(told);
    events.close();
    const answer = await ask('GET');
    if (answer?.status === 200) take(answer.response);
  });
}
