// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inState, sit as sitAt, wide } from './seats.js';
import { accessibilityFaults, Hub, open, picture, Terminal } from './support.js';

const hub = await Hub.start();
const sit = (user) => sitAt(hub, user);

test('remote staff answer, see what the customer did, ask, hear, approve, write down and finish, with the keyboard', async () => {
  const page = await sit();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.keyboard.press('r');
  await inState(page, 'ready');
  const customer = await Terminal.ask(hub, {
    needs: { language: 'zh-CN', product: 'cards' },
    content: { customer: { name: '王小明' }, journey: 'phone-change', step: 'form', card: '622202******1234', form: { phone: '138****0000' } },
  });
  await inState(page, 'ringing');
  await picture(page, 'seat-ringing');
  await page.keyboard.press('a');
  await inState(page, 'busy');
  await page.getByText('王小明').waitFor();
  assert.equal((await customer.until('assist', ({ state }) => state === 'joining')).seat.name, '小美 May');
  customer.say({ type: 'media', state: 'up', mode: 'text' });
  customer.say({ type: 'page', page: { id: 'form', title: '请填新手机号', facts: [{ label: '手机号', value: '138****0000' }] } });
  await page.locator('.sheet', { hasText: '请填新手机号' }).waitFor();
  assert.equal(await page.locator('.sheet button').count(), 0); // without a call there is no way to point
  await page.getByLabel('发给客户').fill('您好');
  await page.keyboard.press('Enter');
  assert.equal((await customer.until('chat')).text, '您好');
  customer.say({ type: 'chat', id: 'c-1', text: '我要换手机号' });
  await page.locator('.entries .theirs', { hasText: '我要换手机号' }).waitFor();
  await page.getByLabel('备注').fill('客户着急');
  await page.keyboard.press('Enter');
  await page.locator('.entries .note', { hasText: '客户着急' }).waitFor();
  await page.locator('[data-do=request]').focus();
  await page.keyboard.press('q');
  await page.getByRole('button', { name: '扫描证件' }).press('Enter');
  const request = await customer.until('request');
  assert.equal(request.kind, 'scan');
  customer.say({ type: 'result', request: request.request, outcome: 'done' });
  await page.locator('.entries .theirs', { hasText: '客户已答复' }).waitFor();
  await page.keyboard.press('y');
  await page.getByRole('button', { name: '同意', exact: true }).press('Enter');
  assert.equal((await customer.until('approve')).ok, true);
  assert.deepEqual(await accessibilityFaults(page), []);
  await picture(page, 'seat-talking');
  await page.keyboard.press('h');
  await inState(page, 'wrap_up');
  await picture(page, 'seat-wrap-up');
  await page.keyboard.press('f');
  await page.getByRole('button', { name: '已办成' }).press('Enter');
  await inState(page, 'ready');
  assert.equal((await customer.until('assist', ({ state }) => state === 'closed')).outcome, 'done');
  assert.equal(customer.heard.filter(({ type }) => type === 'note').length, 0);
  assert.deepEqual(page.faults, []);
  await page.keyboard.press('p');
  await page.getByRole('button', { name: '休息' }).press('Enter');
  await inState(page, 'away');
});

test('the seat comes back to its customer after a reload, and after the hub was away', async () => {
  const page = await sit();
  await page.keyboard.press('r');
  const customer = await Terminal.ask(hub, { content: { customer: { name: '李四' } } });
  await inState(page, 'ringing');
  await page.keyboard.press('a');
  await page.getByText('李四').waitFor();
  await page.reload();
  await inState(page, 'busy');
  await page.getByText('李四').waitFor();
  await hub.stop();
  await page.getByRole('alert').filter({ hasText: '正在重新连接' }).waitFor();
  await page.getByLabel('发给客户').fill('请稍等');
  await page.keyboard.press('Enter');
  await page.locator('.entries .ours', { hasText: '待送出' }).waitFor();
  await picture(page, 'seat-lost');
  await hub.start();
  await customer.open();
  assert.equal(await Promise.race([ // who of the two comes back first
    customer.until('chat').then(({ text }) => text),
    customer.until('entries', ({ entries }) => entries.length > 0).then(({ entries }) => entries.at(-1).body.text),
  ]), '请稍等');
  await page.locator('.entries .ours', { hasText: /请稍等$/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[data-do=hangUp]').click();
  await inState(page, 'wrap_up');
});

test('a second page of the same seat takes over, and the first one says so', async () => {
  const first = await sit('expert');
  const second = await sit('expert');
  await first.getByRole('button', { name: '回到这一页' }).waitFor();
  assert.deepEqual(await accessibilityFaults(first), []);
  await first.getByRole('button', { name: '回到这一页' }).click();
  await inState(first, 'away');
  await second.getByRole('button', { name: '回到这一页' }).waitFor();
});

test('whoever has no seat is told so', async () => {
  const page = await open(`${hub.url}/seat/`, { viewport: wide });
  await page.getByLabel('用户名').fill('teller');
  await page.getByLabel('密码').fill('demo');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: '没有远程坐席' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
});
