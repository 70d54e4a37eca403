// SPDX-License-Identifier: Apache-2.0
// A member of remote staff at the seat's page, for people.js. Judged by counters of the browser, not by what a page says.
import { desk, open, until } from './support.js';

/// Runs in the page before its own scripts: every peer connection it makes, the newest last; an event "connection" for each.
export function keepConnections() {
  globalThis.connections = [];
  const Connection = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Connection {
    constructor(...words) {
      super(...words);
      connections.push(this);
      dispatchEvent(new Event('connection'));
    }
  };
}

/// In the page: what the newest connection has received, and by which kind of way; null before it has a way.
async function wayOf() {
  const report = await globalThis.connections?.at(-1)?.getStats();
  const all = [...(report?.values() ?? [])];
  const transport = all.find(({ type }) => type === 'transport');
  const pair = report?.get(transport?.selectedCandidatePairId);
  if (!pair) return null;
  return { local: report.get(pair.localCandidateId).candidateType, remote: report.get(pair.remoteCandidateId).candidateType,
    frames: all.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video')?.framesDecoded ?? 0,
    sound: all.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')?.packetsReceived ?? 0 };
}

/// Logs in at the page, and is ready for the next customer, or back with the present one.
export async function takeSeat(page, url, user = 'agent') {
  await page.goto(`${url}/seat/?lang=en`);
  await page.locator('[name=user]').fill(user);
  await page.locator('[name=password]').fill('demo');
  await page.keyboard.press('Enter');
  await page.locator('.current').waitFor();
  if (await page.locator('.current.away').count()) await page.keyboard.press('r');
  await page.locator('.current:is(.ready, .busy, .ringing)').waitFor();
}

/// The steps of the member of staff with that login.
export function seatSteps(url, user) {
  let page;
  return {
    /// Opens the page, logs in, and is ready for the next customer, or back with the present one.
    async sits() {
      page = await open(`${url}/healthz`, { viewport: desk });
      await page.addInitScript(keepConnections);
      await page.addInitScript(`globalThis.wayOf = ${wayOf}`);
      await takeSeat(page, url, user);
    },
    async accepts() {
      await page.locator('.current.ringing').waitFor();
      await page.keyboard.press('a');
      await page.locator('.current.busy').waitFor();
    },
    /// The customer's picture, once it moves: its size, and the kinds of both ends of the way that it came.
    async sees() {
      const way = await until(page, async () => {
        const now = await globalThis.wayOf();
        const known = now && globalThis.framesFrom?.way === now.local && globalThis.framesFrom.frames <= now.frames;
        if (now && !known) globalThis.framesFrom = { way: now.local, frames: now.frames }; // also of another connection
        return known && now.frames >= globalThis.framesFrom.frames + 10 && now;
      });
      await page.evaluate(() => { globalThis.framesFrom = null; });
      const size = await until(page, () => {
        const { videoWidth: width, videoHeight: height } = document.querySelector('video.customer') ?? {};
        return width > 0 && { width, height };
      });
      return { ...way, ...size };
    },
    /// The customer's sound, and how many pictures came with it.
    async hears() {
      const { frames } = await until(page, async () => {
        const now = await globalThis.wayOf();
        return now?.sound >= 50 && now;
      });
      return { pictures: frames };
    },
    /// Waits until the page says so.
    async reads({ text }) { await page.getByText(text).first().waitFor(); },
    /// What is left on the page of any customer.
    async leftOver() {
      await page.locator('.current:not(.busy)').waitFor();
      return { video: await page.locator('video.customer').count(), mirror: await page.locator('[data-element]').count(), case: await page.locator('section.case').count(),
        open: await page.evaluate(() => globalThis.connections.filter(({ connectionState }) => connectionState !== 'closed').length) };
    },
    async writes({ text }) {
      await page.locator('input[name=chat]').fill(text);
      await page.keyboard.press('Enter');
    },
    /// Points at an element of the customer's page.
    async points({ element }) { await page.locator(`[data-do="mark-${element}"]`).click(); },
    /// Hands the customer on.
    async transfers({ to }) {
      await page.locator('[data-do=transfer]').click(); // the keyboard may be in the chat
      await page.locator('dialog').getByRole('button', { name: new RegExp(`^${to}`) }).press('Enter');
    },
    /// For a person to look at.
    async pictured({ file }) { await page.screenshot({ path: file }); },
    async hangsUp() {
      await page.locator('[data-do=hangUp]').click();
      await page.locator('.current.wrap_up').waitFor();
      return { faults: page.faults.filter((fault) => !/^WebSocket connection to/.test(fault)), // the browser's own word of a hub that is down
        connections: await page.evaluate(() => globalThis.connections.length) };
    },
    /// The tab is gone at once.
    async vanishes() {
      await page.context().close();
    },
  };
}
