// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults, Hub, open, picture, Terminal } from './support.js';

const hub = await Hub.start();
const sizes = [{ width: 1440, height: 900 }, { width: 1000, height: 800 }];
const sentence = '您好，我是本行的理财经理，已取得基金销售资格。接下来由我向您介绍产品，全程录音录像。';
const step = (more) => ({ stage: 'step', step: 'seller', kind: 'staff', index: 0, count: 7, attempt: 1, flaws: [], text: sentence, ...more });

/// A seat that has answered a customer whose page is told.
async function answered(user) {
  const page = await open(`${hub.url}/seat/`, { viewport: sizes[0] });
  await page.getByLabel('用户名').fill(user);
  await page.getByLabel('密码').fill('demo');
  await page.keyboard.press('Enter');
  await page.locator('.current.away').waitFor();
  await page.keyboard.press('r');
  await page.locator('.current.ready').waitFor();
  const customer = await Terminal.ask(hub, { content: { customer: { name: '王小明' } } });
  await page.locator('.current.ringing').waitFor();
  await page.keyboard.press('a');
  await page.locator('.current.busy').waitFor();
  await customer.until('assist', ({ state }) => state === 'joining');
  customer.say({ type: 'media', state: 'up', mode: 'text' });
  customer.say({ type: 'page', page: { id: 'guidedListen', title: '请听柜员讲解', subtitle: sentence, choices: [{ title: '再听一遍' }], back: { title: '停止' } } });
  await page.locator('.sheet').waitFor();
  return { page, customer };
}

async function pictures(page, name) {
  for (const viewport of sizes) {
    await page.setViewportSize(viewport);
    await picture(page, `${name}-${viewport.width}`);
  }
  await page.setViewportSize(sizes[0]);
}

test('who is qualified begins, leads on from what staff read, and can answer for nobody', async () => {
  const { page, customer } = await answered('agent');
  await pictures(page, 'seat-guided-offered');
  await page.locator('[data-do=guided-begin]').click();
  const order = await customer.until('guide');
  assert.equal(order.do, 'begin');
  assert.deepEqual(order.document.seller, { id: 'agent', qualifications: ['fund-sales'] });
  assert.equal(order.document.script.steps.length, 7);

  customer.say({ type: 'guided', guided: step() });
  await page.locator('[data-step=seller]', { hasText: sentence }).waitFor();
  await pictures(page, 'seat-guided-staff');
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.locator('[data-do=guided-goOn]').click();
  assert.deepEqual(await customer.until('guide', ({ do: what }) => what === 'goOn').then(({ step: id, by }) => ({ id, by })), { id: 'seller', by: 'agent' });

  customer.say({ type: 'guided', guided: step({ step: 'own-will', kind: 'question', index: 1, attempt: 2, flaws: ['several', 'silent'], text: '您是自愿购买吗？' }) });
  await page.locator('[data-step=own-will]', { hasText: '不止一人' }).waitFor();
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('.guided [data-do]')].map(({ dataset }) => dataset.do)), ['guided-repeat', 'guided-stop']);
  await pictures(page, 'seat-guided-question');
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.locator('[data-do=guided-stop]').click();
  await customer.until('guide', ({ do: what }) => what === 'stop');
  customer.say({ type: 'guided', guided: step({ stage: 'done' }) });
  await page.locator('.guided [data-stage=done]').waitFor();
  assert.deepEqual(page.faults, []);
  customer.say({ type: 'hangUp' });
});

test('who lacks a qualification cannot begin, and reads which', async () => {
  const { page } = await answered('expert');
  await page.locator('.guided .lacks', { hasText: '基金销售资格' }).waitFor();
  assert.equal(await page.locator('[data-do=guided-begin]').count(), 0);
  await pictures(page, 'seat-guided-lacks');
});
