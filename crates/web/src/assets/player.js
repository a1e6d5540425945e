// The video leads: transcript, questions and curve follow it, and each of them can move it.

const video = document.querySelector('[data-player] video');
const turns = [...document.querySelectorAll('.turn[data-from]')].map((element) => ({
  element,
  from: Number(element.dataset.from),
}));
const list = document.querySelector('.turns');
const follow = document.querySelector('label[data-follow]');

function jump(seconds, play) {
  if (!video) return;
  video.currentTime = seconds;
  if (play) video.play().catch(() => {});
}

document.addEventListener('click', (event) => {
  const mark = event.target.closest('[data-at]');
  if (!mark || !video || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  jump(Number(mark.dataset.at), true);
});

// The line that is being said.
let said = null;
function mark(seconds) {
  let now = null;
  for (const turn of turns) if (turn.from <= seconds + 0.05) now = turn.element;
  if (now === said) return;
  said?.removeAttribute('aria-current');
  said = now;
  if (!now) return;
  now.setAttribute('aria-current', 'true');
  if (follow?.querySelector('input').checked && !list.matches(':hover')) {
    list.scrollTo({ top: now.offsetTop - list.clientHeight / 3, behavior: 'smooth' });
  }
}

// The curve: a line where the video stands, and a click that moves it there.
const chart = document.querySelector('[data-curve] svg.chart[data-from]');
let head = null;
function place(seconds) {
  if (!chart || !video) return;
  const { from, to, left, right, top, bottom } = chart.dataset;
  if (!head) {
    head = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    head.setAttribute('class', 'playhead');
    head.setAttribute('y1', top);
    head.setAttribute('y2', bottom);
    chart.append(head);
  }
  const share = Math.min(1, Math.max(0, (seconds - from) / (to - from)));
  const x = Number(left) + share * (right - left);
  head.setAttribute('x1', x);
  head.setAttribute('x2', x);
}
chart?.addEventListener('click', (event) => {
  const { from, to, left, right } = chart.dataset;
  const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(chart.getScreenCTM().inverse());
  const share = Math.min(1, Math.max(0, (spot.x - left) / (right - left)));
  jump(Number(from) + share * (to - from), false);
});

if (video) {
  document.querySelector('.screen .controls').hidden = false;
  if (follow) follow.hidden = false;
  video.addEventListener('timeupdate', () => {
    mark(video.currentTime);
    place(video.currentTime);
  });
  for (const button of document.querySelectorAll('[data-speed]')) {
    button.addEventListener('click', () => {
      video.playbackRate = Number(button.dataset.speed);
      for (const other of document.querySelectorAll('[data-speed]')) {
        other.setAttribute('aria-pressed', String(other === button));
      }
    });
  }
  // Full screen with the watermark, not without.
  document.querySelector('[data-full]').addEventListener('click', () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else video.parentElement.requestFullscreen();
  });
  video.addEventListener('contextmenu', (event) => event.preventDefault());
  const hash = () => {
    const seconds = Number(/^#t=([\d.]+)$/.exec(location.hash)?.[1]);
    if (seconds >= 0) {
      jump(seconds, false);
      mark(seconds);
    }
  };
  addEventListener('hashchange', hash);
  if (video.readyState >= 1) hash();
  else video.addEventListener('loadedmetadata', hash, { once: true });
}

const print = document.querySelector('[data-print]');
if (print) {
  print.hidden = false;
  print.addEventListener('click', () => window.print());
}
