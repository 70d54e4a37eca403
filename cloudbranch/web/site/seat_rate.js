// SPDX-License-Identifier: Apache-2.0
const most = 1_000; // kbit/s
const least = 60;
const lateness = 200; // ms over the line's usual round trip: something waits in a queue
const forgetting = 1.01; // of the usual round trip, each second: lines change
const backTo = 0.75;
const raise = 1.15;
const rest = 2; // seconds until a step shows

/// What staff's own picture may take of the line, judged by how long the round trip is, once a second. Loss is not asked:
/// see seat_sdp.js. Pure.
export class SeatRate {
  kbps = most;
  #usual = Infinity;
  #rest = 0;

  /// `rtt` in ms, 0 if it is not known; `sent`: kbit/s of the picture in the last second. True if `kbps` is another one now.
  look({ rtt, sent }) {
    if (!rtt) return false;
    this.#usual = Math.min(rtt, this.#usual * forgetting);
    if (this.#rest-- > 0) return false;
    const before = this.kbps;
    const late = rtt > this.#usual + lateness;
    if (late) this.kbps = Math.max(least, Math.round(Math.min(this.kbps, sent || this.kbps) * backTo));
    else this.kbps = Math.min(most, Math.round(this.kbps * raise));
    this.#rest = late ? rest : 0;
    return this.kbps !== before;
  }
}
