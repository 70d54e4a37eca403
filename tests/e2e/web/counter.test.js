// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { accessibilityFaults, desk, Hub, open, phone, picture } from './support.js';

const hub = await Hub.start();

async function signOn(counter, user = 'teller', viewport = desk) {
  const page = await open(`${hub.url}/counter/`, { viewport });
  await page.getByLabel('用户名').fill(user);
  await page.getByLabel('密码').fill('demo');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: `${counter} 号窗口` }).click();
  await page.locator('.current').waitFor();
  return page;
}
const inState = (page, state) => page.locator(`.current.${state}`).waitFor();

test('a teller calls, recalls, parks, calls from the pool, transfers and finishes, with the keyboard only', async () => {
  const first = await hub.take();
  const page = await signOn('2');
  await page.locator('.line', { hasText: first.ticket.label }).waitFor();
  await picture(page, 'counter-idle');
  await page.keyboard.press('n');
  await inState(page, 'called');
  assert.equal(await page.locator('.number').textContent(), first.ticket.label);
  const recalled = page.waitForResponse((response) => response.url().endsWith('/recall') && response.status() === 200);
  await page.keyboard.press('r');
  await recalled;
  await page.locator('.current [data-do=recall]:enabled').waitFor();
  await picture(page, 'counter-called');
  await page.keyboard.press('a');
  await inState(page, 'serving');
  await page.keyboard.press('p');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Enter'); // the first reason
  await page.locator('.parked li', { hasText: first.ticket.label }).waitFor();
  await picture(page, 'counter-parked');
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: `叫这位 ${first.ticket.label}` }).press('Enter');
  await inState(page, 'called');
  await page.keyboard.press('t');
  await page.getByRole('dialog').waitFor();
  await picture(page, 'counter-transfer');
  await page.getByRole('button', { name: '理财业务' }).press('Enter');
  await page.locator('[data-service=wealth] li', { hasText: first.ticket.label }).waitFor();
  await page.keyboard.press('n');
  await inState(page, 'called');
  await page.keyboard.press('a');
  await inState(page, 'serving');
  await page.keyboard.press('f');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Enter');
  await inState(page, 'idle');
  assert.equal((await hub.request('GET', `/v1/visits/${first.id}?t=${first.token}`)).state, 'done');
  await page.keyboard.press('n');
  await page.getByRole('alert').filter({ hasText: '现在没有人在等' }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('whoever is typing the password is not disturbed when the line changes', async () => {
  const page = await open(`${hub.url}/counter/`, { viewport: desk });
  await page.getByLabel('用户名').fill('teller');
  await page.getByLabel('密码').pressSequentially('de');
  await page.evaluate(() => new MutationObserver(() => { window.heard = true; }).observe(document.querySelector('main'), { childList: true }));
  await hub.take();
  await page.waitForFunction(() => window.heard);
  await page.keyboard.type('mo');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '1 号窗口' }).waitFor();
});

test('a slip is taken back within ten seconds', async () => {
  const visit = await hub.take();
  const page = await signOn('3', 'supervisor');
  await page.keyboard.press('n');
  await inState(page, 'called');
  await page.keyboard.press('u');
  await inState(page, 'idle');
  await page.getByText('已撤销').waitFor();
  await page.locator('.line li', { hasText: visit.ticket.label }).waitFor();
});

test('a reload in the middle of a service gives the same counter and the same customer back', async () => {
  const page = await signOn('4');
  await page.keyboard.press('n');
  await inState(page, 'called');
  await page.keyboard.press('a');
  await inState(page, 'serving');
  const number = await page.locator('.number').textContent();
  await page.reload();
  await inState(page, 'serving');
  assert.equal(await page.locator('.number').textContent(), number);
  await page.keyboard.press('f');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Enter');
  await inState(page, 'idle');
  await page.getByRole('button', { name: '暂停叫号并离开窗口' }).click();
  await page.getByRole('heading', { name: '您坐哪个窗口？' }).waitFor();
});

test('errors say in plain words what to do', async () => {
  const page = await open(`${hub.url}/counter/`, { viewport: desk });
  await page.getByLabel('用户名').fill('teller');
  await page.getByLabel('密码').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: '请再输一次' }).waitFor();
  await picture(page, 'counter-sign-in');
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByLabel('密码').fill('demo');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '您坐哪个窗口？' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await picture(page, 'counter-choose');
  await page.getByRole('button', { name: '3 号窗口' }).click();
  await page.getByRole('alert').filter({ hasText: '这个窗口已经有人' }).waitFor();
});

test('a customer who leaves at the same moment is said, not called twice', async () => {
  const visit = await hub.take('corporate');
  const page = await signOn('1');
  const row = page.getByRole('button', { name: `叫这位 ${visit.ticket.label}` });
  await row.waitFor();
  await page.route('**/call', async (route) => {
    await hub.request('POST', `/v1/visits/${visit.id}/cancel`, { bearer: visit.token, version: visit.version, body: {} });
    await route.continue();
  });
  await row.click();
  await page.getByRole('alert').filter({ hasText: '已更新' }).waitFor();
  await inState(page, 'idle');
  assert.equal(await page.getByText(visit.ticket.label).count(), 0);
});

test('the page fits a phone and keeps targets of 32 px', async () => {
  await hub.take();
  const page = await signOn('2', 'teller', phone);
  await page.keyboard.press('n');
  await inState(page, 'called');
  await picture(page, 'counter-phone', { fullPage: true });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const small = await page.evaluate(() => [...document.querySelectorAll('button')] // found and measured in one go: the page renders anew
    .filter((button) => button.offsetWidth < 32 || button.offsetHeight < 32).map((button) => button.textContent));
  assert.deepEqual(small, []);
});

/// The six digits that an authenticator shows for a secret (RFC 6238).
function digitsOf(secret, now = Date.now()) {
  let bits = '';
  for (const letter of secret) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const hash = createHmac('sha1', key).update(step).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

test('whoever has an authenticator is asked for its digits, and wrong ones do not pass', async () => {
  const secret = /secret=([A-Z2-7]+)/.exec(hub.command('staff', 'totp', '--user', 'supervisor'))[1];
  const page = await open(`${hub.url}/counter/`, { viewport: desk });
  await page.getByLabel('用户名').fill('supervisor');
  await page.getByLabel('密码').fill('demo');
  await page.keyboard.press('Enter');
  const digits = page.getByLabel('验证器上的 6 位数字');
  await digits.waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await picture(page, 'counter-second-factor');
  const right = digitsOf(secret);
  await digits.fill(right === '000000' ? '000001' : '000000');
  await page.keyboard.press('Enter');
  await page.getByText('6 位数字不对').waitFor();
  await digits.fill(digitsOf(secret));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '4 号窗口' }).waitFor();
  assert.deepEqual(page.faults, []);
});
