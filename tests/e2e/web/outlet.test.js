// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults, Hub, open, picture } from './support.js';

const hub = await Hub.start();

test('the outlet page shows who waits, and goes on by itself', async () => {
  const page = await open(`${hub.url}/`);
  await page.getByText('现在没有人在等').waitFor();
  await picture(page, 'outlets');
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('link', { name: /演示网点.*营业中/ }).click();
  const cash = page.locator('[data-service=cash]');
  await cash.getByText('没有人在等').waitFor();
  await hub.take();
  await hub.take();
  await cash.getByText('2 人在等').waitFor();
  const teller = await hub.teller('3');
  const called = await teller.next();
  await page.getByText(`${called.ticket.label} · 3 号窗口`).waitFor();
  await picture(page, 'outlet', { fullPage: true });
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(page.faults, []);
});

test('a torn stream resumes behind the last event', async () => {
  const page = await open(`${hub.url}/o/demo`);
  const asked = [];
  page.on('request', (request) => request.url().endsWith('/events') && asked.push(request.headers()['last-event-id']));
  await hub.take('wealth');
  await page.locator('[data-service=wealth]').getByText('1 人在等').waitFor();
  await hub.stop();
  await hub.start();
  await hub.take('wealth');
  await page.locator('[data-service=wealth]').getByText('2 人在等').waitFor();
  assert.ok(asked.some((id) => Number(id) > 0), `asked with ${asked}`);
});

test('where streams do not get through, the page asks from time to time', async () => {
  const page = await open('about:blank');
  await page.route('**/events', (route) => route.abort());
  await page.goto(`${hub.url}/o/demo`);
  await hub.take('corporate');
  await page.locator('[data-service=corporate]').getByText('1 人在等').waitFor();
});

test('both languages, no script: the reading parts are there, at 360 px', async () => {
  for (const [language, waiting] of [['zh-CN', '现在要等多久'], ['en', 'How long is the wait?']]) {
    const page = await open(`${hub.url}/o/demo?lang=${language}`, { javaScriptEnabled: false });
    await page.getByRole('heading', { name: waiting }).waitFor();
    assert.ok(await page.locator('.services li').count() === 4);
    await picture(page, `outlet-no-script-${language}`, { fullPage: true });
  }
  const page = await open(`${hub.url}/o/demo?lang=en`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.goto(`${hub.url}/o/nowhere`);
  await page.getByRole('link', { name: '回到首页' }).waitFor();
});
