// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Hub, open } from './support.js';

const folder = mkdtempSync(join(tmpdir(), 'guichet-scraped-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const outlet = join(folder, 'outlet.toml');
writeFileSync(outlet, '[limits]\nall_creates = 1\nall_creates_each_ms = 3600000\n');
const hub = await Hub.start('--config', outlet);

test('while an outlet is being scraped, the phone of an honest customer works a moment and gets its number', async () => {
  const taken = { service: 'cash', language: 'en', channel: 'remote' };
  await hub.request('POST', '/v1/branches/demo/visits', { body: taken });
  await assert.rejects(hub.request('POST', '/v1/branches/demo/visits', { body: taken }), /proof-needed/);
  const page = await open(`${hub.url}/o/demo`);
  await page.getByRole('button', { name: '远程取号: 现金业务' }).click();
  await page.waitForURL('**/t/*');
  await page.getByText('A002').waitFor();
  assert.deepEqual(page.faults, []);
});
