// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createCipheriv, createECDH, createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { accessibilityFaults, desk, Hub, open, phone, picture } from './support.js';

const hub = await Hub.start();
const bank = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const terminal = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const folder = mkdtempSync(join(tmpdir(), 'guichet-evidence-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (...parts) => parts.reduce((hash, bytes) => hash.update(bytes), createHash('sha256')).digest();
const number = (value, size) => {
  const bytes = Buffer.alloc(size);
  if (size === 8) bytes.writeBigUInt64BE(BigInt(value));
  else bytes.writeUInt32BE(value);
  return bytes;
};

/// A JWE of a track's key to the bank, ECDH-ES with A256GCM (RFC 7518), made without our code.
function sealed(key) {
  const ephemeral = createECDH('prime256v1');
  ephemeral.generateKeys();
  const { x, y } = bank.publicKey.export({ format: 'jwk' });
  const shared = ephemeral.computeSecret(Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]));
  const own = ephemeral.getPublicKey();
  const header = Buffer.from(JSON.stringify({ alg: 'ECDH-ES', enc: 'A256GCM',
    epk: { kty: 'EC', crv: 'P-256', x: own.subarray(1, 33).toString('base64url'), y: own.subarray(33).toString('base64url') } })).toString('base64url');
  const alg = Buffer.from('A256GCM');
  const content = sha256(number(1, 4), shared, number(alg.length, 4), alg, number(0, 4), number(0, 4), number(256, 4));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', content, iv);
  cipher.setAAD(Buffer.from(header));
  const text = Buffer.concat([cipher.update(key), cipher.final()]);
  return [header, '', iv.toString('base64url'), text.toString('base64url'), cipher.getAuthTag().toString('base64url')].join('.');
}

