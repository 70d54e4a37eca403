// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Announcements } from '../../../cloudbranch/web/site/announcements.js';

const call = (position, ticket, at = 0, counter = '1') => ({ position, ticket, counter, at });
const at = (now) => ({ now, since: (time) => now.value - time });
const hall = () => {
  const now = { value: 0 };
  return { now, queue: new Announcements(at(now).since) };
};

test('announcements: calls are spoken in the order in which they came', () => {
  const { queue } = hall();
  for (const [index, ticket] of ['A1', 'B1', 'C1'].entries()) queue.add(call(index + 1, ticket));
  assert.deepEqual([queue.next(), queue.next(), queue.next(), queue.next()].map((next) => next?.ticket), ['A1', 'B1', 'C1', undefined]);
});

test('announcements: a later call of a number that still waits takes its place', () => {
  const { queue } = hall();
  queue.add(call(1, 'A1'));
  queue.add(call(2, 'B1'));
  queue.add(call(3, 'A1', 0, '4'));
  assert.equal(queue.length, 2);
  assert.equal(queue.next().counter, '4');
  assert.equal(queue.next().ticket, 'B1');
});

test('announcements: a number that is called again after it was spoken is spoken again', () => {
  const { queue } = hall();
  queue.add(call(1, 'A1'));
  assert.equal(queue.next().position, 1);
  queue.add(call(2, 'A1'));
  assert.equal(queue.next().position, 2);
});

test('announcements: a call that waited for more than 30 s is dropped', () => {
  const { now, queue } = hall();
  queue.add(call(1, 'A1', 0));
  queue.add(call(2, 'B1', 1000));
  now.value = 30_500;
  assert.equal(queue.next().ticket, 'B1');
  assert.equal(queue.next(), undefined);
});

test('announcements: what the stream sends again after a reconnect is not spoken twice', () => {
  const { queue } = hall();
  queue.add(call(1, 'A1'));
  queue.next();
  queue.add(call(1, 'A1'));
  assert.equal(queue.next(), undefined);
});

test('announcements: a call that was taken back is not spoken', () => {
  const { queue } = hall();
  queue.add(call(1, 'A1'));
  queue.add(call(2, 'B1'));
  queue.keepOnly([call(2, 'B1')]);
  assert.equal(queue.next().ticket, 'B1');
  assert.equal(queue.next(), undefined);
});
