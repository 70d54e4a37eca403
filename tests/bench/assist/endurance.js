// SPDX-License-Identifier: Apache-2.0
// Calls one after another, then a long one: does guichet-call grow, and do sound and picture of the recording stay
// together? For `packaging/check --long`. GUICHET_MINUTES: how long each half takes (40 and 30 by default). A line of JSON
// each: {"name","value","aim"}.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CallProcess, makeFolder, program, startCamera } from '../../e2e/web/call_process.js';
import { Hub, launchWith } from '../../e2e/web/support.js';
import { WatchedSeat } from './seat.js';
import { CallingTerminal } from './terminal.js';

const [series, single] = process.env.GUICHET_MINUTES ? Array(2).fill(Number(process.env.GUICHET_MINUTES)) : [40, 30];
const settled = Math.min(5, series / 4); // minutes that memory is given to find its size
const oneCall = 40; // seconds
const rate = 48_000;
const mostGrowth = 5; // MiB
const farthestApart = 40; // ms
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const print = (name, value, aim) => console.log(JSON.stringify({ name, value, aim }));

const folder = makeFolder();
const camera = join(folder, 'camera.sock');
startCamera(camera);
launchWith(`--use-file-for-fake-audio-capture=${join(folder, 'speech.wav')}`);
const record = { root: join(folder, 'cases'), terminal: 'k1', recipient: join(folder, 'bank-public.pem') };

/// MiB that belong to the process alone.
function own(pid) {
  const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').split('\n');
  return lines.filter((line) => /^Private_/.test(line)).reduce((sum, line) => sum + Number(/(\d+) kB/.exec(line)[1]), 0) / 1024;
}

/// A microphone that clicks at each whole second of the wall clock: a source as `--audio-source` has it, live, which
/// speaks once somebody listens, so that no sound waits in a socket. A chunk goes when it begins: it is stamped when it
/// comes, a sound card's when it began.
function clickingMicrophone() {
  const port = 34790; // in a network of its own: tests/support/in-world
  const out = createSocket('udp4');
  const chunk = rate / 50;
  let said = null; // samples, by the wall clock
  const speak = () => {
    const now = Math.floor((Date.now() / 1000) * rate);
    said ??= now;
    while (said <= now) {
      const sound = new Int16Array(chunk);
      for (let index = 0; index < chunk; index++) {
        const since = (said + index) % rate;
        sound[index] = since < rate / 100 ? 20_000 * Math.sin((2 * Math.PI * 1_000 * since) / rate) : 0;
      }
      out.send(Buffer.from(sound.buffer), port, '127.0.0.1');
      said += chunk;
    }
  };
  let speaking;
  after(() => {
    clearInterval(speaking);
    out.close();
  });
  return {
    source: `udpsrc address=127.0.0.1 port=${port} caps="audio/x-raw,format=S16LE,rate=${rate},channels=1,layout=interleaved"`,
    begin: () => { speaking = setInterval(speak, 2); },
  };
}

/// Milliseconds of the wall clock that a track's zero stands for, once each ten seconds: by the clock in its pictures.
function zerosOfPictures(file) {
  const columns = 22;
  const width = columns * 8;
  const every = 10;
  const raw = execFileSync('ffmpeg', ['-v', 'fatal', '-copyts', '-i', file, '-vf', `crop=iw:ih*0.06:0:ih*0.02,scale=${width}:2,format=gray`, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'], { maxBuffer: 1 << 30 });
  const times = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'frame=pts_time', '-of', 'csv=p=0', file], { encoding: 'utf8', maxBuffer: 1 << 28 })
    .split('\n').map(parseFloat).filter((each) => !Number.isNaN(each));
  const zeros = [];
  times.forEach((time, index) => {
    const bits = Array.from({ length: columns }, (_, column) => (raw[index * width * 2 + column * 8 + 4] > 125 ? 1 : 0));
    const number = (from, to) => bits.slice(from, to).reduce((sum, bit) => 2 * sum + bit, 0);
    const clock = number(1, 17);
    const sum = (clock + (clock >> 4) + (clock >> 8) + (clock >> 12)) & 15;
    if (bits[0] && !bits[columns - 1] && sum === number(17, 21)) zeros.push({ time, zero: (clock - 1000 * time + 65_536 * 1e4) % 65_536 });
  });
  return zeros.filter(({ time }, index) => index === 0 || Math.floor(time / every) > Math.floor(zeros[index - 1].time / every));
}

