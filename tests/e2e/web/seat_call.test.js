// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KioskCall } from './kiosk_call.js';
import { accessibilityFaults, desk, Hub, launchWith, open, picture, Terminal } from './support.js';

launchWith('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns');
const hub = await Hub.start();
const page = {
  id: 'confirm', kind: 'review', title: '请确认新手机号', subtitle: '对了就按“确认”。', facts: [{ label: '姓名', value: '王**' }, { label: '新手机号', value: '138 0000 5621' }],
  choices: [], primary: { title: '确认' }, back: { title: '返回' },
};

/// Remote staff who wait for a customer. `opened` on the page: connections and tracks that its scripts have got.
async function sit(language = 'zh-CN', viewport = desk) {
  const seat = await open('about:blank', { viewport });
  await seat.addInitScript(() => {
    globalThis.opened = { tracks: [], asked: [], connections: [] };
    const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wants) => {
      opened.asked.push(wants);
      const stream = await get(wants);
      opened.tracks.push(...stream.getTracks());
      return stream;
    };
    const Connection = RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Connection {
      constructor(...words) {
        super(...words);
        opened.connections.push(this);
      }
    };
  });
  await seat.goto(`${hub.url}/seat/?lang=${language}`);
  await seat.locator('[name=user]').fill('agent');
  await seat.locator('[name=password]').fill('demo');
  await seat.keyboard.press('Enter');
  await seat.locator('.current.away').waitFor();
  await seat.keyboard.press('r');
  await seat.locator('.current.ready').waitFor();
  seat.faults.length = 0; // of about:blank, which is elsewhere
  return seat;
}

async function accept(seat) {
  await seat.locator('.current.ringing').waitFor();
  await seat.keyboard.press('a');
  await seat.locator('.current.busy').waitFor();
}

async function leave(seat) {
  await seat.keyboard.press('h');
  await seat.locator('.current.wrap_up').waitFor();
  await seat.keyboard.press('f');
  await seat.locator('dialog .button').first().press('Enter');
  await seat.locator('.current.ready').waitFor();
}

/// Until the customer's picture has gone on by some frames in the seat.
async function sees(seat, many = 5) {
  await seat.waitForFunction((least) => {
    const { totalVideoFrames } = document.querySelector('video.customer')?.getVideoPlaybackQuality() ?? {};
    globalThis.from ??= totalVideoFrames;
    return totalVideoFrames >= globalThis.from + least;
  }, many, { polling: 200 });
  await seat.evaluate(() => { globalThis.from = null; });
}
const live = (seat) => seat.evaluate(() => opened.tracks.filter(({ readyState }) => readyState === 'live').map(({ kind }) => kind).sort());

test('picture and sound go both ways; staff mute, switch the camera off, point, and leave nothing on', async () => {
  const seat = await sit();
  const customer = await KioskCall.ask(hub, { mode: 'video', content: { customer: { name: '王小明' }, journey: 'phone-change' } });
  await accept(seat);
  await customer.terminal.until('assist', ({ state }) => state === 'joining');
  await customer.offer();
  await customer.terminal.until('answer');
  customer.terminal.say({ type: 'media', state: 'up', mode: 'video' });
  await sees(seat);
  await customer.grows('video', 'framesDecoded');
  await customer.grows('audio', 'packetsReceived');
  assert.deepEqual(await live(seat), ['audio', 'video']);
  const [wants] = await seat.evaluate(() => opened.asked);
  assert.deepEqual(wants.audio, { echoCancellation: true, noiseSuppression: true, autoGainControl: true });

  customer.terminal.say({ type: 'page', page });
  await seat.locator('[data-element=fact-1]').waitFor();
  await seat.locator('.light:not([data-level=""])').waitFor();
  assert.deepEqual(await accessibilityFaults(seat), []);
  await picture(seat, 'seat-call-1280');
  await seat.locator('[data-element=fact-1]').click();
  await seat.locator('[data-element=fact-1].marked').waitFor();
  await seat.locator('[data-element=primary]').press('Enter');
  await seat.locator('.sheet .content').click({ position: { x: 100, y: 300 } });
  await customer.page.waitForFunction(() => call.points.length === 3);
  const [fact, primary, point] = await customer.points();
  assert.deepEqual(fact, { type: 'highlight', element: 'fact-1' });
  assert.deepEqual(primary, { type: 'highlight', element: 'primary' });
  assert.equal(point.type, 'point');
  assert.ok(point.x > 0.3 && point.x < 0.6 && point.y > 0.5 && point.y < 0.9, JSON.stringify(point));

  await seat.keyboard.press('m');
  await seat.locator('[data-do=mute][aria-pressed=true]').waitFor();
  assert.equal(await seat.evaluate(() => opened.tracks.find(({ kind }) => kind === 'audio').enabled), false);
  await seat.keyboard.press('v');
  await seat.locator('[data-do=camera][aria-pressed=true]').waitFor();
  assert.deepEqual(await live(seat), ['audio']); // the camera's light is off
  await customer.grows('video', 'framesDecoded', 3); // and the line is not taken for broken
  await seat.keyboard.press('v');
  await seat.waitForFunction(() => opened.tracks.filter(({ readyState }) => readyState === 'live').length === 2);
  await seat.keyboard.press('m');
  await seat.locator('[data-do=mute][aria-pressed=false]').waitFor();

  const { figures } = await customer.terminal.until('quality');
  assert.ok(figures.mos > 1 && figures.mos < 4.5 && ['good', 'fair', 'poor'].includes(figures.level), JSON.stringify(figures));
  await leave(seat);
  assert.deepEqual(await live(seat), []);
  assert.equal(await seat.locator('video.customer').count(), 0);
  assert.deepEqual(await seat.evaluate(() => opened.connections.map(({ connectionState }) => connectionState)), ['closed']);
  assert.deepEqual(seat.faults, []);
});
