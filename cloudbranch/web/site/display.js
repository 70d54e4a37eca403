// SPDX-License-Identifier: Apache-2.0
import { Announcements } from './announcements.js';
import { keepLive, main, say, words } from './page.js';

const english = JSON.parse(main.dataset.wordsEn);
const languages = (new URLSearchParams(location.search).get('voice') ?? 'zh-CN,en').split(',').filter(Boolean);
const startSound = main.querySelector('[data-sound]');
const old = 20_000; // the hub is heard at least every 15 s

const announcements = new Announcements((at) => clock.since(at));
let speaking = false;

const longest = 20_000; // of one announcement: a dead sound device must not silence what follows

/// One sound to its end; false if the browser wants a touch first. What cannot be loaded counts as spoken: the call is
/// on the screen, and the next must not wait for it.
function play(url) {
  return new Promise((done) => {
    const sound = new Audio(url);
    setTimeout(() => done(true), longest);
    sound.onended = () => done(true);
    sound.onerror = () => done(true);
    sound.play().then(() => main.dispatchEvent(new CustomEvent('spoken', { detail: url })), (error) => done(error.name !== 'NotAllowedError'));
  });
}

async function speak() {
  if (speaking) return;
  speaking = true;
  for (let call = announcements.next(); call; call = announcements.next()) {
    for (const language of languages) {
      const heard = await play(`/v1/branches/${main.dataset.branch}/calls/${call.position}/voice.wav?language=${language}`);
      startSound.hidden = heard;
    }
  }
  speaking = false;
}

startSound.addEventListener('click', () => {
  startSound.hidden = true;
  speak();
});

const clock = keepLive({
  pace: 100,
  call(call) {
    announcements.add(call);
    speak();
  },
  queue: (queue) => announcements.keepOnly(queue.calls),
  take(fresh) {
    main.dataset.position = fresh.dataset.position;
    for (const part of fresh.querySelectorAll('[data-part]')) {
      const shown = main.querySelector(`[data-part="${part.dataset.part}"]`);
      if (shown.innerHTML !== part.innerHTML) shown.replaceChildren(...part.childNodes);
    }
  },
  tick(now, age) {
    main.querySelector('[data-clock]').textContent = now.text().slice(0, 5);
    const place = main.querySelector('[data-lost]');
    const seconds = Math.floor(age / 1000);
    const key = seconds < 120 ? 'lost' : 'lost.minutes';
    const n = seconds < 120 ? seconds - (seconds % 5) : Math.floor(seconds / 60);
    place.hidden = age <= old;
    if (age > old) place.textContent = `${say(key, { n }, words)} · ${say(key, { n }, english)}`;
  },
});
