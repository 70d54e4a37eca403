// SPDX-License-Identifier: Apache-2.0
// What remote staff have at hand beside the call: forms and paper for the customer, a second pair of eyes, the bank's articles.
import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerText, sit } from './seats.js';
import { accessibilityFaults, Hub, picture, Terminal } from './support.js';

const page = { id: 'number', task: 'phone-change', title: '新的手机号',
  forms: [{ name: 'number', titles: { 'zh-CN': '新的手机号', en: 'Your new phone number' } }, { name: 'contact', titles: { 'zh-CN': '联系方式', en: 'How to reach you' } }],
  prints: [{ name: 'receipt', titles: { 'zh-CN': '回执', en: 'Receipt' } }] };

test('staff have a form filled in and a receipt printed, by name and with the keyboard, and read what came of it', async () => {
  const hub = await Hub.start();
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

test('what the rules want seen by four eyes waits for a colleague, who looks at the case and says no, then yes', async () => {
  const hub = await Hub.start();
  const seat = await sit(hub);
  const customer = await Terminal.ask(hub, { content: { customer: { name: '李四' }, card: '622202******1234' } });
  await answerText(seat, customer);
  customer.say({ type: 'page', page: { id: 'review', task: 'phone-change', title: '请核对' } });
  await seat.locator('.sheet', { hasText: '请核对' }).waitFor();
  const colleague = await sit(hub, 'expert');
  assert.equal(await colleague.locator('[data-do=review]').count(), 0);

  await seat.keyboard.press('y');
  await seat.getByRole('button', { name: '同意', exact: true }).press('Enter');
  await seat.locator('.entries .ours', { hasText: '等第二人复核' }).waitFor();
  await colleague.locator('[data-do=review]').waitFor();
  await colleague.keyboard.press('e');
  await colleague.getByRole('dialog').getByText('李四').waitFor();
  await colleague.getByRole('dialog').getByText('等第二人复核').waitFor();
  assert.deepEqual(await accessibilityFaults(colleague), []);
  await picture(colleague, 'seat-tools-review');
  await colleague.getByRole('button', { name: '其他原因……' }).press('Enter');
  await colleague.getByRole('dialog').locator('input').fill('照片太旧');
  await colleague.keyboard.press('Enter');
  const refused = await customer.until('approve');
  assert.deepEqual([refused.ok, refused.reason], [false, '照片太旧']);
  await seat.locator('.entries', { hasText: 'expert 复核 review: 照片太旧' }).waitFor();

  await seat.keyboard.press('y');
  await seat.getByRole('button', { name: '同意', exact: true }).press('Enter');
  await colleague.locator('[data-do=review]').waitFor();
  await colleague.keyboard.press('e');
  await colleague.getByRole('dialog').getByText('照片太旧').waitFor();
  await colleague.getByRole('button', { name: '同意', exact: true }).press('Enter');
  await customer.until('approve', ({ ok }) => ok);
  await seat.locator('.entries', { hasText: 'expert 复核 review: 同意' }).waitFor();
  await picture(seat, 'seat-tools-reviewed');
  assert.equal(await colleague.locator('[data-do=review]').count(), 0);
  assert.deepEqual([...seat.faults, ...colleague.faults], []);
});

test('staff look something up with the keyboard; each answer is text and says where it stands', async () => {
  const hub = await Hub.start();
  await hub.stop(); // the bank's articles lie beside the outlet's file
  cpSync(new URL('../../../packaging/demo-knowledge', import.meta.url), join(hub.data, 'knowledge'), { recursive: true });
  writeFileSync(join(hub.data, 'knowledge', 'odd.md'), '---\ntitle: <b>奇怪</b>\nversion: 2026-11-02\nlanguage: zh-CN\n---\n# 标签\n<img src=x onerror=alert(1)> 奇怪的内容\n');
  await hub.start();
  const seat = await sit(hub);
  const find = async (question) => {
    await seat.getByLabel('要查什么？').fill(question);
    await seat.keyboard.press('Enter');
  };
  await seat.keyboard.press('k');
  await find('手机丢了能挂失吗');
  const first = seat.locator('.answer').first();
  await first.getByText('挂失即时生效，不收费。').waitFor();
  await first.getByText('出处：《修改预留手机号操作规程》“手机丢失或号码已停用”，2026-11-01 版（phone-change.zh-CN.md）').waitFor();
  assert.deepEqual(await accessibilityFaults(seat), []);
  await picture(seat, 'seat-tools-knowledge');
  await find('奇怪的内容');
  await seat.getByText('<img src=x onerror=alert(1)> 奇怪的内容').waitFor();
  assert.equal(await seat.locator('.answer img, .answer b').count(), 0);
  await find('贷款利率');
  await seat.getByText('没有找到').waitFor();
  await seat.keyboard.press('Escape');
  const english = await sit(hub, 'expert', 'en');
  await english.keyboard.press('k');
  await english.getByLabel('What do you need to know?').fill('cannot sign');
  await english.keyboard.press('Enter');
  await english.getByText('Staff never sign for the customer.').waitFor();
  assert.deepEqual([...seat.faults, ...english.faults], []);
});
