// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults, Hub, open, phone, picture } from './support.js';

const hub = await Hub.start();

test('the page of a visit follows the line and the call, live', async () => {
  const teller = await hub.teller('3');
  await hub.take();
  const mine = await hub.take();
  const page = await open(`${hub.url}/t/${mine.token}`);
  await page.getByText('前面还有').waitFor();
  await picture(page, 'visit-waiting', { fullPage: true });
  await teller.command(await teller.next(), 'no-show');
  await page.locator('.state', { hasText: '下一位就是您' }).waitFor();
  await teller.next();
  await page.locator('.state', { hasText: '请到 3 号窗口' }).waitFor();
  assert.match(await page.title(), /A002.*请到 3 号窗口/);
  assert.match(await page.getByRole('status').textContent(), /请到 3 号窗口/);
  await picture(page, 'visit-called', { fullPage: true });
  assert.deepEqual(page.faults, []);
});

test('a customer gives up after a second question, with the keyboard only', async () => {
  const mine = await hub.take('wealth', 'en');
  const page = await open(`${hub.url}/t/${mine.token}`, { locale: 'en-GB' });
  const reach = async (name) => {
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement.textContent)).includes(name)) return;
    }
    assert.fail(`${name} cannot be reached`);
  };
  await reach('I am not waiting');
  await page.keyboard.press('Enter');
  await picture(page, 'visit-give-up-en', { fullPage: true });
  await reach('Give up this number');
  await page.keyboard.press('Enter');
  await page.getByText('You have given up this number').waitFor();
  await picture(page, 'visit-cancelled-en', { fullPage: true });
  assert.equal((await hub.request('GET', `/v1/visits/${mine.id}?t=${mine.token}`)).state, 'cancelled');
});

test('without a script the page still says everything, and giving up works', async () => {
  const mine = await hub.take('corporate');
  const page = await open(`${hub.url}/t/${mine.token}`, { javaScriptEnabled: false });
  await page.getByText('大约等候').waitFor();
  assert.equal(await page.locator('meta[http-equiv=refresh]').count(), 1);
  await page.getByText('我不等了').click();
  await page.getByRole('button', { name: '放弃这个号码' }).click();
  await page.getByText('您已放弃这个号码').waitFor();
});

test('a phone whose clock is a day wrong shows the outlet\'s times', async () => {
  const mine = await hub.take('account');
  const truth = await open(`${hub.url}/t/${mine.token}`);
  const context = await truth.context().browser().newContext({ viewport: phone, timezoneId: 'Pacific/Auckland' });
  await context.clock.install({ time: Date.now() + 86_400_000 });
  const wrong = await context.newPage();
  await wrong.goto(`${hub.url}/t/${mine.token}`);
  const seconds = (text) => text.match(/(\d+):(\d+):(\d+)/).slice(1).reduce((sum, part) => sum * 60 + Number(part), 0);
  const shown = seconds(await wrong.locator('[data-age]').textContent());
  assert.ok(Math.abs(shown - seconds(await truth.locator('[data-age]').textContent())) < 30);
  await context.close();
});

test('the token goes to nobody: no referrer, no other host, no other address than its own', async () => {
  const mine = await hub.take();
  const page = await open(`${hub.url}/t/${mine.token}`);
  await page.getByText('前面还有').waitFor();
  await page.getByRole('link', { name: 'English' }).click();
  await page.getByText('Ahead of you').waitFor();
  for (const response of page.loaded) {
    const headers = await response.request().allHeaders();
    assert.ok(!headers.referer, headers.referer);
    if (response.url().includes(mine.token)) assert.match(response.url(), /\/t\//);
  }
  assert.deepEqual(page.faults, []);
});

test('the page weighs less than 60 kB in at most 8 requests', async () => {
  const mine = await hub.take();
  const page = await open('about:blank');
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  page.loaded.length = 0;
  await page.goto(`${hub.url}/t/${mine.token}`);
  const paint = await page.evaluate(() => new Promise((done) => {
    new PerformanceObserver((list) => done(list.getEntries()[0].startTime)).observe({ type: 'paint', buffered: true });
  }));
  const asked = page.loaded.filter((response) => !response.url().includes('/events'));
  console.log(`visit page: ${bytes} bytes, ${asked.length} requests, first paint ${Math.round(paint)} ms`);
  assert.ok(bytes > 1000 && bytes < 60_000, `${bytes} bytes`);
  assert.ok(asked.length <= 8, asked.map((response) => response.url()).join('\n'));
});

test('axe finds nothing wrong with the page in any state', async () => {
  const teller = await hub.teller('4', 'supervisor');
  const mine = await hub.take('corporate', 'en');
  for (const state of ['waiting', 'called', 'done']) {
    const page = await open(`${hub.url}/t/${mine.token}`);
    assert.deepEqual(await accessibilityFaults(page), [], state);
    if (state === 'waiting') {
      for (let visit = await teller.next(); visit.id !== mine.id; visit = await teller.next()) await teller.command(visit, 'no-show');
    } else if (state === 'called') {
      const serving = await teller.command({ id: mine.id, version: 2 }, 'arrive');
      await teller.command(serving, 'finish', { outcome: 'ok' });
    }
  }
});
