// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults, desk, Hub, open, picture } from './support.js';

const hub = await Hub.start('--clock', '2026-11-24T02:05:00Z'); // 10:05 at the outlet

test('a number is taken from afar, kept longer once, and given up', async () => {
  const page = await open(`${hub.url}/o/demo`);
  await picture(page, 'outlet-ways', { fullPage: true });
  await page.getByRole('button', { name: '远程取号: 现金业务' }).click();
  await page.getByText('您还没有到店').waitFor();
  assert.equal(await page.locator('svg.qr').count(), 1);
  assert.match(await page.locator('.rows dd').textContent(), /^\d{3} \d{4} \d{3}$/);
  assert.deepEqual(await accessibilityFaults(page), []);
  await picture(page, 'visit-remote', { fullPage: true });
  const limit = /(\d\d:\d\d) 前/.exec(await page.locator('.below').first().textContent())[1];
  await page.getByText('我要晚到一会儿').click();
  await page.getByRole('button', { name: '多留 15 分钟' }).click();
  await page.getByText('我要晚到一会儿').waitFor({ state: 'detached' });
  assert.notEqual(/(\d\d:\d\d) 前/.exec(await page.locator('.below').first().textContent())[1], limit);
  await page.getByText('我不等了').click();
  await page.getByRole('button', { name: '放弃这个号码' }).click();
  await page.getByText('您已放弃这个号码').waitFor();
  assert.deepEqual(page.faults, []);
});

test('a time is booked in four steps, shows its code, and is cancelled', async () => {
  const page = await open(`${hub.url}/o/demo/book`);
  await picture(page, 'book-service', { fullPage: true });
  await page.getByRole('link', { name: '开户与银行卡' }).click();
  assert.ok(await page.locator('.choice').count() >= 7);
  assert.deepEqual(await accessibilityFaults(page), []);
  await picture(page, 'book-day', { fullPage: true });
  await page.getByRole('link', { name: /明天/ }).click();
  assert.deepEqual(await accessibilityFaults(page), []);
  await picture(page, 'book-time', { fullPage: true });
  await page.getByRole('link', { name: '10:30' }).click();
  await page.getByText('已为您留住这个时间').waitFor();
  await page.getByLabel('姓名').fill('王小明');
  await page.getByLabel('手机号').fill('138 0000 5621');
  assert.deepEqual(await accessibilityFaults(page), []);
  await picture(page, 'book-who', { fullPage: true });
  await page.keyboard.press('Enter');
  await page.getByText('约好了').waitFor();
  await page.getByText('10:30').waitFor();
  await page.getByText('旧银行卡').waitFor();
  assert.equal(await page.locator('svg.qr').count(), 1);
  assert.match(await page.locator('.code').textContent(), /^\d{3} \d{4} \d{3}$/);
  assert.equal(await page.getByText('王小明').count(), 0);
  assert.deepEqual(await accessibilityFaults(page), []);
  await picture(page, 'appointment', { fullPage: true });
  const calendar = await fetch(new URL(await page.getByRole('link', { name: '加到日历' }).getAttribute('href'), hub.url));
  assert.match(calendar.headers.get('Content-Type'), /text\/calendar/);
  assert.match(await calendar.text(), /BEGIN:VEVENT/);
  await page.getByText('取消预约').click();
  await page.getByRole('button', { name: '取消这个预约' }).click();
  await page.getByText('预约已取消').waitFor();
  assert.deepEqual(page.faults, []);
});

test('a booked time is changed at its own address, with its number kept', async () => {
  const hold = await hub.request('POST', '/v1/branches/demo/holds', { body: { service: 'wealth', start: '2026-11-25T10:30:00+08:00' } });
  const booked = await hub.request('POST', `/v1/holds/${hold.id}/confirm`, { body: { name: '王小明', phone: '13800005624', language: 'zh-CN' } });
  const watching = await open(`${hub.url}/t/${booked.token}`);
  const page = await open(`${hub.url}/t/${booked.token}`);
  const number = await page.locator('.code').textContent();
  await page.getByRole('link', { name: '改约时间' }).click();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('link', { name: /11月26日/ }).click();
  await page.getByRole('link', { name: '14:00' }).click();
  await page.getByText('原来的时间：明天 11月25日 周三 10:30').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await picture(page, 'book-move', { fullPage: true });
  await page.getByRole('button', { name: '改到 11月26日 周四 14:00' }).click();
  await page.getByText('时间已改').waitFor();
  assert.equal(await page.locator('.code').textContent(), number);
  await picture(page, 'appointment-moved', { fullPage: true });
  await watching.getByText('14:00').waitFor(); // the page that was open elsewhere follows
  assert.deepEqual(page.faults, []);
});

