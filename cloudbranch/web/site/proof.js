// SPDX-License-Identifier: Apache-2.0
// The hub's proof of work. SHA-256 (FIPS 180-4) by hand: crypto.subtle is missing on plain HTTP in an outlet's own
// network, and answers too slowly for many short texts.

const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const constants = primes.map((prime) => fraction(Math.cbrt(prime)));
const begin = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const turn = (x, bits) => (x >>> bits) | (x << (32 - bits));

/// The eight words of the digest of an ASCII text.
export function sha256(text) {
  const length = text.length;
  const words = new Int32Array((((length + 8) >> 6) + 1) * 16);
  for (let i = 0; i < length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  words[length >> 2] |= 0x80 << (24 - (length % 4) * 8);
  words[words.length - 1] = length * 8;
  const state = Int32Array.from(begin);
  const w = new Int32Array(64);
  for (let block = 0; block < words.length; block += 16) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = words[block + i];
      else {
        const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
      }
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + constants[i] + w[i]) | 0;
      const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] += value; });
  }
  return state;
}

/// "CHALLENGE:NONCE" whose digest begins with as many zero bits as the challenge's first number says. Lets the page
/// breathe meanwhile.
export async function solve(challenge) {
  const bits = Number.parseInt(challenge, 10);
  for (let nonce = 0; ; nonce++) {
    if (nonce % 4096 === 4095) await new Promise((go) => { setTimeout(go); });
    const proof = `${challenge}:${nonce}`;
    if (Math.clz32(sha256(proof)[0]) >= bits) return proof;
  }
}
