// SPDX-License-Identifier: Apache-2.0
import { newKey, request } from './api.js';
import { complain, keepLive, main } from './page.js';

keepLive({
  pace: 2500,
  take(fresh) {
    main.dataset.position = fresh.dataset.position;
    const focus = document.activeElement?.getAttribute('aria-label');
    for (const part of fresh.querySelectorAll('[data-part]')) {
      main.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
    }
    if (focus) [...main.querySelectorAll('[aria-label]')].find((element) => element.getAttribute('aria-label') === focus)?.focus();
  },
});

// A number from afar; the key stays for the service until an answer has come, so that a second touch takes no second one.
const keys = {};
let taking = false;
main.addEventListener('submit', async (event) => {
  const service = event.submitter?.value;
  if (!service) return; // an old browser: the plain form goes
  event.preventDefault();
  if (taking) return;
  taking = true;
  keys[service] ??= newKey();
  try {
    const visit = await request('POST', `/v1/branches/${main.dataset.branch}/visits`,
      { create: keys[service], body: { service, language: document.documentElement.lang, channel: 'remote' } });
    location.assign(`/t/${visit.token}`);
  } catch (refusal) {
    if (refusal.code !== 'offline') delete keys[service];
    complain(refusal);
  } finally {
    taking = false;
  }
});
