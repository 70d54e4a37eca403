// SPDX-License-Identifier: Apache-2.0
/// The customer's sound, as it comes or cleaned of noise.
export class CustomerSound {
  blocked = false; // the browser wants a touch first
  #element = new Audio();
  #changed;

  constructor(changed) { this.#changed = changed; }

  get canClean() { return false; }
  get cleans() { return false; }

  play(stream) {
    if (this.#element.srcObject === stream) return;
    this.#element.srcObject = stream;
    if (stream) this.start();
  }

  async start() {
    try {
      await this.#element.play();
      this.blocked = false;
    } catch (refusal) {
      this.blocked = refusal.name === 'NotAllowedError';
    }
    this.#changed();
  }

  stop() {
    this.#element.srcObject = null;
    this.blocked = false;
  }
}
