// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { test } from 'node:test';

const web = fileURLToPath(new URL('../../../cloudbranch/web/', import.meta.url));
const rnnoise = join(web, 'node_modules/@jitsi/rnnoise-wasm/dist/rnnoise-sync.js');
const rate = 48_000;
const lead = 2 * rate; // noise alone, then speech in noise

/// The worklet as the browser runs it, beside the package as the hub serves it.
async function worklet(folder) {
  copyFileSync(rnnoise, join(folder, 'rnnoise-sync.js'));
  copyFileSync(join(web, 'site/seat_noise_worklet.js'), join(folder, 'seat_noise_worklet.js'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  let made;
  globalThis.AudioWorkletProcessor = class {};
  globalThis.registerProcessor = (_, processor) => { made = processor; };
  await import(pathToFileURL(join(folder, 'seat_noise_worklet.js')));
  return made;
}

function speech() {
  const spoken = execFileSync('espeak-ng', ['-v', 'en', '--stdout', 'Good morning. I have lost my card and would like to order a new one. My telephone number has changed as well.']);
  const raw = execFileSync('sox', ['-t', 'wav', '-', '-r', String(rate), '-c', '1', '-b', '16', '-e', 'signed-integer', '-t', 'raw', '-'],
    { input: spoken, maxBuffer: 1 << 24, stdio: ['pipe', 'pipe', 'ignore'] });
  return Float32Array.from(new Int16Array(raw.buffer, raw.byteOffset, raw.length >> 1), (sample) => sample / 65_536);
}

const power = (sound) => sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length;
const decibels = (ratio) => 10 * Math.log10(ratio);

function random() {
  let seed = 7;
  return () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
}
const noises = {
  white: random(),
  fan: (() => {
    const next = random();
    let slow = 0;
    return () => (slow = 0.97 * slow + next());
  })(),
};

test('noise: steady noise at 10 dB falls by 30 dB and more, speech stays as loud as it was', { skip: !existsSync(rnnoise) && 'npm ci in cloudbranch/web' }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-noise-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const Cleaner = await worklet(folder);
  const said = speech();
  for (const [name, next] of Object.entries(noises)) {
    const noise = Float32Array.from({ length: lead + said.length }, next);
    const gain = Math.sqrt(power(said) / power(noise) / 10);
    const mixed = noise.map((sample, index) => gain * sample + (said[index - lead] ?? 0));
    const cleaned = new Float32Array(mixed.length);
    const cleaner = new Cleaner();
    for (let at = 0; at + 128 <= mixed.length; at += 128) cleaner.process([[mixed.subarray(at, at + 128)]], [[cleaned.subarray(at, at + 128)]]);
    const quieter = decibels(power(mixed.subarray(rate, lead)) / power(cleaned.subarray(rate, lead)));
    const louder = decibels(power(cleaned.subarray(lead)) / power(said));
    t.diagnostic(`${name}: ${quieter.toFixed(1)} dB less noise, speech ${louder.toFixed(1)} dB`);
    assert.ok(quieter >= 30, `${name}: ${quieter} dB`);
    assert.ok(Math.abs(louder) < 1.5, `${name}: speech ${louder} dB`);
  }
});
