// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerClock } from '../../../cloudbranch/web/site/server_clock.js';

test('clock: the outlet\'s time goes on by counting, in the outlet\'s zone, whatever the calendar of the device says', () => {
  let ticks = 5_000;
  const clock = new ServerClock(() => ticks);
  clock.set('2026-11-24T23:59:58+08:00');
  assert.equal(clock.text(), '23:59:58');
  ticks += 3_000;
  assert.equal(clock.text(), '00:00:01');
  assert.equal(clock.text(-2_000), '23:59:59');
  assert.equal(clock.since('2026-11-24T23:59:50+08:00'), 11_000);
  assert.equal(clock.since('2026-11-24T15:59:50Z'), 11_000);
});
