// Tells in time that the session is about to end, lets one stay, and goes on after a new sign-in with what was typed.

const notice = document.querySelector('.ending');
const { early, user } = notice.dataset;
const chinese = document.documentElement.lang.startsWith('zh');
const pick = (zh, en) => (chinese ? zh : en);
let shown = '';
let timer;

function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...more });
}

const words = {
  soon: () => [
    element('p', pick('您已有一段时间没有操作，登录即将结束。', 'Nothing was asked for a while; you will be signed out soon.')),
    element('button', pick('保持登录', 'Stay signed in'), { type: 'button', className: 'primary', onclick: stay }),
  ],
  last: () => [
    element('p', pick('登录已达最长时限，即将结束；请保存手头的内容。',
      'Your session has lasted as long as it may and ends soon; save what you are doing.')),
  ],
  over: () => [
    element('p', pick('登录已结束。页面上填写的内容还在：重新登录后可回到这里继续。',
      'You have been signed out. What you typed is still here: sign in again, then go on.')),
    element('a', pick('在新标签页登录', 'Sign in in a new tab'), { className: 'button', href: '/sign-in?next=/account', target: '_blank' }),
  ],
  other: () => [
    element('p', pick('另一位用户在此浏览器登录了；请重新载入页面。', 'Another user has signed in in this browser; load the page anew.')),
  ],
};

function show(what) {
  if (what !== shown) notice.replaceChildren(...(words[what]?.() ?? []));
  shown = what;
  notice.hidden = !what;
}

function later(seconds) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(seconds, 1) * 1000);
}

function finish(what) {
  clearTimeout(timer);
  show(what);
}

function tell(left, goesOn) {
  if (left > early) {
    show('');
    later(left - early);
  } else {
    show(goesOn ? 'soon' : 'last');
    later(Math.min(left, 15));
  }
}

async function ask(request) {
  let answer;
  try {
    answer = await fetch('/session', { redirect: 'manual', cache: 'no-store', ...request });
  } catch {
    return later(15);
  }
  // A server in trouble says nothing of the session.
  if (answer.status === 429 || answer.status >= 500) return later(15);
  if (!answer.ok) return finish('over');
  const session = await answer.json();
  if (session.user !== user) return finish('other');
  // After a new sign-in the forms of this page belong to the new session.
  document.querySelector('meta[name="csrf"]').content = session.csrf;
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = session.csrf;
  tell(session.left, session.goes_on);
}

const look = () => ask({});
function stay() {
  const csrf = document.querySelector('meta[name="csrf"]').content;
  ask({ method: 'POST', body: new URLSearchParams({ csrf }) });
}
// Another tab may have kept the session, or begun a new one; timers stand still while a machine sleeps.
addEventListener('focus', look);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) look();
});
// A browser may show a page again as it left it, even to somebody who is no longer signed in.
addEventListener('pageshow', async ({ persisted }) => {
  if (!persisted) return;
  await look();
  if (shown === 'over' || shown === 'other') location.reload();
});
later(notice.dataset.left - early);
