// SPDX-License-Identifier: Apache-2.0
// The button "tell me when it is my turn", where the hub and the browser can do it.
import { newKey, request } from './api.js';

const able = 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis;
let said = ''; // what became of it; the page is replaced while it stands open

async function subscribe(place) {
  if (await Notification.requestPermission() !== 'granted') return 'denied';
  const worker = await navigator.serviceWorker.register(new URL('push_worker.js', import.meta.url), { scope: '/t/' });
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: place.dataset.push });
  await request('POST', `${location.pathname}/push`, { create: newKey(), body: subscription.toJSON() });
  return 'on';
}

/// Shows the button of `page`, if there is one, and what became of it.
export function offerPush(page) {
  const place = page.querySelector('[data-push]');
  if (!place || !able) return;
  const button = place.querySelector('button');
  const note = place.querySelector('[role=status]');
  place.hidden = false;
  const show = () => {
    button.hidden = said === 'on';
    note.textContent = said ? place.dataset[said] : '';
  };
  button.addEventListener('click', async () => {
    button.disabled = true;
    said = await subscribe(place).catch(() => 'failed');
    button.disabled = false;
    show();
  });
  show();
}
