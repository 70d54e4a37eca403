// SPDX-License-Identifier: Apache-2.0
const stale = 30_000;

/// What a lobby still has to hear, in order. Pure: `since(call.at)` tells a call's age in milliseconds.
export class Announcements {
  #since;
  #queued = [];
  #heard = 0;

  constructor(since) {
    this.#since = since;
  }

  /// A call from the stream. One that was there before (after a reconnect) is not queued again; a later call of a
  /// number that still waits takes its place in the queue.
  add(call) {
    if (call.position <= this.#heard) return;
    this.#heard = call.position;
    const waiting = this.#queued.findIndex((other) => other.ticket === call.ticket);
    if (waiting >= 0) this.#queued[waiting] = call;
    else this.#queued.push(call);
  }

  /// The calls that the outlet stands by now: what was taken back is not spoken.
  keepOnly(calls) {
    const valid = new Set(calls.map((call) => call.position));
    this.#queued = this.#queued.filter((call) => valid.has(call.position));
  }

  /// The next to speak, or nothing. Calls that are too old are dropped.
  next() {
    this.#queued = this.#queued.filter((call) => this.#since(call.at) <= stale);
    return this.#queued.shift();
  }

  get length() {
    return this.#queued.length;
  }
}
