// SPDX-License-Identifier: Apache-2.0
// A customer's telephone, a counter, a lobby display and seats of remote staff in one Chromium, each doing a step for each line of standard
// input: {"who":"customer","does":"book",...}. Answers {"saw":...} or {"failed":"..."} on a line of its own.
import { createInterface } from 'node:readline';
import { seatSteps } from './seat_person.js';
import { closeBrowser, desk, launchWith, lobby, open, phone } from './support.js';

launchWith('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns');
const url = process.argv[2];
const pages = {};

/// Milliseconds and loudest sample of a WAV file's bytes.
function measure(bytes) {
  const rate = bytes.readUInt32LE(24);
  let loudest = 0;
  for (let at = 44; at + 1 < bytes.length; at += 2) loudest = Math.max(loudest, Math.abs(bytes.readInt16LE(at)));
  return { kind: bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 12), ms: Math.round((bytes.length - 44) / 2 / rate * 1000), loudest };
}

const steps = {
  customer: {
    /// Books a time today and keeps the code as a picture in `picture`.
    async books({ service, time, picture }) {
      const page = pages.customer = await open(`${url}/o/demo/book`, { viewport: phone, deviceScaleFactor: 3 });
      await page.getByRole('link', { name: service }).click();
      await page.getByRole('link', { name: /今天/ }).click();
      await page.getByRole('link', { name: time }).click();
      await page.getByLabel('姓名').fill('王小明');
      await page.getByLabel('手机号').fill('13800005621');
      await page.keyboard.press('Enter');
      await page.locator('svg.qr').waitFor();
      await page.locator('svg.qr').screenshot({ path: picture });
      return { code: (await page.locator('.code').textContent()).replaceAll(' ', ''), faults: page.faults };
    },
    /// Waits, without a touch, until the page says that.
    async reads({ text }) {
      await pages.customer.getByText(text).first().waitFor();
      return { faults: pages.customer.faults };
    },
  },
  display: {
    async stands() {
      const page = pages.display = await open(`${url}/display/`, { viewport: lobby });
      page.sounds = [];
      page.on('response', (response) => /voice\.wav/.test(response.url()) && page.sounds.push(response));
      await page.locator('.clock').waitFor();
    },
    /// What it speaks when it shows that number.
    async shows({ label }) {
      const page = pages.display;
      await page.locator('.now .ticket', { hasText: label }).waitFor();
      while (!page.sounds.length) await page.waitForResponse(/voice\.wav/);
      const bytes = Buffer.from(await (await fetch(page.sounds[0].url())).arrayBuffer());
      return { ...measure(bytes), faults: page.faults };
    },
  },
  agent: seatSteps(url, 'agent'),
  expert: seatSteps(url, 'expert'),
  teller: {
    async signsOn({ counter }) {
      const page = pages.teller = await open(`${url}/counter/`, { viewport: desk });
      await page.getByLabel('用户名').fill('teller');
      await page.getByLabel('密码').fill('demo');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: `${counter} 号窗口` }).click();
      await page.locator('.current').waitFor();
    },
    async calls() {
      await pages.teller.keyboard.press('n');
      await pages.teller.locator('.current.called').waitFor();
      return { label: await pages.teller.locator('.number').textContent() };
    },
    async finishes() {
      await pages.teller.keyboard.press('a');
      await pages.teller.locator('.current.serving').waitFor();
      await pages.teller.keyboard.press('f');
      await pages.teller.getByRole('dialog').waitFor();
      await pages.teller.keyboard.press('Enter');
      await pages.teller.locator('.current.idle').waitFor();
      return { faults: pages.teller.faults };
    },
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { who, does, ...rest } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ saw: await steps[who][does](rest) ?? {} }));
  } catch (error) {
    console.log(JSON.stringify({ failed: `${who} ${does}: ${error.message}` }));
  }
}
await closeBrowser();