/// A track as evidence/README.md has it: header, chunks, the last of them marked.
function track(caseId, name, mediaType, contents, from) {
  const key = randomBytes(32);
  const text = Buffer.from(JSON.stringify({ suite: 'intl', case: caseId, track: name, mediaType, opened: from.toISOString(), key: sealed(key) }));
  const header = Buffer.concat([Buffer.from('GUICHET\x01', 'latin1'), number(text.length, 4), text]);
  let link = sha256(header);
  const pieces = [header];
  contents.forEach((content, index) => {
    const last = index === contents.length - 1 ? 0x80000000 : 0;
    const head = Buffer.concat([number((last | content.length) >>> 0, 4), number(index + 1, 4), number(from.getTime() + index * 1000, 8)]);
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.concat([Buffer.alloc(8), number(index + 1, 4)]));
    cipher.setAAD(Buffer.concat([link, head]));
    const body = Buffer.concat([head, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    link = sha256(link, body);
    pieces.push(body, link);
  });
  const bytes = Buffer.concat(pieces);
  return { bytes, head: { track: name, mediaType, chunks: contents.length, bytes: bytes.length, head: link.toString('hex').toUpperCase(), closed: true } };
}

/// What a terminal of another make would upload.
async function uploaded(caseId, { spoil = () => {}, retention } = {}) {
  const opened = new Date('2026-11-27T01:00:00.000Z');
  const tracks = [track(caseId, 'local-video', 'video/x-matroska', Array.from({ length: 80 }, () => randomBytes(65536)), opened),
    track(caseId, 'log', 'application/x-ndjson', [Buffer.from('{"event":"consent","text":"wealth-3"}\n')], opened)];
  const heads = { case: caseId, closed: true, opened: opened.toISOString(), at: '2026-11-27T01:05:00.000Z', suite: 'intl', terminal: 'demo-kiosk',
    tracks: tracks.map(({ head }) => Object.fromEntries(Object.entries(head).sort())), version: 1 };
  const text = JSON.stringify(Object.fromEntries(Object.entries(heads).sort()));
  const manifest = { heads, signature: sign('sha256', Buffer.from(text), terminal.privateKey).toString('base64url'), retention };
  const put = async (path, body, type) => {
    const response = await fetch(`${hub.url}/v1/cases/${caseId}${path}`, { method: 'PUT', headers: { Authorization: 'Bearer demo-kiosk', 'Content-Type': type }, body });
    assert.ok(response.ok, `${path}: ${response.status} ${response.ok ? '' : await response.text()}`);
  };
  await put('/heads', JSON.stringify(manifest), 'application/json');
  for (const { bytes, head } of tracks) {
    spoil(head.track, bytes);
    for (let from = 0; from < bytes.length; from += 4_000_000) {
      await put(`/tracks/${head.track}?from=${from}`, bytes.subarray(from, from + 4_000_000), 'application/octet-stream');
    }
  }
  return hub.request('POST', `/v1/cases/${caseId}/complete`, { bearer: 'demo-kiosk', body: {} });
}

async function signedIn(user, { hash = '', lang = 'zh-CN', ...options } = {}) {
  const page = await open(`${hub.url}/evidence/?lang=${lang}${hash}`, { viewport: desk, ...options });
  await page.locator('[name=user]').fill(user);
  await page.locator('[name=password]').fill('demo');
  await page.keyboard.press('Enter');
  return page;
}

const retention = { class: 'wealth-sale', months: 12, from: '2026-11-27T00:00:00.000Z', holds: [] };
assert.equal((await uploaded('case-whole', { retention })).complete, true);
assert.equal((await uploaded('case-changed', { spoil: (name, bytes) => name === 'local-video' && (bytes[200_000] ^= 1) })).complete, false);

test('an auditor finds a case, sees what is whole and what was changed, and downloads what opens with the key alone', async () => {
  const page = await signedIn('auditor');
  await page.getByRole('link', { name: 'case-whole' }).waitFor();
  await picture(page, 'evidence-list');
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('link', { name: 'case-changed' }).click();
  await page.locator('.faults li').first().waitFor();
  assert.equal(await page.locator('h1 .mark').first().textContent(), '被改动');
  await picture(page, 'evidence-changed', { fullPage: true });
  await page.getByRole('link', { name: '返回列表' }).click();
  await page.getByRole('link', { name: 'case-whole' }).click();
  await page.locator('h1', { hasText: 'case-whole' }).waitFor();
  assert.equal(await page.locator('[name=reason]').count(), 0, 'an auditor places no hold');

  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-do=download]').click()]);
  assert.equal(download.suggestedFilename(), 'case-whole.tar');
  await download.saveAs(join(folder, 'case.tar'));
  await page.locator('.events', { hasText: '下载' }).first().waitFor();
  await picture(page, 'evidence-case', { fullPage: true });
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(page.faults, []);

  execFileSync('tar', ['-C', folder, '-xf', join(folder, 'case.tar')]);
  writeFileSync(join(folder, 'bank.pem'), bank.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'signer.pem'), terminal.publicKey.export({ type: 'spki', format: 'pem' }));
  const said = execFileSync(join(process.env.GUICHET_BIN, 'guichet-evidence'), ['--json', 'verify', join(folder, 'case-whole'),
    '--key', join(folder, 'bank.pem'), '--signer', join(folder, 'signer.pem'), '--heads', join(folder, 'case-whole.heads.ndjson')], { encoding: 'utf8' });
  const report = JSON.parse(said);
  assert.equal(report.verdict, 'whole');
  assert.ok(report.tracks.every(({ opened }) => opened));
  assert.ok(!readFileSync(join(folder, 'case.tar')).includes('consent'), 'content is sealed');
});

test('a supervisor holds a case and releases it, and everybody can see who did', async () => {
  const page = await signedIn('supervisor', { hash: '#case-whole', lang: 'en' });
  await page.getByLabel('Reason').fill('dispute 2026-117');
  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  await page.getByRole('button', { name: 'Release: dispute 2026-117' }).waitFor();
  await picture(page, 'evidence-held', { fullPage: true });
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Release: dispute 2026-117' }).click();
  await page.getByRole('dialog').waitFor();
  await picture(page, 'evidence-release');
  await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
  await page.locator('.events', { hasText: 'Hold released' }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('whoever is neither supervisor nor auditor sees nothing and is told so', async () => {
  const page = await signedIn('teller', { viewport: phone });
  await page.getByRole('alert').filter({ hasText: '只有主管和审计人员能看证据' }).waitFor();
  assert.equal(await page.getByText('case-whole').count(), 0);
  await picture(page, 'evidence-refused');
});

test('on a phone the case is readable', async () => {
  const page = await signedIn('auditor', { hash: '#case-whole', viewport: phone });
  await page.locator('h1', { hasText: 'case-whole' }).waitFor();
  await picture(page, 'evidence-phone', { fullPage: true });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is cut off at the side');
});
