// SPDX-License-Identifier: Apache-2.0
// One hub, 50 seats, 200 assists an hour that last four minutes and a half: 15 calls at a time, each with its figures and
// pages. A line of JSON: {"name","value","aim"}.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { WebSocket } from '../../e2e/web/node_modules/ws/wrapper.mjs';
import { Hub, Terminal } from '../../e2e/web/support.js';
import { program } from '../../e2e/web/call_process.js';
import { secondsOfCore } from './core.js';

const seats = Array.from({ length: 50 }, (_, index) => `seat${index + 1}`);
const callsAtATime = 15;
const between = 18; // seconds from one assist to the next: 200 an hour
const measured = Number(process.env.GUICHET_SECONDS ?? 90);
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

const folder = mkdtempSync(join(tmpdir(), 'guichet-switching-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const page = { id: 'choose', kind: 'choice', title: '您要办什么业务?', choices: Array.from({ length: 6 }, (_, index) => ({ title: `业务 ${index}`, note: '约 10 分钟' })) };
const figures = { fps: 25, kbps: 700, loss: 0.1, rtt: 22, jitter: 3.1, concealed: 0, mos: 4.3, level: 'good' };

/// Staff who accept whoever rings, and tell figures as the seat's page does.
async function sit(hub, user) {
  const { token } = await hub.request('POST', '/v1/login', { body: { user, password: 'demo of a bench' } });
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/v1/seats/signal`);
  after(() => socket.terminate());
  await once(socket, 'open');
  let held = null;
  const say = (message) => socket.send(JSON.stringify(message));
  socket.on('message', (data) => {
    const { type, state, assist } = JSON.parse(data);
    if (type !== 'seat') return;
    if (state === 'ringing' && assist.id !== held) say({ type: 'accept', assist: held = assist.id });
    else if (state === 'wrap_up') say({ type: 'finish', assist: assist.id, outcome: 'done' });
    else if (state === 'ready') held = null;
  });
  const telling = setInterval(() => held && say({ type: 'quality', assist: held, figures }), 2000);
  after(() => clearInterval(telling));
  say({ type: 'hello', token });
  say({ type: 'ready' });
}

/// A customer until `end` is called.
async function call(hub) {
  const terminal = await Terminal.ask(hub, { mode: 'text', content: { customer: { name: '王小明' }, journey: 'take-ticket' } });
  await terminal.until('assist', ({ state }) => state === 'joining');
  terminal.say({ type: 'media', state: 'up', mode: 'text' });
  let ticks = 0;
  const telling = setInterval(() => {
    terminal.say({ type: 'quality', figures });
    if (ticks++ % 10 === 0) terminal.say({ type: 'page', page });
  }, 1000);
  return () => {
    clearInterval(telling);
    terminal.say({ type: 'hangUp' });
  };
}

test('switching', async () => {
  const outlet = join(folder, 'outlet.toml');
  writeFileSync(outlet, ['[limits]', 'creates = 100000', 'all_creates = 100000', '[server]', 'connections_per_peer = 5000',
    '[assists]', `seats = ${JSON.stringify(seats)}`, ...seats.flatMap((seat) => [`[seat.${seat}]`, `name = "${seat}"`, 'languages = ["zh", "en"]', 'products = ["*"]'])].join('\n'));
  const hub = await Hub.start('--config', outlet);
  for (const user of seats) {
    const added = spawnSync(program('guichet-hub'), ['staff', 'add', '--data', hub.data, '--config', outlet, '--user', user, '--role', 'agent'], { input: 'demo of a bench\n', encoding: 'utf8' });
    if (added.status !== 0) throw new Error(added.stderr);
  }
  for (const user of seats) await sit(hub, user);
  const calls = [];
  for (let each = 0; each < callsAtATime; each++) calls.push(await call(hub));
  const spent = secondsOfCore(hub.process.pid);
  const end = Date.now() + measured * 1000;
  while (Date.now() < end) {
    calls.push(await call(hub));
    calls.shift()();
    await pause(between);
  }
  const seconds = (Date.now() - end) / 1000 + measured;
  const percent = (100 * (secondsOfCore(hub.process.pid) - spent)) / seconds;
  for (const endCall of calls) endCall();
  console.log(JSON.stringify({ name: '200 assists an hour, 50 seats: CPU of the hub', value: `${percent.toFixed(1)} % of one core`, aim: '15 %' }));
});
