// SPDX-License-Identifier: Apache-2.0
const preference = 'seat.noise';
const file = (name) => new URL(name, import.meta.url);

/// The customer's sound, as it comes or cleaned of noise. Whatever the cleaning needs and does not get, the sound is
/// heard as it comes.
export class CustomerSound {
  blocked = false; // the browser wants a touch first
  canClean = false; // this hub was built with RNNoise
  cleans = localStorage.getItem(preference) !== 'off';
  #element = new Audio();
  #context = null;
  #cleaner = null;
  #source = null;
  #changed;

  constructor(changed) {
    this.#changed = changed;
    for (const touch of ['pointerdown', 'keydown']) addEventListener(touch, () => this.#element.srcObject && this.#context?.resume());
  }

  play(stream) {
    if (this.#element.srcObject !== stream) {
      this.#element.srcObject = stream;
      if (stream) {
        this.start();
        this.#prepare();
      }
    }
    this.#route();
  }

  async start() {
    this.#context?.resume(); // not awaited: without a touch it stays undecided
    try {
      await this.#element.play();
      this.blocked = false;
    } catch (refusal) {
      this.blocked = refusal.name === 'NotAllowedError';
    }
    this.#changed();
  }

  clean(on) {
    this.cleans = on;
    localStorage.setItem(preference, on ? 'on' : 'off');
    this.#route();
    this.#changed();
  }

  stop() {
    if (!this.#element.srcObject) return;
    this.#element.srcObject = null;
    this.#context?.suspend();
    this.blocked = false;
    this.#route();
  }

  async #prepare() {
    if (this.#context) return;
    this.#context = new AudioContext({ sampleRate: 48_000 });
    try {
      const { ok } = await fetch(file('rnnoise-sync.js'), { method: 'HEAD' });
      if (!ok) return;
      await this.#context.audioWorklet.addModule(file('seat_noise_worklet.js'));
      this.#cleaner = new AudioWorkletNode(this.#context, 'rnnoise', { channelCount: 1, channelCountMode: 'explicit', outputChannelCount: [1] });
      this.#cleaner.connect(this.#context.destination);
      this.#context.onstatechange = () => this.#route();
      this.canClean = true;
      this.#route();
      this.#changed();
    } catch (error) {
      console.warn(`the sound is not cleaned of noise: ${error.message}`);
    }
  }

  #route() {
    const [track] = this.#element.srcObject?.getAudioTracks() ?? [];
    const through = this.canClean && this.cleans && this.#context.state === 'running' ? track : undefined;
    if (this.#source?.track !== through) {
      this.#source?.node.disconnect();
      this.#source = through ? { track, node: this.#context.createMediaStreamSource(new MediaStream([track])) } : null;
      this.#source?.node.connect(this.#cleaner);
    }
    this.#element.muted = Boolean(through);
  }
}
