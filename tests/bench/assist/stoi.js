// SPDX-License-Identifier: Apache-2.0
/// Short-time objective intelligibility (Taal, Hendriks, Heusdens, Jensen: IEEE Transactions on Audio, Speech and Language
/// Processing 19, 2011), and the delay between two sounds. Pure.
export const rate = 10_000; // samples a second, of all sounds here

const frame = 256;
const hop = frame / 2;
const bins = 512;
const bands = 15;
const lowest = 150; // Hz, centre of the first third of an octave
const segment = 30; // frames: 384 ms
const range = 40; // dB below the loudest frame: silence
const clip = 10 ** (15 / 20); // by how much a band may be worse, -15 dB

const window = Float64Array.from({ length: frame }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 1)) / (frame + 1)));

/// In place; as many as a power of two.
function fft(real, imaginary) {
  const many = real.length;
  for (let index = 1, swap = 0; index < many; index++) {
    let bit = many >> 1;
    for (; swap & bit; bit >>= 1) swap ^= bit;
    swap |= bit;
    if (index < swap) {
      [real[index], real[swap]] = [real[swap], real[index]];
      [imaginary[index], imaginary[swap]] = [imaginary[swap], imaginary[index]];
    }
  }
  for (let size = 2; size <= many; size *= 2) {
    for (let at = 0; at < many; at += size) {
      for (let index = 0; index < size / 2; index++) {
        const angle = (-2 * Math.PI * index) / size;
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        const [low, high] = [at + index, at + index + size / 2];
        const [re, im] = [real[high] * cos - imaginary[high] * sin, real[high] * sin + imaginary[high] * cos];
        [real[high], imaginary[high]] = [real[low] - re, imaginary[low] - im];
        real[low] += re;
        imaginary[low] += im;
      }
    }
  }
}

const energy = (sound) => sound.reduce((sum, each) => sum + each * each, 0);

/// Both sounds without the frames in which the first one is silent.
function withoutSilence(clean, other) {
  const starts = [];
  for (let at = 0; at + frame <= clean.length; at += hop) starts.push(at);
  const windowed = (sound, at) => window.map((weight, index) => weight * sound[at + index]);
  const levels = starts.map((at) => 10 * Math.log10(energy(windowed(clean, at)) + 1e-20));
  const loudest = Math.max(...levels);
  const kept = starts.filter((_, index) => levels[index] > loudest - range);
  return [clean, other].map((sound) => {
    const joined = new Float64Array((kept.length - 1) * hop + frame);
    kept.forEach((at, index) => windowed(sound, at).forEach((each, offset) => { joined[index * hop + offset] += each; }));
    return joined;
  });
}

/// Of each frame, the size of each third of an octave.
function thirds(sound) {
  const edges = Array.from({ length: bands }, (_, band) => {
    const centre = lowest * 2 ** (band / 3);
    return [centre * 2 ** (-1 / 6), centre * 2 ** (1 / 6)].map((hertz) => Math.round((hertz * bins) / rate));
  });
  const all = [];
  for (let at = 0; at + frame <= sound.length; at += hop) {
    const [real, imaginary] = [new Float64Array(bins), new Float64Array(bins)];
    window.forEach((weight, index) => { real[index] = weight * sound[at + index]; });
    fft(real, imaginary);
    all.push(edges.map(([from, to]) => {
      let sum = 0;
      for (let bin = from; bin < to; bin++) sum += real[bin] ** 2 + imaginary[bin] ** 2;
      return Math.sqrt(sum);
    }));
  }
  return all;
}

function correlation(first, second) {
  const mean = (all) => all.reduce((sum, each) => sum + each, 0) / all.length;
  const [one, two] = [first, second].map((all) => {
    const middle = mean(all);
    return all.map((each) => each - middle);
  });
  const size = Math.sqrt(energy(one) * energy(two));
  return size > 0 ? one.reduce((sum, each, index) => sum + each * two[index], 0) / size : 0;
}

/// 0 to 1: how much of `clean` can be understood in `heard`. Both begin together.
export function stoi(clean, heard) {
  const [one, two] = withoutSilence(clean, heard).map(thirds);
  let sum = 0;
  let many = 0;
  for (let end = segment; end <= one.length; end++) {
    for (let band = 0; band < bands; band++) {
      const x = one.slice(end - segment, end).map((bandsOf) => bandsOf[band]);
      const y = two.slice(end - segment, end).map((bandsOf) => bandsOf[band]);
      const gain = Math.sqrt(energy(x) / (energy(y) || 1));
      sum += correlation(x, y.map((each, index) => Math.min(gain * each, x[index] * (1 + clip))));
      many++;
    }
  }
  return sum / many;
}

/// By how many samples `heard` is later than `clean`, 0 to `most`.
export function delay(clean, heard, most) {
  const many = 2 ** Math.ceil(Math.log2(clean.length + heard.length));
  const [cleanRe, cleanIm, heardRe, heardIm] = Array.from({ length: 4 }, () => new Float64Array(many));
  cleanRe.set(clean);
  heardRe.set(heard);
  fft(cleanRe, cleanIm);
  fft(heardRe, heardIm);
  // The inverse by the same transform: conjugate of the product, whose outcome is real.
  const re = cleanRe.map((each, index) => each * heardRe[index] + cleanIm[index] * heardIm[index]);
  const im = cleanRe.map((each, index) => -(each * heardIm[index] - cleanIm[index] * heardRe[index]));
  fft(re, im);
  let best = 0;
  for (let lag = 0; lag <= most; lag++) if (re[lag] > re[best]) best = lag;
  return best;
}
