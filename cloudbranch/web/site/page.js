// SPDX-License-Identifier: Apache-2.0
import { follow } from './live.js';
import { ServerClock } from './server_clock.js';

export const main = document.getElementById('main');
export const words = JSON.parse(main.dataset.words);

/// A text with its "{name}"s replaced.
export const say = (key, values = {}, from = words) =>
  (from[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

/// Says in the page's alert what went wrong and what to do.
export function complain(refusal) {
  const { code, problem } = refusal;
  const key = code === 'offline' || code in words ? code : problem?.status === 429 ? 'tooMany' : 'failed';
  const note = document.createElement('p');
  note.className = 'note';
  note.textContent = say(key);
  main.querySelector('[role=alert]').replaceChildren(note);
  note.scrollIntoView({ block: 'nearest' });
}

const old = 20_000; // the hub is heard at least every 15 s

/// Keeps a page that the hub has rendered true: asks for it again when something has changed (at most every `pace` ms
/// and a little, so that a hall full of phones does not ask at once) and gives it to `take`. What cannot be renewed
/// says how old it is.
export function keepLive({ pace, take, call, queue: changed, tick }) {
  const clock = new ServerClock(() => performance.now());
  if (main.dataset.now) clock.set(main.dataset.now);
  let known = main.dataset.position; // of the log, as far as the page shows it
  let heard = performance.now();
  let fetching = false;
  let again = false;

  async function renew() {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    try {
      do {
        again = false;
        await new Promise((done) => setTimeout(done, pace * Math.random()));
        const response = await fetch(main.dataset.address ?? location.href, { cache: 'no-store', redirect: 'error' });
        if (response.ok) take(new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('main'));
        await new Promise((done) => setTimeout(done, pace));
      } while (again);
    } catch { /* the next change or reconnect asks again */
      known = '';
    } finally {
      fetching = false;
    }
  }

  function showAge() {
    const age = performance.now() - heard;
    const seconds = Math.floor(age / 1000);
    for (const place of document.querySelectorAll('[data-age]')) {
      place.classList.toggle('old', age > old);
      if (age <= old) place.textContent = say('asOf', { time: clock.text(-age) });
      else if (seconds < 120) place.textContent = say('age.seconds', { n: seconds - (seconds % 5) });
      else place.textContent = say('age.minutes', { n: Math.floor(seconds / 60) });
    }
    tick?.(clock, age);
  }

  follow(main.dataset.branch, {
    time: (now) => clock.set(now),
    queue: (queue) => {
      changed?.(queue);
      if (String(queue.position) !== known) renew();
      known = String(queue.position);
    },
    call: (entry) => call?.(entry, clock),
    alive: () => {
      heard = performance.now();
      showAge();
    },
  });
  setInterval(showAge, 1000);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && renew());
  return clock;
}
