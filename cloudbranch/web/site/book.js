// SPDX-License-Identifier: Apache-2.0
import { newKey, request } from './api.js';
import { complain, main, say } from './page.js';

const form = main.querySelector('[data-book]');
const [service, start] = ['service', 'start'].map((name) => form.elements[name].value);
let confirmKey = '';
let hold = null;
let confirmed = false;

/// Keeps the time while name and phone are typed.
async function keep() {
  hold = await request('POST', `/v1/branches/${main.dataset.branch}/holds`, { create: newKey(), body: { service, start } });
  confirmKey = newKey(); // a repeated confirmation of this hold books once
  form.querySelector('[data-held]').textContent = say('held', { time: hold.expires.slice(11, 16) });
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  const fields = new FormData(form);
  try {
    if (!hold) await keep();
    const appointment = await request('POST', `/v1/holds/${hold.id}/confirm`, {
      create: confirmKey,
      body: { name: fields.get('name').trim(), phone: fields.get('phone').trim(), language: document.documentElement.lang },
    });
    confirmed = true;
    location.replace(`/t/${appointment.token}`);
  } catch (refusal) {
    if (refusal.code === 'hold-lapsed' || refusal.code === 'unknown-hold') hold = null;
    complain(refusal);
    button.disabled = false;
  }
});

// Whoever goes away without booking gives the time back.
addEventListener('pagehide', () => {
  if (hold && !confirmed) fetch(`/v1/holds/${hold.id}`, { method: 'DELETE', keepalive: true });
});

keep().catch(complain);
