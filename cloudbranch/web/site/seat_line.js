// SPDX-License-Identifier: Apache-2.0
/// A seat's WebSocket to the hub: logs in, comes back by itself, and says again what was not yet acknowledged. The hub
/// counts once what comes twice.
export class SeatLine {
  #socket = null;
  #unkept = new Map(); // what belongs to the case, until the hub has it on disk
  #retry = 500;
  #over = false;

  /// `heard(message)` for each message; `state('live' | 'lost' | 'replaced' | 'signedOut')`.
  constructor(token, { heard, state }) {
    this.token = token;
    this.heard = heard;
    this.state = state;
    this.#connect();
  }

  #connect() {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/seats/signal`);
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', token: this.token }));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === 'seat' && this.#retry > 0) {
        this.#retry = 0;
        this.state('live');
        for (const text of this.#unkept.values()) socket.send(text);
      }
      if (message.type === 'kept') this.#unkept.delete(this.#key(message.of, message.assist, message.body));
      this.heard(message);
    };
    socket.onclose = ({ code }) => {
      if (this.#over) return;
      if (code === 4001 || code === 4003) {
        this.#over = true;
        this.state(code === 4001 ? 'replaced' : 'signedOut');
        return;
      }
      this.state('lost');
      this.#retry = Math.min(Math.max(this.#retry * 2, 500), 8000);
      setTimeout(() => this.#over || this.#connect(), this.#retry);
    };
  }

  #key(type, assist, body) {
    return [type, assist, body.id ?? body.request ?? body.step].join('\n');
  }

  /// Sent now, or not at all: false if the line is cut.
  say(message) {
    if (this.#socket.readyState !== WebSocket.OPEN || this.#retry > 0) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /// Sent now or once the line is back.
  keep(type, assist, body) {
    const text = JSON.stringify({ type, assist, ...body });
    this.#unkept.set(this.#key(type, assist, body), text);
    if (this.#socket.readyState === WebSocket.OPEN && this.#retry === 0) this.#socket.send(text);
  }

  /// What of an assist the hub has not acknowledged yet, as entries.
  pending(assist) {
    return [...this.#unkept.values()].map((text) => JSON.parse(text)).filter((message) => message.assist === assist)
      .map(({ type, assist: _, ...body }) => ({ by: 'me', type, body, pending: true }));
  }

  /// What the hub refused is not said again.
  drop() { this.#unkept.clear(); }

  close() {
    this.#over = true;
    this.#socket.close();
  }
}
