// SPDX-License-Identifier: Apache-2.0
// A push service of our own: it checks and decrypts what the hub sends, and answers as it is told.
import assert from 'node:assert/strict';
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { accessibilityFaults, Hub, open, picture } from './support.js';

const received = [];
const waiting = [];
let answer = 201;
const service = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  response.writeHead(answer).end();
  const message = { headers: request.headers, body: Buffer.concat(parts), path: request.url };
  if (waiting.length) waiting.shift()(message);
  else received.push(message);
});
await new Promise((done) => service.listen(0, '127.0.0.1', done));
after(() => service.close());
const origin = `http://127.0.0.1:${service.address().port}`;
const next = () => received.shift() ?? new Promise((done) => waiting.push(done));

const config = join(mkdtempSync(join(tmpdir(), 'guichet-push-')), 'outlet.toml');
writeFileSync(config, `[push]\non = true\ncontact = "mailto:it@bank.example"\npublic_url = "https://outlet.example"\nservices = ["${origin}"]\n`);
const hub = await Hub.start('--config', config);
const teller = await hub.teller('3');

/// A browser's half of a subscription.
function browser(path) {
  const key = createECDH('prime256v1');
  key.generateKeys();
  const secret = randomBytes(16);
  return {
    json: { endpoint: `${origin}${path}`, expirationTime: null, keys: { p256dh: key.getPublicKey('base64url'), auth: secret.toString('base64url') } },
    /// RFC 8291.
    read({ body }) {
      const salt = body.subarray(0, 16);
      const sender = body.subarray(21, 21 + body[20]);
      const hkdf = (from, input, info, length) => Buffer.from(hkdfSync('sha256', input, from, info, length));
      const input = hkdf(secret, key.computeSecret(sender), Buffer.concat([Buffer.from('WebPush: info\0'), key.getPublicKey(), sender]), 32);
      const decipher = createDecipheriv('aes-128-gcm', hkdf(salt, input, 'Content-Encoding: aes128gcm\0', 16), hkdf(salt, input, 'Content-Encoding: nonce\0', 12));
      const sealed = body.subarray(21 + body[20]);
      decipher.setAuthTag(sealed.subarray(-16));
      const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
      assert.equal(plain.at(-1), 2);
      return JSON.parse(plain.subarray(0, -1));
    },
  };
}

/// RFC 8292: signed by the key that the page was given.
function checkSender({ headers }) {
  const [, token, key] = /^vapid t=(\S+), k=(\S+)$/.exec(headers.authorization);
  const point = Buffer.from(key, 'base64url');
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') } });
  const [head, claims, signature] = token.split('.');
  assert.ok(verify('sha256', Buffer.from(`${head}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
  assert.equal(JSON.parse(Buffer.from(claims, 'base64url')).aud, origin);
  assert.equal(headers['content-encoding'], 'aes128gcm');
  return key;
}

test('a phone that asked is told when two are ahead and when it is called, each once', async () => {
  const others = [await hub.take(), await hub.take(), await hub.take()];
  const mine = await hub.take();
  const phone = browser('/p/1');
  const page = await open(`${hub.url}/t/${mine.token}`, { permissions: ['notifications'] });
  const key = await page.locator('[data-push]').getAttribute('data-push');
  await page.evaluate((json) => {
    PushManager.prototype.subscribe = async () => ({ toJSON: () => json });
  }, phone.json);
  await picture(page, 'visit-push', { fullPage: true });
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: '快到我时提醒我' }).click();
  await page.getByText('可以关掉这一页').waitFor();
  assert.equal(await page.evaluate(async () => new URL((await navigator.serviceWorker.getRegistration('/t/')).scope).pathname), '/t/');
  await picture(page, 'visit-push-on', { fullPage: true });
  assert.deepEqual(page.faults, []);
  await page.close();

  await teller.command(await teller.next(), 'no-show');
  const soon = await next();
  assert.equal(checkSender(soon), key);
  assert.deepEqual(phone.read(soon), {
    title: `${mine.ticket.label}: 前面还有 2 人`, body: '快到您了。请回到大厅，留意叫号。', url: `https://outlet.example/t/${mine.token}`, lang: 'zh-CN',
  });
  for (let i = 0; i < 2; i++) await teller.command(await teller.next(), 'no-show');
  assert.equal(others.length, 3);
  const visit = await teller.next();
  assert.equal(visit.id, mine.id);
  const called = await next(); // nothing came between: "soon" is said once
  assert.equal(phone.read(called).title, `${mine.ticket.label}: 请到 3 号窗口`);
  assert.equal(called.headers.topic, soon.headers.topic); // the newer message replaces the older one
  await teller.command(visit, 'no-show');
});

test('a browser that is gone is forgotten, and what is refused says why', async () => {
  const mine = await hub.take('wealth');
  const subscribe = (json) => fetch(`${hub.url}/t/${mine.token}/push`, { method: 'POST', body: JSON.stringify(json) });
  assert.equal((await subscribe({ ...browser('/p/2').json, endpoint: 'http://127.0.0.1:1/internal' })).status, 422);
  assert.equal((await subscribe({})).status, 422);
  answer = 410;
  for (const path of ['/gone/1', '/gone/2', '/gone/3']) assert.equal((await subscribe(browser(path).json)).status, 204);
  assert.equal((await subscribe(browser('/gone/4').json)).status, 409);
  const paths = [await next(), await next(), await next()].map(({ path }) => path).sort();
  assert.deepEqual(paths, ['/gone/1', '/gone/2', '/gone/3']);
  answer = 201;
  const phone = browser('/p/3');
  assert.equal((await subscribe(phone.json)).status, 204); // there is room again
  assert.match(phone.read(await next()).title, /下一位就是您/);
});
