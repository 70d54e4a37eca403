// SPDX-License-Identifier: Apache-2.0
import { keepLive, main } from './page.js';

keepLive({
  pace: 2500,
  take(fresh) {
    main.dataset.position = fresh.dataset.position;
    for (const part of fresh.querySelectorAll('[data-part]')) {
      main.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
    }
  },
});
