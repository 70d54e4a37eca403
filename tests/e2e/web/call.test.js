// SPDX-License-Identifier: Apache-2.0
// The real call process against a page that answers as a seat does. Judged by counters, not by states.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CallProcess, makeFolder, program, seatScript, startCamera } from './call_process.js';
import { open, picture, until } from './support.js';

const caseId = '11111111-2222-3333-4444-555555555555';
const folder = makeFolder();
const camera = join(folder, 'camera.sock');
startCamera(camera);

const server = createServer((request, response) => response.setHeader('Content-Type', 'text/html')
  .end('<!doctype html><title>seat</title><link rel=icon href="data:,"><video muted playsinline style="width:640px"></video>'));
await new Promise((done) => server.listen(0, '127.0.0.1', done));
after(() => server.close());

/// A page that takes every offer of that call.
async function sit(call) {
  const page = await open(`http://127.0.0.1:${server.address().port}/`, { permissions: ['microphone', 'camera'] });
  await page.exposeFunction('seatSays', (command) => call.say(command));
  await page.evaluate(seatScript);
  page.answering = true;
  call.waiting.add((event) => {
    if (!page.answering) return;
    if (event.event === 'offer') page.evaluate((sdp) => globalThis.seat.take(sdp), event.sdp).catch(() => {});
    if (event.event === 'candidate') page.evaluate(([text, line]) => globalThis.seat.candidate(text, line), [event.candidate, event.line]).catch(() => {});
  });
  return page;
}

