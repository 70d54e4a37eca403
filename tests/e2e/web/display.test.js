// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults, Hub, lobby, open, picture } from './support.js';

const hub = await Hub.start();
const teller = await hub.teller('3');
const supervisor = await hub.teller('1', 'supervisor');

/// The addresses of sounds that ended, in order. Sounds are cut to a moment here: what counts is their order.
async function listen(page) {
  await page.evaluate(() => {
    globalThis.spoken = [];
    globalThis.overlaps = 0;
    const sounds = [];
    const play = HTMLAudioElement.prototype.play;
    HTMLAudioElement.prototype.play = function () {
      globalThis.overlaps += sounds.some((sound) => !sound.ended);
      sounds.push(this);
      this.addEventListener('ended', () => globalThis.spoken.push(this.src));
      this.playbackRate = 16;
      return play.call(this);
    };
  });
}
const spoken = (page, count) => page.waitForFunction((least) => globalThis.spoken.length >= least && globalThis.spoken, count).then((handle) => handle.jsonValue());
const callOf = (url) => Number(/calls\/(\d+)\//.exec(url)[1]);
const languageOf = (url) => new URL(url).searchParams.get('language');

/// Milliseconds and loudest sample of a WAV file.
async function sound(url) {
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
  assert.equal(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 12), 'RIFFWAVE');
  let loudest = 0;
  for (let at = 44; at + 1 < bytes.length; at += 2) loudest = Math.max(loudest, Math.abs(bytes.readInt16LE(at)));
  return { samples: (bytes.length - 44) / 2, loudest };
}

test('a call appears and is spoken, Chinese first, the next one only after its end', async () => {
  for (let i = 0; i < 4; i++) await hub.take();
  const page = await open(`${hub.url}/display/`, { viewport: lobby });
  await listen(page);
  const first = await teller.next();
  const second = await supervisor.next();
  await page.locator('.now .ticket', { hasText: second.ticket.label }).waitFor();
  await page.locator('.recent li', { hasText: first.ticket.label }).waitFor();
  const heard = await spoken(page, 4);
  assert.deepEqual(heard.map(languageOf), ['zh-CN', 'en', 'zh-CN', 'en']);
  assert.ok(callOf(heard[0]) < callOf(heard[2]));
  assert.equal(callOf(heard[0]), callOf(heard[1]));
  assert.equal(await page.evaluate(() => globalThis.overlaps), 0);
  await picture(page, 'display');
  await page.setViewportSize({ width: 1080, height: 1920 });
  await picture(page, 'display-portrait');
  assert.deepEqual(page.faults, []);
  assert.deepEqual(await accessibilityFaults(page), []);
  await teller.command(first, 'no-show');
  await supervisor.command(second, 'no-show');
});

test('the number is at least a tenth of the screen\'s height, in both directions', async () => {
  for (const viewport of [lobby, { width: 1080, height: 1920 }]) {
    const page = await open(`${hub.url}/display/`, { viewport });
    for (const selector of ['.now .ticket', '.recent li b']) {
      const size = await page.locator(selector).first().evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
      assert.ok(size >= viewport.height / 10, `${selector}: ${size} of ${viewport.height}`);
    }
    const fits = await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth);
    assert.ok(fits);
  }
});

test('an announcement is as long as its clips and not silent', async () => {
  await hub.take();
  const visit = await teller.next();
  const { calls } = await hub.request('GET', '/v1/branches/demo/queue');
  const url = (language) => `${hub.url}/v1/branches/demo/calls/${calls[0].position}/voice.wav?language=${language}`;
  for (const language of ['zh-CN', 'en']) {
    const { samples, loudest } = await sound(url(language));
    assert.ok(samples > 16_000 && samples < 16_000 * 8, `${samples} samples`);
    assert.ok(loudest > 8_000, `loudest sample ${loudest}`);
  }
  await teller.command(visit, 'no-show');
});

test('a display that was cut off catches up, and does not speak again what it has spoken', async () => {
  await hub.take();
  const page = await open(`${hub.url}/display/`, { viewport: lobby });
  await listen(page);
  const before = await teller.next();
  await spoken(page, 2);
  await hub.stop();
  await hub.start();
  await teller.command(before, 'no-show');
  await hub.take();
  const after = await teller.next();
  await page.locator('.now .ticket', { hasText: after.ticket.label }).waitFor();
  const heard = await spoken(page, 4);
  assert.equal(new Set(heard).size, heard.length);
  await teller.command(after, 'no-show');
});

test('a display without network says how old its picture is', async () => {
  const context = (await open(`${hub.url}/display/`, { viewport: lobby })).context();
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${hub.url}/display/`);
  await page.locator('.clock').waitFor();
  await context.setOffline(true);
  await page.clock.fastForward(25_000);
  await page.getByText('25 秒前的情况').waitFor();
  await picture(page, 'display-offline');
  await page.clock.fastForward(180_000);
  await page.getByText('3 分钟前的情况').waitFor();
});

test('where a browser wants a touch before sound, the display offers it', async () => {
  await hub.take();
  const page = await open(`${hub.url}/display/`, { viewport: lobby });
  await page.evaluate(() => {
    const play = HTMLAudioElement.prototype.play;
    globalThis.spoken = [];
    HTMLAudioElement.prototype.play = function () {
      this.addEventListener('ended', () => globalThis.spoken.push(this.src));
      this.playbackRate = 16;
      return globalThis.touched ? play.call(this) : Promise.reject(new DOMException('touch first', 'NotAllowedError'));
    };
    document.addEventListener('pointerdown', () => { globalThis.touched = true; });
  });
  const visit = await teller.next();
  const button = page.getByRole('button', { name: '打开声音' });
  await button.waitFor();
  await picture(page, 'display-start-sound');
  await button.click();
  await teller.command(visit, 'recall');
  await spoken(page, 2);
  await button.waitFor({ state: 'hidden' });
});

test('without a script the display shows the call', async () => {
  const page = await open(`${hub.url}/display/`, { viewport: lobby, javaScriptEnabled: false });
  await page.locator('.now .ticket').waitFor();
  assert.equal(await page.locator('meta[http-equiv=refresh]').count(), 1);
});
