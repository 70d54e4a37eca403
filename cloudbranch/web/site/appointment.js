// SPDX-License-Identifier: Apache-2.0
import { keepLive, main } from './page.js';

// Once the customer has checked in, this address shows the visit; a moved appointment shows its new time.
const standing = (page) => page.dataset.state + page.querySelector('h1').textContent;
keepLive({
  pace: 500,
  take(fresh) {
    if (standing(fresh) !== standing(main)) location.replace(main.dataset.address);
  },
});
