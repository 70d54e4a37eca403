// SPDX-License-Identifier: Apache-2.0
// What remote staff have at hand beside the call: forms and paper for the customer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerText, sit } from './seats.js';
import { accessibilityFaults, Hub, picture, Terminal } from './support.js';

const hub = await Hub.start();

const page = { id: 'number', task: 'phone-change', title: '新的手机号',
  forms: [{ name: 'number', titles: { 'zh-CN': '新的手机号', en: 'Your new phone number' } }, { name: 'contact', titles: { 'zh-CN': '联系方式', en: 'How to reach you' } }],
  prints: [{ name: 'receipt', titles: { 'zh-CN': '回执', en: 'Receipt' } }] };

test('staff have a form filled in and a receipt printed, by name and with the keyboard, and read what came of it', async () => {
  const seat = await sit(hub);
  const customer = await Terminal.ask(hub, { content: { customer: { name: '王小明' } } });
  await answerText(seat, customer);
  await seat.keyboard.press('q'); // nothing by name before the customer's page is known
  await seat.getByRole('button', { name: '扫描证件' }).waitFor();
  assert.equal(await seat.getByRole('heading', { name: '请客户填表' }).count(), 0);
  await seat.keyboard.press('Escape');
  customer.say({ type: 'page', page });
  await seat.locator('.sheet', { hasText: '新的手机号' }).waitFor();

  await seat.keyboard.press('q');
  await seat.getByRole('heading', { name: '请客户填表' }).waitFor();
  assert.deepEqual(await accessibilityFaults(seat), []);
  await picture(seat, 'seat-tools-request');
  await seat.getByRole('dialog').getByRole('button', { name: '新的手机号' }).press('Enter');
  const form = await customer.until('request');
  assert.deepEqual([form.kind, form.arguments], ['form', { form: 'number' }]);
  customer.say({ type: 'result', request: form.request, outcome: 'done', detail: { form: 'number',
    fields: [{ name: 'phone', labels: { 'zh-CN': '新手机号', en: 'New number' }, values: { 'zh-CN': '139****2222', en: '139****2222' } }] } });
  await seat.locator('.entries .theirs', { hasText: '新手机号 139****2222' }).waitFor();

  await seat.keyboard.press('q');
  await seat.getByRole('dialog').getByRole('button', { name: '回执' }).press('Enter');
  const print = await customer.until('request', ({ kind }) => kind === 'print');
  assert.deepEqual(print.arguments, { document: 'receipt' });
  customer.say({ type: 'result', request: print.request, outcome: 'unknown', detail: { document: 'receipt', print: 2 } });
  await seat.locator('.entries .theirs', { hasText: '不知道纸有没有打出来' }).waitFor();
  await seat.locator('.entries .ours', { hasText: '请客户打印 · 回执' }).waitFor();
  await picture(seat, 'seat-tools-said');
  assert.deepEqual(seat.faults, []);
});
