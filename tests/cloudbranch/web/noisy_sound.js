// SPDX-License-Identifier: Apache-2.0
// Steady noise, the same each time, and the seat's cleaner as the browser runs it.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const web = fileURLToPath(new URL('../../../cloudbranch/web/', import.meta.url));
export const rnnoise = join(web, 'node_modules/@jitsi/rnnoise-wasm/dist/rnnoise-sync.js');
export const rate = 48_000;

/// The worklet's class, beside the package as the hub serves it.
export async function loadCleaner(folder) {
  copyFileSync(rnnoise, join(folder, 'rnnoise-sync.js'));
  copyFileSync(join(web, 'site/seat_noise_worklet.js'), join(folder, 'seat_noise_worklet.js'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  let made;
  globalThis.AudioWorkletProcessor = class {};
  globalThis.registerProcessor = (_, processor) => { made = processor; };
  await import(pathToFileURL(join(folder, 'seat_noise_worklet.js')));
  return made;
}

function random() {
  let seed = 7;
  return () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
}

/// By name: what gives the next sample.
export function noises() {
  const next = random();
  let slow = 0;
  return { white: random(), fan: () => (slow = 0.97 * slow + next()) };
}

export const power = (sound) => sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length;
export const decibels = (ratio) => 10 * Math.log10(ratio);
