// SPDX-License-Identifier: Apache-2.0
/// Two soft tones, also behind another window.
export function ring() {
  try {
    const sound = new AudioContext();
    [660, 880].forEach((pitch, index) => {
      const tone = new OscillatorNode(sound, { frequency: pitch });
      const volume = new GainNode(sound, { gain: 0.15 });
      tone.connect(volume).connect(sound.destination);
      tone.start(sound.currentTime + index * 0.25);
      tone.stop(sound.currentTime + index * 0.25 + 0.2);
    });
  } catch { /* a browser without sound still shows it */ }
}
