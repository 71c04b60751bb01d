/**
 * Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 *
 * A `Stream` is a 64-bit key and a counter of 128-bit blocks. Keys are derived from (seed, label path), so that a draw
 * added in one place shifts nothing elsewhere. Functions take a stream, never a seed. The core draws the large arrays from
 * the same streams (`backend.random`), after reserving its blocks with `take`.
 */
import { InputError } from './errors.js';

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function mulHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const low = a0 * b0;
  const mid = a1 * b0 + (low >>> 16); // < 2^32, exact
  const mid2 = a0 * b1 + (mid & 0xffff);
  return (a1 * b1 + Math.floor(mid / 65536) + Math.floor(mid2 / 65536)) >>> 0;
}

/** One Philox4x32-10 block: writes four unsigned 32-bit words to `out`. */
export function philox(counter: readonly number[], key0: number, key1: number, out: Uint32Array): void {
  let [c0, c1, c2, c3] = counter as [number, number, number, number];
  let k0 = key0;
  let k1 = key1;
  for (let round = 0; round < 10; round++) {
    const hi0 = mulHigh(M0, c0 >>> 0);
    const lo0 = Math.imul(M0, c0);
    const hi1 = mulHigh(M1, c2 >>> 0);
    const lo1 = Math.imul(M1, c2);
    c0 = hi1 ^ c1 ^ k0;
    c1 = lo1;
    c2 = hi0 ^ c3 ^ k1;
    c3 = lo0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/**
 * A reproducible source of random numbers: Philox4x32-10, counter-based (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 * Its key comes from a seed and a path of labels ({@link Stream.child}), so that a draw added in one place shifts nothing elsewhere.
 */
export class Stream {
  readonly key0: number;
  readonly key1: number;
  /** Blocks used so far; at most 2^32. */
  #block = 0;
  readonly #words = new Uint32Array(4);
  #left = 0;

  private constructor(key0: number, key1: number) {
    this.key0 = key0 >>> 0;
    this.key1 = key1 >>> 0;
  }

  /**
   * The root stream of a seed, an integer in 0 … 2^53 − 1.
   *
   * @throws {InputError} for any other number.
   */
  static fromSeed(seed: number): Stream {
    if (!Number.isInteger(seed) || seed < 0 || seed > Number.MAX_SAFE_INTEGER) {
      throw new InputError(`"seed" expected an integer in 0..9007199254740991, got ${seed}`);
    }
    return new Stream(seed >>> 0, Math.floor(seed / 4294967296) >>> 0);
  }

  /**
   * The stream of a label below this one; independent of how many numbers were drawn here. The label's UTF-16 units are
   * absorbed four at a time: key' = first two words of Philox(units, position; key).
   */
  child(label: string | number): Stream {
    const text = typeof label === 'number' ? `#${label}` : label;
    const out = new Uint32Array(4);
    let k0 = this.key0;
    let k1 = this.key1;
    for (let at = 0; at <= text.length; at += 4) {
      const unit = (i: number) => (at + i < text.length ? text.charCodeAt(at + i) + 1 : 0);
      philox([unit(0) | (unit(1) << 16), unit(2) | (unit(3) << 16), at, 0xffffffff], k0, k1, out);
      k0 = out[0] as number;
      k1 = out[1] as number;
    }
    return new Stream(k0, k1);
  }

  /** Reserves `blocks` blocks of four words for the core and returns the first one's counter. */
  take(blocks: number): number {
    this.#left = 0;
    const first = this.#block;
    this.#block += blocks;
    return first;
  }

  /** A 32-bit unsigned integer. */
  uint32(): number {
    if (this.#left === 0) {
      philox([this.#block++ >>> 0, 0, 0, 0], this.key0, this.key1, this.#words);
      this.#left = 4;
    }
    return this.#words[4 - this.#left--] as number;
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** An integer in 0 … n − 1 without bias (rejection), 1 ≤ n ≤ 2^32. */
  below(n: number): number {
    const limit = 4294967296 - (4294967296 % n);
    for (;;) {
      const word = this.uint32();
      if (word < limit) return word % n;
    }
  }

  /** A random order of 0 … n − 1 (Fisher–Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = order[i] as number;
      order[i] = order[j] as number;
      order[j] = held;
    }
    return order;
  }
}
