// SPDX-License-Identifier: Apache-2.0
/// How well the customer is heard and seen, from WebRTC's counters. Pure.

const share = (part, whole) => (whole > 0 ? (100 * part) / whole : 0);
const round = (value, digits = 0) => Number(value.toFixed(digits));

/// Mean opinion score by the simplified E-model, 1 to 4.4: round trip, jitter and jitter buffer in ms; `concealed`: % of
/// the sound that had to be made up.
export function meanOpinion({ rtt, jitter, buffer, concealed }) {
  const latency = rtt / 2 + 2 * jitter + buffer + 10;
  const delay = latency < 160 ? latency / 40 : (latency - 120) / 10;
  const rating = Math.max(0, 93.2 - delay - 2.5 * concealed);
  return Math.max(1, 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating));
}

/// The counters that `figures` compares, of a report as getStats() gives it.
export function counters(report) {
  const all = [...report.values()];
  const inbound = (kind) => all.find((each) => each.type === 'inbound-rtp' && each.kind === kind);
  const outbound = all.find((each) => each.type === 'outbound-rtp' && each.kind === 'video');
  const transport = all.find(({ type }) => type === 'transport');
  const pair = report.get(transport?.selectedCandidatePairId) ?? all.find((each) => each.type === 'candidate-pair' && each.nominated);
  const sound = inbound('audio');
  const picture = inbound('video');
  return {
    at: sound?.timestamp ?? picture?.timestamp ?? 0,
    frames: picture?.framesDecoded ?? 0,
    width: picture?.frameWidth ?? 0,
    height: picture?.frameHeight ?? 0,
    packets: (sound?.packetsReceived ?? 0) + (picture?.packetsReceived ?? 0),
    soundPackets: sound?.packetsReceived ?? 0,
    lost: (sound?.packetsLost ?? 0) + (picture?.packetsLost ?? 0),
    bytes: (sound?.bytesReceived ?? 0) + (picture?.bytesReceived ?? 0),
    freezes: picture?.freezeCount ?? 0,
    samples: sound?.totalSamplesReceived ?? 0,
    concealed: sound?.concealedSamples ?? 0,
    buffered: sound?.jitterBufferDelay ?? 0,
    emitted: sound?.jitterBufferEmittedCount ?? 0,
    jitter: (sound?.jitter ?? picture?.jitter ?? 0) * 1000,
    rtt: (pair?.currentRoundTripTime ?? 0) * 1000,
    relayed: report.get(pair?.localCandidateId)?.candidateType === 'relay',
    sentBytes: outbound?.bytesSent ?? 0,
  };
}

/// What happened between two readings of one connection; null if no time passed.
export function figures(before, now) {
  const seconds = (now.at - before.at) / 1000;
  if (seconds <= 0) return null;
  const since = (name) => Math.max(0, now[name] - before[name]);
  const emitted = since('emitted');
  const buffer = emitted > 0 ? (1000 * since('buffered')) / emitted : 0;
  const concealed = share(since('concealed'), since('samples'));
  return {
    fps: round(since('frames') / seconds),
    width: now.width,
    height: now.height,
    kbps: round((8 * since('bytes')) / 1000 / seconds),
    loss: round(share(since('lost'), since('lost') + since('packets')), 1),
    rtt: round(now.rtt),
    jitter: round(now.jitter, 1),
    buffer: round(buffer),
    concealed: round(concealed, 1),
    freezes: since('freezes'),
    relayed: now.relayed,
    mos: since('soundPackets') > 0 ? round(meanOpinion({ rtt: now.rtt, jitter: now.jitter, buffer, concealed }), 2) : 1,
  };
}

const fewFrames = 12;
const hardlyAnyFrames = 5;

/// "good", "fair" or "poor". A voice call is not judged by its picture.
export function levelOf({ mos, fps }, picture) {
  if (mos < 3.6 || (picture && fps < hardlyAnyFrames)) return 'poor';
  return mos < 4 || (picture && fps < fewFrames) ? 'fair' : 'good';
}

/// What staff should do about it: "voice", "sound", "picture", or "" for nothing.
export function adviceFor({ mos, fps }, picture) {
  if (picture && mos < 3.6) return 'voice';
  if (mos < 4) return 'sound';
  return picture && fps < fewFrames ? 'picture' : '';
}

const secondsOfGood = 3;

/// Says at once that it gets worse, and only after a few seconds that it is better: a light that flickers says nothing.
export class QualityLight {
  #shown = '';
  #better = 0;

  show(level) {
    const order = ['poor', 'fair', 'good'];
    this.#better = order.indexOf(level) > order.indexOf(this.#shown) ? this.#better + 1 : 0;
    if (!this.#shown || this.#better === 0 || this.#better >= secondsOfGood) {
      this.#shown = level;
      this.#better = 0;
    }
    return this.#shown;
  }
}
