// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { decibels, loadCleaner, noises, power, rate, rnnoise } from './noisy_sound.js';

const lead = 2 * rate; // noise alone, then speech in noise

function speech() {
  const spoken = execFileSync('espeak-ng', ['-v', 'en', '--stdout', 'Good morning. I have lost my card and would like to order a new one. My telephone number has changed as well.']);
  const raw = execFileSync('sox', ['-t', 'wav', '-', '-r', String(rate), '-c', '1', '-b', '16', '-e', 'signed-integer', '-t', 'raw', '-'],
    { input: spoken, maxBuffer: 1 << 24, stdio: ['pipe', 'pipe', 'ignore'] });
  return Float32Array.from(new Int16Array(raw.buffer, raw.byteOffset, raw.length >> 1), (sample) => sample / 65_536);
}

test('noise: steady noise at 10 dB falls by 30 dB and more, speech stays as loud as it was', { skip: !existsSync(rnnoise) && 'npm ci in cloudbranch/web' }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-noise-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const Cleaner = await loadCleaner(folder);
  const said = speech();
  for (const [name, next] of Object.entries(noises())) {
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
