// SPDX-License-Identifier: Apache-2.0
// The seat's own page, watched: when the customer's picture comes, how old each one is, what of the sound was made up.
import { keepConnections, takeSeat } from '../../e2e/web/seat_person.js';
import { desk, open } from '../../e2e/web/support.js';

/// Runs in the page, before its own modules.
function watch() {
  const columns = 22;
  const canvas = Object.assign(document.createElement('canvas'), { width: columns * 8, height: 4 });
  const paper = canvas.getContext('2d', { willReadFrequently: true });
  /// Milliseconds since the shown picture was taken; NaN if that can't be read (tests/support/frames_source).
  const age = (video) => {
    const now = Date.now();
    paper.drawImage(video, 0, video.videoHeight * 0.02, video.videoWidth, video.videoHeight * 0.06, 0, 0, canvas.width, canvas.height);
    const { data } = paper.getImageData(0, 2, canvas.width, 1);
    const bits = Array.from({ length: columns }, (_, column) => (data[4 * (column * 8 + 4)] > 125 ? 1 : 0));
    const number = (from, to) => bits.slice(from, to).reduce((sum, bit) => 2 * sum + bit, 0);
    const clock = number(1, 17);
    const sum = (clock + (clock >> 4) + (clock >> 8) + (clock >> 12)) & 15;
    return bits[0] && !bits[columns - 1] && sum === number(17, 21) ? (now - clock) & 0xFFFF : NaN;
  };

  const customer = () => document.querySelector('video.customer');
  /// Once a picture is shown that came after the call of it; its time.
  globalThis.nextPicture = async () => {
    while (!customer()) await new Promise(requestAnimationFrame);
    return new Promise((done) => {
      customer().requestVideoFrameCallback(() => done(performance.now()));
    });
  };
  /// Ages of all pictures shown from now on until the answer's `end` is called.
  globalThis.collectAges = () => {
    const ages = globalThis.ages = [];
    globalThis.collecting = true;
    const look = () => {
      if (!globalThis.collecting) return;
      const video = customer();
      if (video) {
        ages.push(age(video));
        video.requestVideoFrameCallback(look);
      } else requestAnimationFrame(look);
    };
    look();
  };
  globalThis.heard = async () => {
    const of = { frames: 0, samples: 0, concealed: 0, energy: 0, relayed: false, at: performance.now() };
    for (const each of (await connections.at(-1).getStats()).values()) {
      if (each.type === 'candidate-pair' && each.nominated) of.pair = each.localCandidateId;
      if (each.type !== 'inbound-rtp') continue;
      if (each.kind === 'video') of.frames = each.framesDecoded;
      else Object.assign(of, { samples: each.totalSamplesReceived, concealed: each.concealedSamples - (each.silentConcealedSamples ?? 0), energy: each.totalAudioEnergy });
    }
    return of;
  };
}

export class WatchedSeat {
  static async sit(hub) {
    const seat = new WatchedSeat();
    const page = seat.page = await open(`${hub.url}/healthz`, { viewport: desk });
    await page.addInitScript(keepConnections);
    await page.addInitScript(watch);
    await takeSeat(page, hub.url);
    return seat;
  }

  /// Milliseconds from the press to the customer's first picture.
  async accept() {
    await this.page.locator('.current.ringing').waitFor();
    return this.page.evaluate(async () => {
      const pressed = performance.now();
      document.querySelector('[data-do=accept]').click();
      return await nextPicture() - pressed;
    });
  }

  /// Leaves the call and is ready for the next.
  async leave() {
    await this.page.locator('.current.wrap_up').waitFor();
    await this.page.keyboard.press('f');
    await this.page.locator('dialog .button').first().press('Enter');
    await this.page.locator('.current.ready').waitFor();
  }

  /// Milliseconds until a picture is shown of another connection than the present one.
  async rebuilt(ask) {
    await this.page.evaluate(() => {
      const from = performance.now();
      globalThis.rebuilding = new Promise((made) => addEventListener('connection', made, { once: true }))
        .then(nextPicture).then((at) => at - from);
    });
    ask();
    return this.page.evaluate(() => rebuilding);
  }

  nextPicture() { return this.page.evaluate(() => nextPicture()); }

  /// What was seen and heard for so long.
  async measure(seconds) {
    const before = await this.page.evaluate(() => {
      collectAges();
      return heard();
    });
    await new Promise((done) => setTimeout(done, seconds * 1000)); // the time measured, not a wait for something
    const { ages, ...after } = await this.page.evaluate(async () => {
      globalThis.collecting = false;
      return { ...await heard(), ages: globalThis.ages };
    });
    const passed = (after.at - before.at) / 1000;
    const readable = ages.filter((each) => !Number.isNaN(each) && each !== null).sort((a, b) => a - b);
    const samples = after.samples - before.samples;
    return {
      fps: (after.frames - before.frames) / passed,
      shown: ages.length / passed,
      p50: readable[Math.floor(readable.length * 0.5)],
      p95: readable[Math.floor(readable.length * 0.95)],
      concealedPct: samples > 0 ? 100 * (after.concealed - before.concealed) / samples : 100,
      soundPct: 100 * samples / (48_000 * passed),
    };
  }
}
