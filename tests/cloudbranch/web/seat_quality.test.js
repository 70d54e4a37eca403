// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceFor, counters, figures, levelOf, meanOpinion, QualityLight } from '../../../cloudbranch/web/site/seat_quality.js';

const clear = { rtt: 20, jitter: 2, buffer: 40, concealed: 0 };
const near = (value, expected) => assert.ok(Math.abs(value - expected) < 0.005, `${value}, expected ${expected}`);

test('quality: a quiet line has a mean opinion of 4.4, by the simplified E-model', () => {
  near(meanOpinion(clear), 4.38); // L = 64 ms, R = 91.6
});

test('quality: delay beyond 160 ms costs more than delay below', () => {
  near(meanOpinion({ ...clear, rtt: 200, buffer: 40 }), 4.32); // L = 154 ms, R = 93.2 - 154 / 40
  near(meanOpinion({ ...clear, rtt: 600, buffer: 40 }), 3.59); // L = 354 ms, R = 93.2 - (354 - 120) / 10
});

test('quality: each percent of sound made up costs 2.5 of R, and the opinion never leaves 1 to 4.5', () => {
  near(meanOpinion({ ...clear, concealed: 10 }), 3.43); // R = 66.6
  assert.equal(meanOpinion({ rtt: 5000, jitter: 500, buffer: 500, concealed: 100 }), 1);
  for (let concealed = 0; concealed <= 100; concealed++) {
    const opinion = meanOpinion({ ...clear, concealed });
    assert.ok(opinion >= 1 && opinion <= 4.5, `${opinion} at ${concealed} %`);
  }
});

const report = (at, { frames, sound, lost, samples, concealed }) => new Map(Object.entries({
  t: { type: 'transport', selectedCandidatePairId: 'p' },
  p: { type: 'candidate-pair', localCandidateId: 'l', currentRoundTripTime: 0.03 },
  l: { type: 'local-candidate', candidateType: 'relay' },
  v: { type: 'inbound-rtp', kind: 'video', timestamp: at, framesDecoded: frames, frameWidth: 640, frameHeight: 360, packetsReceived: 10 * frames, packetsLost: 0, bytesReceived: 4000 * frames },
  a: { type: 'inbound-rtp', kind: 'audio', timestamp: at, packetsReceived: sound, packetsLost: lost, bytesReceived: 0, jitter: 0.004,
    totalSamplesReceived: samples, concealedSamples: concealed, jitterBufferDelay: samples * 0.05, jitterBufferEmittedCount: samples },
}));

test('quality: figures are what happened between two reports', () => {
  const before = counters(report(1000, { frames: 100, sound: 50, lost: 0, samples: 48_000, concealed: 0 }));
  const now = counters(report(2000, { frames: 124, sound: 100, lost: 10, samples: 96_000, concealed: 960 }));
  const found = figures(before, now);
  assert.deepEqual({ ...found, mos: 0 }, { fps: 24, width: 640, height: 360, kbps: 768, loss: 3.3, rtt: 30, jitter: 4, buffer: 50, concealed: 2, freezes: 0, relayed: true, mos: 0 });
  near(found.mos, 4.23); // L = 83 ms, 2 % made up: R = 86.1
  assert.equal(figures(now, now), null);
});

test('quality: silence where there was sound is the worst there is', () => {
  const before = counters(report(1000, { frames: 100, sound: 50, lost: 0, samples: 48_000, concealed: 0 }));
  const now = counters(report(2000, { frames: 124, sound: 50, lost: 0, samples: 48_000, concealed: 0 }));
  assert.equal(figures(before, now).mos, 1);
});

test('quality: a report of a connection that has nothing yet counts as nothing', () => {
  assert.equal(counters(new Map()).packets, 0);
});

test('quality: green from 4.0, red below 3.6; a picture that hardly moves is no good line, a voice call has none', () => {
  assert.deepEqual([4.2, 4, 3.99, 3.6, 3.59].map((mos) => levelOf({ mos, fps: 25 }, true)), ['good', 'good', 'fair', 'fair', 'poor']);
  assert.deepEqual([12, 11, 5, 4].map((fps) => levelOf({ mos: 4.2, fps }, true)), ['good', 'fair', 'fair', 'poor']);
  assert.equal(levelOf({ mos: 4.2, fps: 0 }, false), 'good');
});

test('quality: the advice is voice only where sound suffers beside a picture, and care where the picture alone does', () => {
  assert.equal(adviceFor({ mos: 3, fps: 25 }, true), 'voice');
  assert.equal(adviceFor({ mos: 3, fps: 0 }, false), 'sound');
  assert.equal(adviceFor({ mos: 3.8, fps: 25 }, true), 'sound');
  assert.equal(adviceFor({ mos: 4.2, fps: 6 }, true), 'picture');
  assert.equal(adviceFor({ mos: 4.2, fps: 25 }, true), '');
});

test('quality: the light gets worse at once and better after three seconds', () => {
  const light = new QualityLight();
  assert.deepEqual(['good', 'poor', 'good', 'good', 'fair', 'good', 'poor', 'fair', 'fair', 'fair'].map((level) => light.show(level)),
    ['good', 'poor', 'poor', 'poor', 'fair', 'fair', 'poor', 'poor', 'poor', 'fair']);
});
