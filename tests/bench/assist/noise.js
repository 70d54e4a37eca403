// SPDX-License-Identifier: Apache-2.0
// How much of a steady noise is left where it is recorded and sent (guichet-call) and where it is heard (the seat's
// RNNoise), and how well the speech in it can be understood. A line of JSON each: {"name","value","aim"}.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CallProcess, makeFolder, program } from '../../e2e/web/call_process.js';
import { decibels, loadCleaner, noises, power, rate as full } from '../../cloudbranch/web/noisy_sound.js';
import { delay, rate, stoi } from './stoi.js';

const lead = 6; // seconds of noise alone: what suppresses it has to know it first
const settled = 3; // seconds of them
const snr = 10; // dB
const text = 'Good morning. I have lost my card and would like to order a new one. My telephone number has changed as well, and I moved to another town.';

const folder = makeFolder();
const sox = (...words) => execFileSync('sox', words, { cwd: folder, maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] });
function samples(file, at) {
  const raw = sox(file, '-r', String(at), '-c', '1', '-b', '16', '-e', 'signed-integer', '-t', 'raw', '-');
  return Float64Array.from(new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length)), (each) => each / 32_768);
}
function write(file, sound) {
  writeFileSync(join(folder, 'raw'), Buffer.from(Int16Array.from(sound, (each) => Math.max(-1, Math.min(1, each)) * 32_767).buffer));
  sox('-t', 'raw', '-r', String(full), '-c', '1', '-b', '16', '-e', 'signed-integer', 'raw', file);
}
/// As the terminal records it: microphone, noise suppression, Opus.
async function atKiosk(file, name, seconds) {
  const caseId = crypto.randomUUID();
  const call = new CallProcess(folder, '--audio-source', `filesrc location=${join(folder, file)} ! wavparse`);
  call.say({ do: 'open', case: caseId, mode: 'voice', remotePicture: join(folder, 'remote.sock'),
    record: { root: join(folder, 'cases'), terminal: 'k1', recipient: join(folder, 'bank-public.pem') } });
  await call.until('opened', undefined, 0);
  await new Promise((done) => setTimeout(done, 1000 * seconds)); // it is played at its pace
  call.say({ do: 'close' });
  await call.until('closed', undefined, 0);
  call.process.stdin.end();
  writeFileSync(join(folder, 'track.mkv'), execFileSync(program('guichet-evidence'), ['play', join(folder, 'cases', caseId), '--track', 'local-audio', '--key', join(folder, 'bank.pem')], { maxBuffer: 1 << 28 }));
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', join(folder, 'track.mkv'), '-ar', String(full), '-ac', '1', join(folder, name)]);
}

/// As the seat hears it.
function clean(Cleaner, sound) {
  const cleaner = new Cleaner();
  const out = new Float32Array(sound.length);
  const quantum = 128;
  for (let at = 0; at + quantum <= sound.length; at += quantum) {
    cleaner.process([[Float32Array.from(sound.subarray(at, at + quantum))]], [[out.subarray(at, at + quantum)]]);
  }
  return out;
}

/// Of that sound against the speech in it: noise alone in dB below the speech, and what is understood.
function judge(file, said) {
  const heard = samples(file, rate);
  const late = delay(said, heard, 2 * rate);
  const lined = Float64Array.from({ length: said.length }, (_, index) => heard[index + late] ?? 0);
  const noise = power(lined.subarray(settled * rate, (lead - 0.5) * rate));
  const speech = power(lined.subarray(lead * rate)) - noise;
  return { below: decibels(speech / noise), stoi: stoi(said.subarray(lead * rate), lined.subarray(lead * rate)) };
}

test('noise', async () => {
  execFileSync('espeak-ng', ['-v', 'en', '-w', join(folder, 'said.wav'), text]);
  const spoken = samples('said.wav', full);
  const said = Float64Array.from({ length: lead * full + spoken.length }, (_, index) => spoken[index - lead * full] ?? 0);
  write('clean.wav', said);
  const reference = samples('clean.wav', rate);
  const Cleaner = await loadCleaner(folder);
  for (const [name, next] of Object.entries(noises())) {
    const noise = Float64Array.from({ length: said.length }, next);
    const gain = Math.sqrt(power(spoken) / power(noise) / 10 ** (snr / 10));
    write(`${name}.wav`, said.map((each, index) => each / 2 + gain * noise[index] / 2));
    await atKiosk(`${name}.wav`, `${name}-kiosk.wav`, said.length / full + 1);
    write(`${name}-seat.wav`, clean(Cleaner, samples(`${name}-kiosk.wav`, full)));
    write(`${name}-alone.wav`, clean(Cleaner, samples(`${name}.wav`, full)));
    const [before, kiosk, seat, alone] = ['', '-kiosk', '-seat', '-alone'].map((stage) => judge(`${name}${stage}.wav`, reference));
    const line = (stage, after, aim) => console.log(JSON.stringify({
      name: `steady noise (${name}), ${snr} dB below speech: ${stage}`, value: `${(after.below - before.below).toFixed(1)} dB less, STOI ${before.stoi.toFixed(3)} -> ${after.stoi.toFixed(3)}`, aim }));
    line('at the kiosk', kiosk, '17 dB');
    line('then in the seat', seat, '30 dB, STOI no lower');
    line('in the seat alone', alone, '');
  }
});
