// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventParser } from '../../../cloudbranch/web/site/event_parser.js';

test('events: a stream cut anywhere gives the same events', () => {
  const text = ': beat\n\nevent: time\ndata: {"now":1}\n\nid: 7\r\nevent: queue\r\ndata: {"a":\r\ndata: 2}\r\n\r\ndata\n\n';
  const whole = new EventParser();
  const expected = whole.push(text);
  assert.deepEqual(expected, [
    { event: 'time', data: '{"now":1}' }, { event: 'queue', data: '{"a":\n2}' }, { event: 'message', data: '' }]);
  for (let cut = 0; cut <= text.length; cut++) {
    const parser = new EventParser();
    assert.deepEqual([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))], expected);
    assert.equal(parser.lastId, '7');
  }
});

test('events: a comment or an event that is not complete gives nothing', () => {
  const parser = new EventParser();
  assert.deepEqual(parser.push(':\n\nevent: call\ndata: 1\n'), []);
  assert.deepEqual(parser.push('\n'), [{ event: 'call', data: '1' }]);
});
