// SPDX-License-Identifier: Apache-2.0
// A real hub with --demo and Debian's Chromium, for one test program. Exits 77 ("skipped") where a part is missing.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';

const chromium = '/usr/bin/chromium';
const bin = process.env.GUICHET_BIN;
const pictures = process.env.GUICHET_PICTURES;

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}

let playwright;
let WebSocketOfNode;
try {
  playwright = await import('playwright-core');
  WebSocketOfNode = (await import('ws')).WebSocket;
} catch {
  skip('playwright-core or ws is not installed (packaging/install-depends test)');
}
if (!existsSync(chromium)) skip('Debian\'s chromium is not installed');
export const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const phone = { width: 360, height: 800 };
export const lobby = { width: 1920, height: 1080 };
export const desk = { width: 1280, height: 800 };

/// A hub of its own; `stop` and `start` again keep data and port.
export class Hub {
  static async start(...words) {
    const hub = new Hub();
    hub.words = words;
    hub.data = mkdtempSync(join(tmpdir(), 'guichet-web-'));
    after(async () => {
      await hub.stop();
      rmSync(hub.data, { recursive: true, force: true });
    });
    await hub.start();
    return hub;
  }

  async start() {
    this.process = spawn(join(bin, 'guichet-hub'),
      ['--demo', '--listen', `127.0.0.1:${this.port ?? 0}`, '--data', this.data, ...this.words], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: this.process.stdout })) {
      const found = /listening on (http:\/\/\S+:(\d+))/.exec(line);
      if (found) {
        [, this.url, this.port] = found;
        break;
      }
    }
    this.process.stdout.resume();
  }

  async stop() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGTERM');
    await ended;
  }

  /// What a command of the hub's own prints, done on the hub that runs.
  command(...words) {
    return execFileSync(join(bin, 'guichet-hub'), [...words, '--data', this.data], { encoding: 'utf8' });
  }

  async request(method, path, { bearer, body, version } = {}) {
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    if (body) headers['Content-Type'] = 'application/json';
    if (bearer) headers.Authorization = `Bearer ${bearer}`;
    if (version) headers['If-Match'] = `"${version}"`;
    const response = await fetch(this.url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text && JSON.parse(text);
  }

  /// A number from the kiosk.
  take(service = 'cash', language = 'zh-CN') {
    return this.request('POST', '/v1/branches/demo/visits', { bearer: 'demo-kiosk', body: { service, language, channel: 'kiosk' } });
  }

  async login(user = 'teller') {
    return (await this.request('POST', '/v1/login', { body: { user, password: 'demo' } })).token;
  }

  /// A teller who works over the API.
  async teller(counter, user = 'teller') {
    const bearer = await this.login(user);
    const session = await this.request('POST', '/v1/branches/demo/sessions', { bearer, body: { counter, profile: 'default' } });
    return {
      next: () => this.request('POST', `/v1/sessions/${session.id}/call-next`, { bearer, body: {} }),
      command: (visit, word, body = {}) => this.request('POST', `/v1/visits/${visit.id}/${word}`, { bearer, version: visit.version, body }),
    };
  }
}

/// A terminal whose customer wants remote staff, over the API.
export class Terminal {
  static async ask(hub, body) {
    const terminal = new Terminal();
    terminal.hub = hub;
    terminal.heard = [];
    terminal.waiting = [];
    terminal.assist = await hub.request('POST', '/v1/assists', { bearer: 'demo-kiosk', body: { case: crypto.randomUUID(), mode: 'text', ...body } });
    await terminal.open();
    return terminal;
  }

  /// The line, also anew.
  open() {
    this.socket?.terminate();
    this.socket = new WebSocketOfNode(`${this.hub.url.replace('http', 'ws')}/v1/assists/${this.assist.id}/signal`,
      { headers: { Authorization: 'Bearer demo-kiosk' } });
    this.socket.on('message', (data) => {
      this.heard.push(JSON.parse(data));
      for (const look of this.waiting.splice(0)) look();
    });
    after(() => this.socket.terminate());
    return new Promise((done, failed) => this.socket.on('open', done).on('error', failed));
  }

  say(message) { this.socket.send(JSON.stringify(message)); }

  /// The first message of that type that `fits`, also one that came before.
  async until(type, fits = () => true) {
    for (;;) {
      const found = this.heard.find((message) => message.type === type && fits(message));
      if (found) return found;
      await new Promise((look) => this.waiting.push(look));
    }
  }
}

let browser;
const extraFlags = [];
const pages = [];

/// Flags for the browser of this test program, before its first page.
export const launchWith = (...flags) => extraFlags.push(...flags);

/// A page in a context of its own. `page.faults` collects errors of scripts and of the content policy, and whatever
/// was asked of another host; `page.loaded` the responses.
export async function open(url, { viewport = phone, ...options } = {}) {
  browser ??= await playwright.chromium.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', ...(process.env.GUICHET_AUTOPLAY === '0' ? [] : ['--autoplay-policy=no-user-gesture-required']),
      ...extraFlags],
  });
  const context = await browser.newContext({ viewport, locale: 'zh-CN', ...options });
  context.setDefaultTimeout(60_000); // a slow machine is not a fault of the page
  const page = await context.newPage();
  pages.push(page);
  page.faults = [];
  page.loaded = [];
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && !/Failed to load resource/.test(message.text()) && page.faults.push(message.text()));
  page.on('request', (request) => new URL(request.url()).origin === new URL(url).origin || page.faults.push(`asked ${request.url()}`));
  page.on('response', (response) => page.loaded.push(response));
  await page.goto(url);
  return page;
}
/// What `look`, an async function of the page, answers once that is something true. (waitForFunction() takes the promise
/// itself for true.)
export async function until(page, look, argument, within = 60_000) {
  const end = performance.now() + within;
  for (;;) {
    const found = await page.evaluate(look, argument);
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${within} ms: ${look}`);
    await page.waitForTimeout(100);
  }
}

/// What a test has opened, so that pictures and sound of one do not take the machine from the next.
export const closePages = () => Promise.all(pages.splice(0).map((page) => page.context().close()));
export const closeBrowser = () => browser?.close();
after(closeBrowser);

/// Keeps a picture of the page for a person to look at.
export async function picture(page, name, options = {}) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), ...options });
}

/// What axe-core finds wrong, as one line each.
export async function accessibilityFaults(page) {
  const own = page.faults.length; // axe styles what it measures, which the pages' policy forbids
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  page.faults.length = own;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
