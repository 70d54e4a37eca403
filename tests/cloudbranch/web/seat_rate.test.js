// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeatRate } from '../../../cloudbranch/web/site/seat_rate.js';

/// Seconds at that round trip, on a line that carries all that is sent.
const after = (rate, seconds, rtt) => {
  for (let each = 0; each < seconds; each++) rate.look({ rtt, sent: Math.min(rate.kbps, 700) });
  return rate.kbps;
};

test('seat rate: a good line, near or far, takes all', () => {
  assert.equal(after(new SeatRate(), 60, 20), 1_000);
  assert.equal(after(new SeatRate(), 60, 600), 1_000);
});

test('seat rate: what waits in a queue brings it down at once, and a step is given time to show', () => {
  const rate = new SeatRate();
  after(rate, 10, 20);
  assert.equal(after(rate, 1, 300), 525);
  assert.equal(after(rate, 2, 300), 525);
  assert.ok(after(rate, 1, 300) < 525);
});

test('seat rate: it never goes below what shows a face, and comes back by itself', () => {
  const rate = new SeatRate();
  after(rate, 10, 20);
  assert.equal(after(rate, 60, 1_000), 60);
  assert.equal(after(rate, 40, 30), 1_000);
});

test('seat rate: a line that is slow for minutes is a slow line', () => {
  const rate = new SeatRate();
  after(rate, 10, 20);
  assert.equal(after(rate, 600, 400), 1_000);
});

test('seat rate: nothing is concluded from nothing', () => {
  const rate = new SeatRate();
  assert.equal(rate.look({ rtt: 0, sent: 0 }), false);
  assert.equal(rate.kbps, 1_000);
});
