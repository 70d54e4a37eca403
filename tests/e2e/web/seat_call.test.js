// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { KioskCall } from './kiosk_call.js';
import { accessibilityFaults, closePages, desk, Hub, launchWith, open, picture, Terminal } from './support.js';

launchWith('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns');
const hub = await Hub.start();
afterEach(closePages);
const page = {
  id: 'confirm', kind: 'review', title: '请确认新手机号', subtitle: '对了就按“确认”。', facts: [{ label: '姓名', value: '王**' }, { label: '新手机号', value: '138 0000 5621' }],
  choices: [], primary: { title: '确认' }, back: { title: '返回' },
};

/// Remote staff who wait for a customer. `opened` on the page: connections and tracks that its scripts have got.
async function sit(language = 'zh-CN', viewport = desk) {
  const seat = await open(`${hub.url}/healthz`, { viewport });
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
  await seat.locator('.current').waitFor();
  if (await seat.locator('.current.away').count()) await seat.keyboard.press('r');
  await seat.locator('.current.ready').waitFor();
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

/// For a person to look at, on the desks there are.
async function pictures(seat, name) {
  if (!process.env.GUICHET_PICTURES) return;
  for (const [width, height] of [[1440, 900], [1000, 900], [1280, 800]]) {
    await seat.setViewportSize({ width, height });
    await picture(seat, `${name}-${width}`);
  }
}

/// A JPEG of that size, as base64.
const jpeg = (page, width, height) => page.evaluate(([w, h]) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
  const paper = canvas.getContext('2d');
  const part = (colour, draw) => {
    paper.fillStyle = colour;
    paper.beginPath();
    draw();
    paper.fill();
  };
  part('#DDE3E6', () => paper.rect(0, 0, w, h));
  part('#E8C9A6', () => paper.arc(w / 2, h * 0.42, h / 5, 0, 7));
  part('#7A4B00', () => paper.ellipse(w / 2, h, w / 3, h / 3, 0, 0, 7));
  return canvas.toDataURL('image/jpeg').split(',')[1];
}, [width, height]);

/// Until the customer's picture has gone on by some frames in the seat.
async function sees(seat, many = 5) {
  await seat.waitForFunction((least) => {
    const { totalVideoFrames } = document.querySelector('video.customer')?.getVideoPlaybackQuality() ?? {};
    globalThis.from ??= totalVideoFrames;
    return totalVideoFrames >= globalThis.from + least;
  }, many, { polling: 200 });
  await seat.evaluate(() => { globalThis.from = null; });
}
/// Until just these of the seat's own devices are on: "audio video", "audio" or "".
const on = (seat, kinds) => seat.waitForFunction((wanted) =>
  opened.tracks.filter(({ readyState }) => readyState === 'live').map(({ kind }) => kind).sort().join(' ') === wanted, kinds, { polling: 100 });

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
  await on(seat, 'audio video');
  const [wants] = await seat.evaluate(() => opened.asked);
  assert.deepEqual(wants.audio, { echoCancellation: true, noiseSuppression: true, autoGainControl: true });

  customer.terminal.say({ type: 'page', page });
  await seat.locator('[data-element=fact-1]').waitFor();
  customer.terminal.say({ type: 'result', request: 'read-1', outcome: 'done', detail: { pictures: [
    { kind: 'portrait', mediaType: 'image/jpeg', data: await jpeg(customer.page, 150, 200) },
    { kind: 'scan', mediaType: 'image/jpeg', data: await jpeg(customer.page, 320, 200) },
    { kind: 'photo', mediaType: 'image/jpeg', data: 'bm90IGEgcGljdHVyZQ==' }] } });
  await seat.waitForFunction(() => document.querySelector('.beside canvas')?.width === 150);
  await seat.waitForFunction(() => document.querySelector('.pictures .scan canvas')?.width === 320);
  await seat.locator('.pictures .photo', { hasText: '显示不了' }).waitFor();
  await seat.locator('.light:not([data-level=""])').waitFor();
  assert.deepEqual(await accessibilityFaults(seat), []);
  await pictures(seat, 'seat-call');
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
  await on(seat, 'audio'); // the camera's light is off
  await customer.grows('video', 'framesDecoded', 3); // and the line is not taken for broken
  await seat.keyboard.press('v');
  await on(seat, 'audio video');
  await seat.keyboard.press('m');
  await seat.locator('[data-do=mute][aria-pressed=false]').waitFor();

  const { figures } = await customer.terminal.until('quality');
  assert.ok(figures.mos > 1 && figures.mos < 4.5 && ['good', 'fair', 'poor'].includes(figures.level), JSON.stringify(figures));
  await leave(seat);
  await on(seat, '');
  assert.equal(await seat.locator('video.customer').count(), 0);
  assert.deepEqual(await seat.evaluate(() => opened.connections.map(({ connectionState }) => connectionState)), ['closed']);
  assert.deepEqual(seat.faults, []);
});