test('a customer who booked checks in with the code and follows the line at the same address', async () => {
  const hold = await hub.request('POST', '/v1/branches/demo/holds', { body: { service: 'cash', start: '2026-11-24T10:30:00+08:00' } });
  const booked = await hub.request('POST', `/v1/holds/${hold.id}/confirm`, { body: { name: 'Ada', phone: '13800005622', language: 'en' } });
  const page = await open(`${hub.url}/t/${booked.token}`);
  await page.getByText('You are booked').waitFor();
  await hub.request('POST', '/v1/branches/demo/check-ins', { bearer: 'demo-kiosk', body: { code: booked.code } });
  await page.getByText('Expected wait').waitFor();
});

test('what was filled in with the booking is there when the counter calls', async () => {
  const hold = await hub.request('POST', '/v1/branches/demo/holds', { body: { service: 'corporate', start: '2026-11-24T10:30:00+08:00' } });
  const booked = await hub.request('POST', `/v1/holds/${hold.id}/confirm`, {
    body: { name: 'Ada', phone: '13800005623', language: 'en', form: { journey: 'take-ticket', fields: { service: 'corporate', purpose: '<b>payroll</b>' } } },
  });
  const visit = await hub.request('POST', '/v1/branches/demo/check-ins', { bearer: 'demo-kiosk', body: { code: booked.code } });
  const page = await open(`${hub.url}/counter/`, { viewport: desk });
  await page.getByLabel('用户名').fill('teller');
  await page.getByLabel('密码').fill('demo');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '1 号窗口' }).click();
  await page.getByRole('button', { name: `叫这位 ${visit.ticket.label}` }).click();
  await page.getByText('网上已填写').waitFor();
  assert.deepEqual(await page.locator('.prepared dd').allTextContents(), ['<b>payroll</b>', '对公业务']);
  assert.deepEqual(await accessibilityFaults(page), []);
  await picture(page, 'counter-prepared');
  const asCustomer = await hub.request('GET', `/v1/visits/${visit.id}?t=${visit.token}`);
  assert.equal(asCustomer.form, undefined);
  assert.deepEqual(page.faults, []);
});

test('a time that somebody else took meanwhile is said before anything is typed', async () => {
  const page = await open(`${hub.url}/o/demo/book?service=wealth&lang=en`, { locale: 'en-GB' });
  await page.getByRole('link', { name: /Tomorrow/ }).click();
  const link = await page.getByRole('link', { name: '11:00' }).getAttribute('href');
  const start = new URL(link, hub.url).searchParams.get('start');
  await page.route('**/holds', async (route) => {
    for (let seat = 0; seat < 2; seat++) await hub.request('POST', '/v1/branches/demo/holds', { body: { service: 'wealth', start } });
    await route.continue();
  });
  await page.getByRole('link', { name: '11:00' }).click();
  await page.getByRole('alert').getByText('Somebody has just taken this time').waitFor();
  await picture(page, 'book-taken-en', { fullPage: true });
});

test('without a script a time is booked and a number taken all the same', async () => {
  const page = await open(`${hub.url}/o/demo?lang=en`, { javaScriptEnabled: false });
  await page.getByRole('button', { name: 'Take a number: Cash' }).click();
  await page.getByText('You are not here yet').waitFor();
  await page.goto(`${hub.url}/o/demo/book?lang=en`);
  await page.getByRole('link', { name: 'Corporate banking' }).click();
  await page.getByRole('link', { name: /Tomorrow/ }).click();
  await page.getByRole('link', { name: '09:00' }).click();
  await page.getByText('your business licence').waitFor();
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('Mobile phone').fill('138 0000 5629');
  await page.getByRole('button', { name: 'Confirm the booking' }).click();
  await page.getByText('You are booked').waitFor();
  assert.equal(await page.locator('svg.qr').count(), 1);
});
