// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { KioskCall } from './kiosk_call.js';
import { accessibilityFaults, closePages, desk, Hub, launchWith, open, picture } from './support.js';

launchWith('--use-fake-device-for-media-stream', '--allow-loopback-in-peer-connection', '--disable-features=WebRtcHideLocalIpsWithMdns');
const hub = await Hub.start();
afterEach(closePages);

test('without leave to use the microphone staff are told what to do, text goes on, and with leave the call is whole', async () => {
  const seat = await open(`${hub.url}/seat/`, { viewport: desk });
  await seat.locator('[name=user]').fill('agent');
  await seat.locator('[name=password]').fill('demo');
  await seat.keyboard.press('Enter');
  await seat.locator('.current.away').waitFor();
  await seat.keyboard.press('r');
  const customer = await KioskCall.ask(hub, { mode: 'video' });
  await seat.locator('.current.ringing').waitFor();
  await seat.keyboard.press('a');
  await customer.terminal.until('assist', ({ state }) => state === 'joining');
  await customer.offer();
  await seat.locator('.note', { hasText: '客户听不到、也看不到您' }).filter({ hasText: '允许麦克风和摄像头' }).waitFor();
  assert.deepEqual(await accessibilityFaults(seat), []);
  await picture(seat, 'seat-no-microphone');
  await customer.grows('video', 'framesDecoded', 3); // the figure that stands for a camera
  await seat.locator('[name=chat]').fill('我听不到您，请先打字。');
  await seat.keyboard.press('Enter');
  assert.equal((await customer.terminal.until('chat')).text, '我听不到您，请先打字。');
  await seat.context().grantPermissions(['camera', 'microphone'], { origin: hub.url });
  await seat.getByRole('button', { name: '再试一次' }).click();
  await seat.locator('section.stage .note').first().waitFor({ state: 'detached' });
  await customer.grows('audio', 'packetsReceived');
  assert.deepEqual(seat.faults, []);
});

test('RNNoise takes noise away by 20 dB and more in the page itself', async (t) => {
  const seat = await open(`${hub.url}/seat/`, { viewport: desk });
  const measured = await seat.evaluate(async () => {
    const near = (name) => new URL(name, document.querySelector('script[src]').src);
    if (!(await fetch(near('rnnoise-sync.js'), { method: 'HEAD' })).ok) return null;
    const rate = 48_000;
    const context = new OfflineAudioContext(1, 4 * rate, rate);
    await context.audioWorklet.addModule(near('seat_noise_worklet.js'));
    const noise = context.createBuffer(1, 4 * rate, rate);
    let seed = 1;
    noise.copyToChannel(Float32Array.from({ length: 4 * rate }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return 0.1 * (seed / 2_147_483_647 - 0.5);
    }), 0);
    const source = new AudioBufferSourceNode(context, { buffer: noise });
    source.connect(new AudioWorkletNode(context, 'rnnoise')).connect(context.destination);
    source.start();
    const cleaned = await context.startRendering();
    const power = (buffer) => buffer.getChannelData(0).slice(2 * rate).reduce((sum, sample) => sum + sample * sample, 0);
    return { before: power(noise), after: power(cleaned) };
  });
  if (!measured) return t.skip('this hub was built without RNNoise');
  const decibels = 10 * Math.log10(measured.before / (measured.after + 1e-12));
  t.diagnostic(`${decibels.toFixed(1)} dB`);
  assert.ok(decibels >= 20, `${decibels} dB`);
  assert.deepEqual(seat.faults, []);
});
