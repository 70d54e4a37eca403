// SPDX-License-Identifier: Apache-2.0
// Figures of a call with remote staff: the real hub, call process and seat's page; packaging/bench runs it.
// A line of JSON each: {"name","value","aim"}.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder, startCamera } from '../../e2e/web/call_process.js';
import { closePages, Hub, launchWith } from '../../e2e/web/support.js';
import { secondsOfCore } from './core.js';
import { startRelay } from './relay.js';
import { WatchedSeat } from './seat.js';
import { CallingTerminal } from './terminal.js';

const joins = Number(process.env.GUICHET_JOINS ?? 20);
const measured = Number(process.env.GUICHET_SECONDS ?? 20);
const settling = Number(process.env.GUICHET_SETTLING ?? 15);
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)); // time for the line to work, no wait for something

const print = (name, value, aim = '') => console.log(JSON.stringify({ name, value, aim }));
const ms = (value) => (value === undefined ? 'none' : `${Math.round(value)} ms`);
const part = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const seen = ({ fps, p50, p95, concealedPct }) => `${fps.toFixed(1)} fps, age ${ms(p50)} (p95 ${ms(p95)}), ${concealedPct.toFixed(1)} % of the sound made up`;

const folder = makeFolder();
const camera = join(folder, 'camera.sock');
startCamera(camera);
launchWith(`--use-file-for-fake-audio-capture=${join(folder, 'speech.wav')}`); // a tone needs no error correction
const record = { root: join(folder, 'cases'), terminal: 'k1', recipient: join(folder, 'bank-public.pem') };

/// So many calls, one after another; milliseconds to the picture of each.
async function joinTimes(terminal, seat, many) {
  const times = [];
  for (let each = 0; each < many; each++) {
    await terminal.ask();
    times.push(await seat.accept());
    await terminal.hangUp();
    await seat.leave();
  }
  return times;
}

test('direct', async () => {
  const hub = await Hub.start();
  const seat = await WatchedSeat.sit(hub);
  const terminal = new CallingTerminal(hub, { folder, camera, record });
  const times = await joinTimes(terminal, seat, joins);
  print('accepted until the picture is there, direct', `${ms(part(times, 0.5))} (p95 ${ms(part(times, 0.95))})`, '0.8 s');

  await terminal.ask();
  await seat.accept();
  await pause(settling);
  const spent = secondsOfCore(terminal.call.process.pid);
  const steady = await seat.measure(measured);
  print('CPU of guichet-call, 360p both ways, recorded', `${(100 * (secondsOfCore(terminal.call.process.pid) - spent) / measured).toFixed(0)} % of one core`, '30 %');
  print('kiosk to seat, idle line', seen(steady), '60 ms, p95 120 ms');
  const rebuilds = [];
  for (let each = 0; each < 5; each++) rebuilds.push(await seat.rebuilt(() => terminal.call.say({ do: 'needOffer', why: 'bench' })));
  print('rebuild until the picture is there again', `${ms(part(rebuilds, 0.5))} (worst ${ms(Math.max(...rebuilds))})`, '1 s');
  await terminal.hangUp();
  await seat.leave();
  terminal.call.process.stdin.end();
  await closePages();
});

test('relayed', async () => {
  const relay = await startRelay(folder);
  const outlet = join(folder, 'outlet.toml');
  writeFileSync(outlet, relay.outletText);
  const hub = await Hub.start('--config', outlet);
  const seat = await WatchedSeat.sit(hub);
  const terminal = new CallingTerminal(hub, { folder, camera, record });
  const times = await joinTimes(terminal, seat, joins);
  print('accepted until the picture is there, relayed', `${ms(part(times, 0.5))} (p95 ${ms(part(times, 0.95))})`, '1.5 s, p95 3 s');

  await terminal.ask();
  await seat.accept();
  for (const [words, name, aim] of [
    ['', 'relayed', ''],
    ['loss=30 delay=20 jitter=5', '30 % of packets lost each way', '20 fps, 400 ms, 10 %'],
    ['loss=40 delay=20 jitter=5', '40 % lost', ''],
    ['loss=50 delay=20 jitter=5', '50 % lost', 'kept, with speech'],
    ['loss=70 delay=20 jitter=5', '70 % lost', ''],
    ['delay=20 kbps=400', '400 kbit/s each way', '15 fps, 400 ms'],
  ]) {
    await relay.line(words);
    await pause(settling);
    const from = terminal.call.heard.length;
    print(name, seen(await seat.measure(measured)), aim);
    const own = terminal.call.heard.slice(from).filter(({ event }) => event === 'quality').map(({ figures }) => figures);
    const mean = (key) => (own.reduce((sum, each) => sum + (each[key] ?? 0), 0) / own.length).toFixed(1);
    print(`${name}: staff at the kiosk`, `${mean('fpsIn')} fps, ${mean('concealedPct')} % of the sound made up; sends ${mean('kbpsOut')} kbit/s`);
  }
  await relay.line('');
  await pause(settling);
  await relay.line('cut=1');
  await pause(25);
  await relay.line('');
  const back = Date.now();
  await seat.nextPicture();
  print('cut of 25 s, until the picture is there again', ms(Date.now() - back), '3 s');
  await terminal.hangUp();
  terminal.call.process.stdin.end();
});
