// SPDX-License-Identifier: Apache-2.0
/// The outlet's time, told by the hub and carried on by a clock that only counts: what a device's own calendar says
/// does not matter. `ticks` gives milliseconds, e.g. performance.now.
export class ServerClock {
  #ticks;
  #told = 0;
  #secondOfDay = 0;
  #at = 0;

  constructor(ticks) {
    this.#ticks = ticks;
  }

  /// `now` as the hub writes it, in the outlet's zone: 2026-11-24T10:15:00+08:00.
  set(now) {
    const [hour, minute, second] = now.slice(11, 19).split(':').map(Number);
    this.#told = Date.parse(now);
    this.#secondOfDay = hour * 3600 + minute * 60 + second;
    this.#at = this.#ticks();
  }

  /// Milliseconds since an instant that the hub wrote.
  since(instant) {
    return this.#told + this.#ticks() - this.#at - Date.parse(instant);
  }

  /// "10:15:42", or what it will be or was so many milliseconds away.
  text(away = 0) {
    const passed = Math.floor(this.#secondOfDay + (this.#ticks() - this.#at + away) / 1000);
    const seconds = ((passed % 86400) + 86400) % 86400;
    return [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
  }
}
