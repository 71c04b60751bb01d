/** SHA-256 (FIPS 180-4) of bytes that come in chunks. What browsers have takes all bytes at once, and on secure connections alone. */

/** First 32 bits of the fractions of the cube roots of the first 64 primes. */
// biome-ignore format: eight a line
const CUBE_ROOTS = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);
/** The same of the square roots of the first 8. */
const SQUARE_ROOTS = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

const BLOCK = 64;

type Words = [number, number, number, number, number, number, number, number];

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

export class Sha256 {
  private readonly state = Int32Array.from(SQUARE_ROOTS); // (8)
  private readonly words = new Int32Array(BLOCK); // (64), the first 16 are a block's own
  private readonly held = new Uint8Array(BLOCK); // (64), begin of a block
  private length = 0;

  update(bytes: Uint8Array): void {
    let at = 0;
    const begun = this.length % BLOCK;
    this.length += bytes.length;
    if (begun > 0) {
      at = Math.min(BLOCK - begun, bytes.length);
      this.held.set(bytes.subarray(0, at), begun);
      if (begun + at < BLOCK) return;
      this.block(this.held, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.block(bytes, at);
    this.held.set(bytes.subarray(at));
  }

  /** The digest as 64 hexadecimal digits; it ends the bytes. */
  digest(): string {
    const { length, state } = this;
    const begun = length % BLOCK;
    const end = new Uint8Array((begun < BLOCK - 8 ? BLOCK : 2 * BLOCK) - begun);
    end[0] = 0x80;
    new DataView(end.buffer).setBigUint64(end.length - 8, BigInt(length) * 8n);
    this.update(end);
    return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  private block(bytes: Uint8Array, from: number): void {
    const { state, words } = this;
    for (let t = 0; t < 16; t++) {
      const at = from + 4 * t;
      words[t] =
        ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    }
    for (let t = 16; t < 64; t++) {
      const near = words[t - 2] as number;
      const far = words[t - 15] as number;
      const small1 = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
      const small0 = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
      words[t] = (small1 + (words[t - 7] as number) + small0 + (words[t - 16] as number)) | 0;
    }
    let { 0: a, 1: b, 2: c, 3: d, 4: e, 5: f, 6: g, 7: h } = state as unknown as Words; // an iterator takes three times as long
    for (let t = 0; t < 64; t++) {
      const large1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const first = (h + large1 + ((e & f) ^ (~e & g)) + (CUBE_ROOTS[t] as number) + (words[t] as number)) | 0;
      const large0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
      const second = (large0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    const added = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++) state[i] = (state[i] as number) + (added[i] as number);
  }
}
