// SPDX-License-Identifier: Apache-2.0
import { keepLive, main } from './page.js';

// Outside of what is replaced, so that a screen reader hears the change.
const spoken = document.createElement('p');
spoken.className = 'hidden';
spoken.setAttribute('role', 'status');
main.after(spoken);

/// Only a hub that tells browsers has the button, and only then its script is worth loading.
const offerPush = () => main.querySelector('[data-push]') && import('./push.js').then((push) => push.offerPush(main));
offerPush();

keepLive({
  pace: 500,
  take(fresh) {
    const open = main.querySelector('details[open]')?.dataset.step;
    const inside = open && main.querySelector('details[open]').contains(document.activeElement);
    const changed = fresh.dataset.say !== main.dataset.say;
    const called = fresh.dataset.state === 'called' && main.dataset.state !== 'called';
    Object.assign(main.dataset, fresh.dataset);
    main.replaceChildren(...fresh.childNodes);
    offerPush();
    const again = open && main.querySelector(`details[data-step="${open}"]`);
    if (again) {
      again.open = true;
      if (inside) again.querySelector('summary').focus();
    }
    if (changed) {
      document.title = main.dataset.say;
      spoken.textContent = main.dataset.say;
    }
    if (called) navigator.vibrate?.([300, 150, 300]);
  },
});
