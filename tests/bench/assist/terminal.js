// SPDX-License-Identifier: Apache-2.0
// A terminal whose call process speaks with the seat over the hub, as the kiosk has it do.
import { join } from 'node:path';
import { CallProcess } from '../../e2e/web/call_process.js';
import { Terminal } from '../../e2e/web/support.js';

export class CallingTerminal {
  /// `record`: what cloudbranch/call's `open` has under that name.
  constructor(hub, { folder, camera, record }) {
    Object.assign(this, { hub, folder, camera, record });
    this.call = new CallProcess(folder);
    this.call.waiting.add((event) => this.#fromCall(event));
  }

  /// A customer asks; once staff have answered, picture and sound begin by themselves.
  async ask() {
    this.connected = false;
    this.line = await Terminal.ask(this.hub, { mode: 'video', content: { customer: { name: '王小明' }, journey: 'take-ticket' } });
    this.line.socket.on('message', (data) => this.#fromHub(JSON.parse(data)));
  }

  async hangUp() {
    const closed = this.call.until('closed');
    this.line.say({ type: 'hangUp' });
    this.call.say({ do: 'close' });
    await closed;
  }

  #fromHub(message) {
    if (message.type === 'assist' && message.state === 'joining' && !this.connected) {
      this.connected = true;
      this.call.say({ do: 'open', case: message.case, mode: 'video', camera: this.camera, remotePicture: join(this.folder, 'remote.sock'),
        ...(this.record && { record: this.record }) });
      this.call.say({ do: 'connect', ice: message.ice ?? { servers: [], relayOnly: false } });
    } else if (['answer', 'candidate', 'needOffer'].includes(message.type)) {
      const { type, sdp, candidate, line, why } = message;
      this.call.say({ do: type, sdp, candidate, line, why });
    }
  }

  #fromCall({ event, sdp, fresh, candidate, line, state, mode, figures }) {
    if (event === 'offer') this.line.say({ type: 'offer', sdp, fresh });
    else if (event === 'candidate') this.line.say({ type: 'candidate', candidate, line });
    else if (event === 'quality') this.line.say({ type: 'quality', figures });
    else if (event === 'media' && ['up', 'lost'].includes(state)) this.line.say({ type: 'media', state, mode });
  }
}
