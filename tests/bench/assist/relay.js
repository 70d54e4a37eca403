// SPDX-License-Identifier: Apache-2.0
// Debian's coturn with the bank's configuration on loopback, behind a line that can be made bad.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { program } from '../../e2e/web/call_process.js';

const configuration = new URL('../../../packaging/coturn/turnserver.conf', import.meta.url);
const secret = 'throw-away-secret-of-a-bench';
const realm = 'turn.bank.example';
const port = 34780; // in a network of its own: tests/support/in-world

function configured(folder) {
  const changes = {
    'listening-ip': '127.0.0.1', 'relay-ip': '127.0.0.1', 'listening-port': port, 'tls-listening-port': port + 1, userdb: join(folder, 'turndb'),
    syslog: 'no', cert: join(folder, 'none.pem'), pkey: join(folder, 'none.pem'),
  };
  const lines = readFileSync(configuration, 'utf8').split('\n').filter((line) => !line.startsWith('aux-server'));
  return [...lines.map((line) => {
    const key = line.split('=', 1)[0];
    return key in changes ? `${key}=${changes[key]}` : line;
  }), 'allow-loopback-peers', 'allowed-peer-ip=127.0.0.1', ''].join('\n');
}

/// Once it answers a binding request (RFC 8489).
async function answers() {
  const socket = createSocket('udp4');
  const request = Buffer.concat([Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42]), randomBytes(12)]);
  const asking = setInterval(() => socket.send(request, port, '127.0.0.1'), 50);
  await once(socket, 'message');
  clearInterval(asking);
  socket.close();
}

/// `outletText`: what a hub's file says of it. `line(faults)` takes words of tests/support/lossy_relay.
export async function startRelay(folder) {
  execFileSync('sh', ['-c', `sqlite3 turndb < /usr/share/coturn/schema.sql && echo "INSERT INTO turn_secret VALUES ('${realm}','${secret}');" | sqlite3 turndb`],
    { cwd: folder });
  writeFileSync(join(folder, 'turnserver.conf'), configured(folder));
  const secretFile = join(folder, 'turn.secret');
  writeFileSync(secretFile, secret, { mode: 0o600 });
  const coturn = spawn('turnserver', ['-c', join(folder, 'turnserver.conf'), '--pidfile', join(folder, 'turn.pid'), '--log-file', join(folder, 'turn.log'), '--simple-log'],
    { stdio: 'ignore' });
  after(() => coturn.kill());
  await answers();

  const lossy = spawn(program('lossy-relay'), [String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
  after(() => lossy.kill());
  const lines = createInterface({ input: lossy.stdout });
  const [listening] = await once(lines, 'line');
  return {
    outletText: `[turn]\nurls = ["turn:127.0.0.1:${listening.split(' ').at(-1)}?transport=udp"]\nsecret_file = "${secretFile}"\n`,
    async line(faults) {
      const answered = once(lines, 'line');
      lossy.stdin.write(`${faults}\n`);
      const [answer] = await answered;
      if (answer !== 'ok') throw new Error(answer);
    },
  };
}