const figures = (page) => page.evaluate(() => globalThis.seat.figures());
/// Once so many more pictures were decoded in the page.
async function pictures(page, more) {
  await until(page, async (wanted) => (await globalThis.seat.figures()).pictures >= wanted, more);
}
const ice = { servers: [], relayOnly: false };
const openCase = (more = {}) => ({
  do: 'open', case: caseId, mode: 'video', camera, remotePicture: join(folder, 'remote.sock'),
  record: { root: join(folder, 'cases'), terminal: 'k1', recipient: join(folder, 'bank-public.pem') }, ...more,
});
const evidence = (...words) => spawnSync(program('guichet-evidence'), words, { maxBuffer: 1 << 28, env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
/// Seconds at which a recorded track begins and ends.
function span(track, caseFolder = join(folder, 'cases', caseId)) {
  const played = evidence('play', caseFolder, '--track', track, '--key', join(folder, 'bank.pem'));
  const file = join(folder, `${track}.mkv`);
  writeFileSync(file, played.stdout);
  const times = execFileSync('ffprobe', ['-v', 'quiet', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file], { encoding: 'utf8' })
    .split('\n').map(parseFloat).filter((time) => !Number.isNaN(time));
  return { begin: times[0], end: times.at(-1), packets: times.length };
}

test('picture, sound and messages go both ways, a rebuild brings them back, and what a killed process recorded plays', { timeout: 150000 }, async (t) => {
  const call = new CallProcess(folder);
  await call.until('ready', undefined, 0);
  const page = await sit(call);
  const openedAt = Date.now();
  call.say(openCase());
  assert.equal((await call.until('opened', undefined, 0)).case, caseId);
  const connectAt = Date.now();
  call.say({ do: 'connect', ice });
  await call.until('media', ({ state }) => state === 'up', 0);
  await pictures(page, 50);
  t.diagnostic(`connect to first picture ${await page.evaluate(() => globalThis.seat.pictureAt) - connectAt} ms`);
  const seen = await call.until('quality', ({ figures: { fpsIn, fpsOut } }) => fpsIn > 5 && fpsOut > 5);
  t.diagnostic(JSON.stringify(seen.figures));
  await picture(page, 'call');
  await until(page, async () => (await globalThis.seat.figures()).energy > 0.001);

  await page.waitForFunction(() => globalThis.seat.open === 'app');
  call.say({ do: 'tell', message: { pointer: [3, 4] } });
  await page.waitForFunction(() => globalThis.seat.told.length > 0);
  assert.deepEqual(await page.evaluate(() => globalThis.seat.told), [{ pointer: [3, 4] }]);
  await page.evaluate(() => globalThis.seat.channel.send('{"highlight":"sign"}'));
  assert.deepEqual((await call.until('told', undefined, 0)).message, { highlight: 'sign' });

  call.say({ do: 'needOffer', why: 'failed' });
  await page.waitForFunction(() => globalThis.seat.offers === 2);
  await pictures(page, 25);
  await call.until('quality', ({ figures: { fpsIn } }) => fpsIn > 5);

  call.process.kill('SIGKILL');
  const killedAt = (Date.now() - openedAt) / 1000;
  await call.ended;
  const verified = evidence('verify', join(folder, 'cases', caseId), '--key', join(folder, 'bank.pem'));
  assert.equal(verified.status, 0, verified.stderr.toString());
  for (const track of ['local-video', 'local-audio', 'remote-video', 'remote-audio']) {
    const { begin, end, packets } = span(track);
    t.diagnostic(`${track}: ${packets} packets from ${begin} to ${end} s, killed at ${killedAt.toFixed(2)} s`);
    assert.ok(end > killedAt - 2, `${track} ends at ${end}, killed at ${killedAt}`);
    assert.ok(packets > 10 * (end - begin), `${track}: ${packets} packets from ${begin} to ${end}`);
  }

  const orphan = new CallProcess(folder); // its kiosk dies: nobody closes the case
  orphan.say(openCase());
  await orphan.until('opened', undefined, 0);
  orphan.process.stdin.end();
  assert.deepEqual(await orphan.ended, { status: 0, signal: null });

  const next = new CallProcess(folder);
  next.say(openCase());
  await next.until('opened', undefined, 0);
  next.say({ do: 'log', entry: { at: 'again' } });
  next.say({ do: 'close' });
  assert.equal((await next.until('closed', undefined, 0)).case, caseId);
  next.process.stdin.end();
  assert.deepEqual(await next.ended, { status: 0, signal: null });
  assert.equal(evidence('verify', join(folder, 'cases', caseId), '--key', join(folder, 'bank.pem')).status, 0);
  assert.deepEqual(next.heard.filter(({ event }) => event === 'failed'), []);
});

test('a seat that goes makes the call weak, then lost, and a new one is offered until somebody is there again', { timeout: 90000 }, async () => {
  const call = new CallProcess(folder);
  const page = await sit(call);
  call.say(openCase({ case: '22222222-2222-3333-4444-555555555555' }));
  call.say({ do: 'connect', ice });
  await call.until('media', ({ state }) => state === 'up', 0);
  await pictures(page, 10);
  const from = call.heard.length;
  page.answering = false;
  await page.evaluate(() => globalThis.seat.peer.close());
  const goneAt = performance.now();
  const weak = await call.until('media', ({ state }) => state === 'weak', from);
  const lost = await call.until('media', ({ state }) => state === 'lost', from);
  assert.ok(weak.at - goneAt > 2500 && weak.at - goneAt < 5000, `weak after ${weak.at - goneAt} ms`);
  assert.ok(lost.at - goneAt > 7500 && lost.at - goneAt < 11000, `lost after ${lost.at - goneAt} ms`);
  page.answering = true;
  call.say({ do: 'needOffer', why: 'back' });
  await call.until('media', ({ state }) => state === 'up', call.heard.indexOf(lost));
  call.process.stdin.end();
  assert.deepEqual(await call.ended, { status: 0, signal: null });
  assert.equal(call.heard.at(-1).event, 'closed');
});

test('without a camera, or with it off, a grey picture goes out and the sound goes on', { timeout: 60000 }, async () => {
  const call = new CallProcess(folder);
  const page = await sit(call);
  call.say({ ...openCase(), case: '33333333-2222-3333-4444-555555555555', record: undefined });
  call.say({ do: 'connect', ice });
  await call.until('media', ({ state }) => state === 'up', 0);
  await pictures(page, 10);
  call.say({ do: 'camera', on: false });
  const grey = () => page.waitForFunction(() => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [64, 36];
    const context = canvas.getContext('2d');
    context.drawImage(document.querySelector('video'), 0, 0, 64, 36);
    return context.getImageData(0, 0, 64, 36).data.every((value, i) => i % 4 === 3 || Math.abs(value - 128) < 12);
  }, undefined, { polling: 200 });
  await grey();
  await picture(page, 'call-camera-off');
  const before = (await figures(page)).sound;
  await until(page, async (from) => (await globalThis.seat.figures()).sound > from + 48000, before);
  call.say({ do: 'close' });
  await call.until('closed', undefined, 0);
});

test('a voice call has no picture, and a wrong command is told and changes nothing', { timeout: 60000 }, async () => {
  const call = new CallProcess(folder);
  const page = await sit(call);
  call.say('{"do":"dance"}');
  assert.equal((await call.until('failed', undefined, 0)).code, 'invalid');
  call.say({ do: 'connect', ice });
  assert.deepEqual((({ of, code }) => ({ of, code }))(await call.until('failed', ({ of }) => of === 'connect', 0)), { of: 'connect', code: 'conflict' });
  call.say({ ...openCase(), case: '44444444-2222-3333-4444-555555555555', mode: 'voice', record: undefined });
  call.say({ do: 'connect', ice });
  assert.equal((await call.until('media', ({ state }) => state === 'up', 0)).mode, 'voice');
  await until(page, async () => (await globalThis.seat.figures()).sound > 48000);
  assert.equal((await figures(page)).pictures, 0);
  call.process.stdin.end();
  assert.deepEqual(await call.ended, { status: 0, signal: null });
});