/// The same by its clicks, within a second.
function zerosOfClicks(file) {
  const begin = parseFloat(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', '-read_intervals', '%+#1', file], { encoding: 'utf8' }));
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-ar', String(rate), '-ac', '1', '-f', 's16le', '-'], { maxBuffer: 1 << 30 });
  const sound = new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + (raw.length & ~1)));
  const zeros = [];
  for (let at = 0; at < sound.length; at++) {
    if (Math.abs(sound[at]) < 3_000) continue;
    zeros.push({ time: begin + at / rate, zero: (100_000_000 - 1000 * (begin + at / rate)) % 1000 });
    at += rate / 2;
  }
  return zeros;
}

test('memory over calls', async () => {
  const hub = await Hub.start();
  const seat = await WatchedSeat.sit(hub);
  const terminal = new CallingTerminal(hub, { folder, camera, record });
  const begin = Date.now();
  let base = null;
  let calls = 0;
  while (Date.now() - begin < series * 60_000) {
    await terminal.ask();
    await seat.accept();
    await pause(oneCall);
    await terminal.hangUp();
    await seat.leave();
    calls++;
    if (base === null && Date.now() - begin >= settled * 60_000) base = own(terminal.call.process.pid);
  }
  const grown = own(terminal.call.process.pid) - base;
  print(`guichet-call after ${calls} calls in ${series} minutes: growth since minute ${settled}`, `${grown.toFixed(1)} MiB of ${base.toFixed(0)}`, `${mostGrowth} MiB`);
  terminal.call.process.stdin.end();
  assert.ok(grown < mostGrowth);
});

test('sound and picture of one long recording', async () => {
  const microphone = clickingMicrophone();
  const call = new CallProcess(folder, '--audio-source', microphone.source);
  const caseId = crypto.randomUUID();
  call.say({ do: 'open', case: caseId, mode: 'video', camera, remotePicture: join(folder, 'long.sock'), record });
  await call.until('opened', undefined, 0);
  microphone.begin();
  await pause(settled * 60);
  const base = own(call.process.pid);
  await pause((single - settled) * 60);
  const grown = own(call.process.pid) - base;
  print(`guichet-call in one recording of ${single} minutes: growth since minute ${settled}`, `${grown.toFixed(1)} MiB of ${base.toFixed(0)}`, `${mostGrowth} MiB`);
  call.say({ do: 'close' });
  await call.until('closed', undefined, 0);
  call.process.stdin.end();
  const track = (name) => {
    const file = join(folder, `${name}.mkv`);
    const played = spawn(program('guichet-evidence'), ['play', join(folder, 'cases', caseId), '--track', name, '--key', join(folder, 'bank.pem')], { stdio: ['ignore', 'pipe', 'inherit'] });
    return new Promise((done) => {
      const chunks = [];
      played.stdout.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        writeFileSync(file, Buffer.concat(chunks));
        done(file);
      });
    });
  };
  const pictures = zerosOfPictures(await track('local-video'));
  const clicks = zerosOfClicks(await track('local-audio'));
  const late = clicks.map(({ time, zero }) => {
    const { zero: picture } = pictures.reduce((best, each) => (Math.abs(each.time - time) < Math.abs(best.time - time) ? each : best));
    const apart = (((picture - zero) % 1000) + 1500) % 1000 - 500;
    return { time, apart };
  });
  const worst = late.reduce((most, each) => (Math.abs(each.apart) > Math.abs(most.apart) ? each : most));
  print(`recording of ${single} minutes: sound later than the picture, ${late.length} clicks`,
    `${late[1].apart.toFixed(0)} ms at first, ${late.at(-1).apart.toFixed(0)} ms at last, worst ${worst.apart.toFixed(0)} ms`, `${farthestApart} ms`);
  assert.ok(grown < mostGrowth);
  assert.ok(Math.abs(worst.apart) <= farthestApart);
});
