// SPDX-License-Identifier: Apache-2.0
import { keepLive, main } from './page.js';

// Once the customer has checked in, this address shows the visit.
keepLive({
  pace: 500,
  take(fresh) {
    if (fresh.dataset.state !== main.dataset.state) location.reload();
  },
});
