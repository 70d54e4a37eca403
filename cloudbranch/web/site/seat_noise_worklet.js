// SPDX-License-Identifier: Apache-2.0
import createRnnoise from './rnnoise-sync.js';

const frame = 480; // 10 ms at 48 kHz, as RNNoise wants it
const full = 32768; // RNNoise counts as 16-bit sound does

/// Mono sound, cleaned of noise by RNNoise, 10 ms later.
class Rnnoise extends AudioWorkletProcessor {
  #module = createRnnoise();
  #state = this.#module._rnnoise_create(0);
  #heap = this.#module._malloc(frame * Float32Array.BYTES_PER_ELEMENT);
  #ready = new Float32Array(frame); // what is heard while the next frame is collected
  #at = 0;

  process([[input]], [[output]]) {
    for (let index = 0; index < output.length; index++) {
      const heap = this.#module.HEAPF32;
      const first = this.#heap / Float32Array.BYTES_PER_ELEMENT;
      output[index] = this.#ready[this.#at];
      heap[first + this.#at] = (input?.[index] ?? 0) * full;
      if (++this.#at < frame) continue;
      this.#module._rnnoise_process_frame(this.#state, this.#heap, this.#heap);
      this.#ready = this.#module.HEAPF32.slice(first, first + frame).map((sample) => sample / full);
      this.#at = 0;
    }
    return true;
  }
}

registerProcessor('rnnoise', Rnnoise);