test('a connection that is lost is replaced by the next offer; a fresh offer may come at any time', async () => {
  const seat = await sit('en');
  const customer = await KioskCall.ask(hub, { mode: 'video', content: { customer: { name: 'Mei Lin' }, journey: 'phone-change' } });
  await accept(seat);
  assert.equal((await customer.terminal.until('needOffer')).why, 'noOffer'); // the terminal does not get to it
  await customer.offer();
  customer.terminal.say({ type: 'media', state: 'up', mode: 'video' });
  await sees(seat);
  customer.terminal.say({ type: 'page', page: { id: 'choose', title: 'What would you like to do?', choices: [{ title: 'Cash', note: 'about 10 min' }, { title: 'Cards' }], back: { title: 'Back' } } });
  await seat.locator('[data-element=choice-1]').waitFor();
  await pictures(seat, 'seat-call-en');
  await customer.page.evaluate(() => call.connection.close());
  await customer.terminal.until('needOffer', ({ why }) => why !== 'noOffer');
  await customer.offer();
  await sees(seat);
  await customer.offer(); // of the terminal's own accord
  await sees(seat);
  await customer.grows('video', 'framesDecoded');
  assert.equal(await customer.answers(), 3);
  const states = await seat.evaluate(() => opened.connections.map(({ connectionState }) => connectionState));
  assert.deepEqual(states, ['closed', 'closed', 'connected']);
  assert.equal(await seat.evaluate(() => opened.asked.length), 1); // own camera went on meanwhile
  customer.terminal.say({ type: 'hangUp' });
  await seat.locator('.current.wrap_up').waitFor();
  await on(seat, '');
  await seat.keyboard.press('f');
  await seat.locator('dialog .button').first().press('Enter');
  await seat.locator('.current.ready').waitFor();
  assert.deepEqual(seat.faults, []);
});

test('what only a camera fails to give costs the sound no second rebuild', async () => {
  const seat = await sit();
  const customer = await KioskCall.ask(hub, { mode: 'video' });
  await accept(seat);
  await customer.offer();
  customer.terminal.say({ type: 'media', state: 'up', mode: 'video' });
  await sees(seat);
  await customer.page.evaluate(() => call.connection.getSenders().find(({ track }) => track.kind === 'video').replaceTrack(null));
  await customer.terminal.until('needOffer', ({ why }) => why === 'noFrames');
  await seat.locator('.over', { hasText: '没有画面' }).waitFor();
  const figures = () => customer.terminal.heard.filter(({ type }) => type === 'quality').length;
  const sofar = figures();
  await customer.terminal.until('quality', () => figures() >= sofar + 4); // one in 2 s: time enough for another wish
  assert.equal(customer.terminal.heard.filter(({ type }) => type === 'needOffer').length, 1);
  await seat.keyboard.press('t'); // whoever hands the customer on lets go too
  await seat.getByRole('button', { name: '银行卡' }).press('Enter');
  await seat.locator('.current:not(.busy)').waitFor();
  await on(seat, '');
  assert.equal(await seat.locator('section.stage').count(), 0);
  customer.terminal.say({ type: 'withdraw' });
});

test('a voice call asks for no camera, a text assist for nothing', async () => {
  const seat = await sit();
  const voice = await KioskCall.ask(hub, { mode: 'voice' });
  await accept(seat);
  await voice.offer({ modes: ['audio'] });
  voice.terminal.say({ type: 'media', state: 'up', mode: 'voice' });
  await voice.grows('audio', 'packetsReceived');
  await seat.locator('.over', { hasText: '语音通话' }).waitFor();
  await on(seat, 'audio');
  assert.deepEqual(await accessibilityFaults(seat), []);
  await picture(seat, 'seat-call-voice');
  voice.terminal.say({ type: 'media', state: 'up', mode: 'text' }); // the line carries no sound any more
  await seat.locator('.doing', { hasText: '文字' }).waitFor();
  await on(seat, '');
  await leave(seat);
  await seat.evaluate(() => { opened.asked = []; });
  const text = await Terminal.ask(hub, { mode: 'text' });
  await accept(seat);
  text.say({ type: 'media', state: 'up', mode: 'text' });
  await seat.locator('.doing', { hasText: '文字' }).waitFor();
  assert.equal(await seat.locator('section.stage').count(), 0);
  await leave(seat);
  assert.deepEqual(await seat.evaluate(() => opened.asked), []);
  assert.deepEqual(seat.faults, []);
});

test('a seat that is reloaded in mid-call asks for the call again, and one that is opened elsewhere lets go', async () => {
  const seat = await sit();
  const customer = await KioskCall.ask(hub, { mode: 'video' });
  await accept(seat);
  await customer.offer();
  customer.terminal.say({ type: 'media', state: 'up', mode: 'video' });
  await sees(seat);
  await seat.reload();
  assert.ok(await customer.terminal.until('needOffer', ({ why }) => why === 'reloaded'));
  await customer.offer();
  await sees(seat);
  const other = await open(`${hub.url}/seat/`, { viewport: desk });
  await other.locator('[name=user]').fill('agent');
  await other.locator('[name=password]').fill('demo');
  await other.keyboard.press('Enter');
  await seat.getByRole('button', { name: '回到这一页' }).waitFor();
  await on(seat, '');
  await other.locator('.current.busy').waitFor();
  await leave(other);
});
