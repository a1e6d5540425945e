// Files: dropped or chosen, sent in parts by the tus protocol. A connection that breaks is waited for, a page that was
// loaded again goes on with the same file where it was, and nothing that has arrived is sent twice.

import { ask, take } from './live.js';

const PART = 8 << 20;
// Seconds before the next attempt; the last one again and again.
const WAITS = [1, 2, 5, 10, 30];
// A part of which nothing moves for so many seconds is sent again.
const STALLED = 30;

const form = document.querySelector('[data-upload]');
// Asked for each time: after a new sign-in the page has another one.
const token = () => document.querySelector('meta[name="csrf"]')?.content;

/** Why the server does not take a file: trying again would not help. */
class Refused extends Error {}

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
const online = () => new Promise((resolve) => addEventListener('online', resolve, { once: true }));

/** A file under way, and its row on the page. */
class Transfer {
  constructor(file) {
    this.file = file;
    this.row = form.querySelector('template').content.firstElementChild.cloneNode(true);
    this.row.querySelector('.name').textContent = file.name;
    this.bar = this.row.querySelector('progress');
    this.told = this.row.querySelector('output');
    this.pauseButton = this.row.querySelector('[data-pause]');
    this.pauseButton.addEventListener('click', () => this.pause(!this.paused));
    this.row.querySelector('[data-stop]').addEventListener('click', () => this.stop());
    form.querySelector('.transfers').append(this.row);
  }

  pause(paused) {
    this.paused = paused;
    this.pauseButton.textContent = this.pauseButton.dataset[paused ? 'resume' : 'pause'];
    if (paused) this.tell(form.dataset.paused);
    this.request?.abort();
    this.wake?.();
  }

  stop() {
    this.stopped = true;
    this.request?.abort();
    this.wake?.();
  }

  woken() {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  tell(text) {
    this.told.textContent = text;
  }

  show(sent) {
    this.bar.value = sent / this.file.size;
    this.tell(`${Math.floor(100 * this.bar.value)} %`);
  }

  /** Sends the file, however often the connection breaks; gives whether it is there. */
  async run() {
    this.key = await keyOf(this.file);
    let failures = 0;
    while (!this.stopped) {
      try {
        if (this.paused) await this.woken();
        else {
          await this.send(() => {
            failures = 0;
          });
          return this.end(true);
        }
      } catch (trouble) {
        if (trouble instanceof Refused) {
          this.tell(trouble.message);
          return this.end(false);
        }
        if (this.paused || this.stopped) continue;
        this.tell(form.dataset.waiting);
        const seconds = WAITS[Math.min(failures, WAITS.length - 1)];
        failures += 1;
        await Promise.race([sleep(seconds), online(), this.woken()]);
      }
    }
    this.row.remove();
    if (this.address) await this.ask('DELETE', this.address).catch(() => {});
    return this.end(false);
  }

  end(isThere) {
    localStorage.removeItem(this.key);
    for (const button of this.row.querySelectorAll('button')) button.hidden = true;
    return isThere;
  }

  async send(moved) {
    let state = await this.state();
    while (!state.getResponseHeader('Dossier-Material')) {
      const offset = Number(state.getResponseHeader('Upload-Offset'));
      this.show(offset);
      const headers = { 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' };
      const part = this.file.slice(offset, offset + PART);
      state = await this.ask('PATCH', this.address, headers, part, (sent) => this.show(offset + sent));
      moved();
    }
    this.show(this.file.size);
  }

  /** How the upload stands; it is begun if there is none. */
  async state() {
    this.address = localStorage.getItem(this.key);
    if (this.address) {
      const known = await this.ask('HEAD', this.address).catch((trouble) => {
        if (trouble instanceof Refused) return null;
        throw trouble;
      });
      if (known) return known;
    }
    const name = btoa(String.fromCharCode(...new TextEncoder().encode(this.file.name)));
    const headers = { 'Upload-Length': this.file.size, 'Upload-Metadata': `filename ${name}` };
    const begun = await this.ask('POST', form.dataset.upload, headers);
    this.address = begun.getResponseHeader('Location');
    localStorage.setItem(this.key, this.address);
    return begun;
  }

  /** Asks the server; fails with `Refused` where the answer is final, and otherwise where it is worth trying again. */
  ask(method, address, headers = {}, body = null, watch = () => {}) {
    const request = new XMLHttpRequest();
    this.request = request;
    request.open(method, address);
    const all = { 'Tus-Resumable': '1.0.0', 'x-csrf-token': token(), ...headers };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    return new Promise((resolve, reject) => {
      let stalled;
      const alive = () => {
        clearTimeout(stalled);
        stalled = setTimeout(() => request.abort(), 1000 * STALLED);
      };
      request.upload.onprogress = (event) => {
        alive();
        watch(event.loaded);
      };
      request.onloadend = () => {
        clearTimeout(stalled);
        const { status } = request;
        if (status >= 200 && status < 300) resolve(request);
        else if (status >= 400 && status < 500 && ![401, 408, 409, 429].includes(status)) reject(new Refused(reason(request)));
        else reject(new Error(`broken off: ${status}`));
      };
      alive();
      request.send(body);
    });
  }
}

/** What the server says is wrong, for the person. */
function reason(request) {
  try {
    return JSON.parse(request.responseText).detail;
  } catch {
    return String(request.status);
  }
}

/** Under what an upload is remembered: a digest, since a file's name may tell of a person. */
async function keyOf(file) {
  const text = [form.dataset.upload, file.name, file.size, file.lastModified].join('\n');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `upload:${[...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Sends files one after the other. Once all are there the page is shown anew; where some were refused, the others are. */
async function sendAll(files) {
  const transfers = [...files].map((file) => new Transfer(file));
  const there = [];
  for (const transfer of transfers) if (await transfer.run()) there.push(transfer);
  if (there.length === 0) return;
  if (there.length === transfers.length) return location.reload();
  const answer = await ask('GET');
  if (answer?.status === 200) take(answer.response);
  for (const transfer of there) transfer.row.remove();
}

if (form) {
  const drop = form.querySelector('.drop');
  // A file that misses its place would take the browser away from the page.
  for (const name of ['dragover', 'drop']) addEventListener(name, (event) => event.preventDefault());
  const input = form.querySelector('input[type="file"]');
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
  }
  for (const name of ['dragleave', 'drop']) drop.addEventListener(name, () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    sendAll(event.dataTransfer.files);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    sendAll(input.files);
    input.value = '';
  });
  const remembered = Object.entries(localStorage).some(
    ([key, address]) => key.startsWith('upload:') && address.startsWith(form.dataset.upload),
  );
  form.querySelector('[data-unfinished]').hidden = !remembered;
}
