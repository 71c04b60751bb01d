/**
 * Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), the same
 * blocks as ts/random.ts. A block is the function value of (counter, key): word 0 of the counter is the block's number, the
 * others are 0. Eight blocks are computed at once, one a lane of two vectors, which are independent chains for the processor; every
 * fill writes the words of block after block.
 *
 * Dimensions: N values to fill, B rows, K categories.
 */
import { log4, logNormal4 } from "./lib/log";
import { madd } from "./lib/madd";
import { cosPolynomial, cosTurn, quadrant, rest, sinPolynomial, sinTurn } from "./lib/sincos";

const M = memory.data<u32>([0xd2511f53, 0xcd9e8d57]); // multipliers
const W = memory.data<u32>([0x9e3779b9, 0xbb67ae85]); // key increments: golden ratio, √3 − 1
const LANES = memory.data<u32>([0, 1, 2, 3]);
/** Values that are made at once. */
// @ts-ignore: decorator
@inline const GROUP: u32 = 32;
const spare = memory.data(GROUP * 4, 16); // such a group, where fewer are wanted
const LAST = memory.data(GROUP * 4, 16); // words 0 … 3 of blocks 0 … 3, then of blocks 4 … 7; lane = block

const C = memory.data<f32>([
  2.3283064365386963e-10, // 2⁻³²
  1.1641532182693481e-10, // 2⁻³³
  5.9604644775390625e-8, // 2⁻²⁴
  -2.0,
  0.99999994, // 1 − 2⁻²⁴
]);

/** Blocks first … first + 7 into LAST. */
function philox8(key0: u32, key1: u32, first: u32): void {
  const m0 = v128.load32_splat(M);
  const m1 = v128.load32_splat(M, 4);
  const w0 = v128.load32_splat(W);
  const w1 = v128.load32_splat(W, 4);
  let k0 = i32x4.splat(key0), k1 = i32x4.splat(key1);
  let c0 = i32x4.add(i32x4.splat(first), v128.load(LANES)), c1 = i32x4.splat(0), c2 = c1, c3 = c1;
  let d0 = i32x4.add(c0, i32x4.splat(4)), d1 = c1, d2 = c1, d3 = c1;
  for (let round = 0; round < 10; round++) {
    const a = i64x2.extmul_low_i32x4_u(c0, m0), b = i64x2.extmul_high_i32x4_u(c0, m0);
    const c = i64x2.extmul_low_i32x4_u(c2, m1), d = i64x2.extmul_high_i32x4_u(c2, m1);
    const e = i64x2.extmul_low_i32x4_u(d0, m0), f = i64x2.extmul_high_i32x4_u(d0, m0);
    const g = i64x2.extmul_low_i32x4_u(d2, m1), h = i64x2.extmul_high_i32x4_u(d2, m1);
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(c, d, 1, 3, 5, 7), c1), k0);
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(a, b, 1, 3, 5, 7), c3), k1);
    c1 = v128.shuffle<i32>(c, d, 0, 2, 4, 6);
    c3 = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
    d0 = v128.xor(v128.xor(v128.shuffle<i32>(g, h, 1, 3, 5, 7), d1), k0);
    d2 = v128.xor(v128.xor(v128.shuffle<i32>(e, f, 1, 3, 5, 7), d3), k1);
    d1 = v128.shuffle<i32>(g, h, 0, 2, 4, 6);
    d3 = v128.shuffle<i32>(e, f, 0, 2, 4, 6);
    k0 = i32x4.add(k0, w0);
    k1 = i32x4.add(k1, w1);
  }
  v128.store(LAST, c0);
  v128.store(LAST, c1, 16);
  v128.store(LAST, c2, 32);
  v128.store(LAST, c3, 48);
  v128.store(LAST, d0, 64);
  v128.store(LAST, d1, 80);
  v128.store(LAST, d2, 96);
  v128.store(LAST, d3, 112);
}

/** Four vectors with lane = block, written as word after word of block after block (a 4×4 transpose). */
// @ts-ignore: decorator
@inline function storeBlocks(out: usize, w0: v128, w1: v128, w2: v128, w3: v128): void {
  const a = v128.shuffle<i32>(w0, w1, 0, 4, 1, 5);
  const b = v128.shuffle<i32>(w2, w3, 0, 4, 1, 5);
  const c = v128.shuffle<i32>(w0, w1, 2, 6, 3, 7);
  const d = v128.shuffle<i32>(w2, w3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<i32>(a, b, 0, 1, 4, 5));
  v128.store(out, v128.shuffle<i32>(a, b, 2, 3, 6, 7), 16);
  v128.store(out, v128.shuffle<i32>(c, d, 0, 1, 4, 5), 32);
  v128.store(out, v128.shuffle<i32>(c, d, 2, 3, 6, 7), 48);
}

/** Where the next group goes: straight to `out`, or by way of `spare` when fewer values are left. */
// @ts-ignore: decorator
@inline function place(out: usize, at: u32, n: u32): usize {
  return n - at >= GROUP ? out + ((<usize>at) << 2) : spare;
}

// @ts-ignore: decorator
@inline function finish(out: usize, at: u32, n: u32): void {
  if (n - at < GROUP) memory.copy(out + ((<usize>at) << 2), spare, (<usize>(n - at)) << 2);
}

/** Raw words; out (N) u32. Uses ⌈N / 4⌉ blocks, as all fills below with one word a value. */
export function randomWords(out: usize, n: u32, key0: u32, key1: u32, block: u32): void {
  for (let at: u32 = 0; at < n; at += GROUP, block += GROUP / 4) {
    philox8(key0, key1, block);
    const to = place(out, at, n);
    for (let half: usize = 0; half < 128; half += 64) {
      const w = LAST + half;
      storeBlocks(to + half, v128.load(w), v128.load(w, 16), v128.load(w, 32), v128.load(w, 48));
    }
    finish(out, at, n);
  }
}

// @ts-ignore: decorator
@inline function toUniform(words: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), v128.load32_splat(C, 8));
}

/** Uniform in [0, 1) with 24 bits, (w >> 8) / 2²⁴; out (N) f32. */
export function randomUniform(out: usize, n: u32, key0: u32, key1: u32, block: u32): void {
  for (let at: u32 = 0; at < n; at += GROUP, block += GROUP / 4) {
    philox8(key0, key1, block);
    const to = place(out, at, n);
    for (let half: usize = 0; half < 128; half += 64) {
      const w = LAST + half;
      const u0 = toUniform(v128.load(w)), u1 = toUniform(v128.load(w, 16));
      storeBlocks(to + half, u0, u1, toUniform(v128.load(w, 32)), toUniform(v128.load(w, 48)));
    }
    finish(out, at, n);
  }
}

/** (0, 1] from 32 bits, in the precision of f32: u = w / 2³² + 2⁻³³. */
// @ts-ignore: decorator
@inline function toOpenUniform(words: v128): v128 {
  return madd(f32x4.convert_i32x4_u(words), v128.load32_splat(C), v128.load32_splat(C, 4));
}

/** r = √(−2 ln u) of Box & Muller (1958), u in (0, 1]; at most 6.8. */
// @ts-ignore: decorator
@inline function radius(words: v128): v128 {
  return f32x4.sqrt(f32x4.mul(logNormal4(toOpenUniform(words)), v128.load32_splat(C, 12)));
}

/** Standard normal; out (N) f32. Words (0, 1) of a block give r·cos and r·sin of a turn, words (2, 3) the next pair. */
export function randomNormal(out: usize, n: u32, key0: u32, key1: u32, block: u32): void {
  for (let at: u32 = 0; at < n; at += GROUP, block += GROUP / 4) {
    philox8(key0, key1, block);
    const to = place(out, at, n);
    for (let half: usize = 0; half < 128; half += 64) {
      const w = LAST + half;
      const r0 = radius(v128.load(w)), r1 = radius(v128.load(w, 32));
      const q0 = quadrant(v128.load(w, 16)), q1 = quadrant(v128.load(w, 48));
      const x0 = rest(v128.load(w, 16), q0), x1 = rest(v128.load(w, 48), q1);
      const s0 = sinPolynomial(x0), s1 = sinPolynomial(x1);
      const c0 = cosPolynomial(x0), c1 = cosPolynomial(x1);
      storeBlocks(
        to + half,
        f32x4.mul(r0, cosTurn(q0, s0, c0)),
        f32x4.mul(r0, sinTurn(q0, s0, c0)),
        f32x4.mul(r1, cosTurn(q1, s1, c1)),
        f32x4.mul(r1, sinTurn(q1, s1, c1)),
      );
    }
    finish(out, at, n);
  }
}

// A reader of one word after the other, for draws that may be rejected.
const held = memory.data(GROUP * 4, 16);
let readKey0: u32 = 0;
let readKey1: u32 = 0;
let readBlock: u32 = 0; // the next block to compute
let readAt: u32 = GROUP; // place in `held`

export function startReading(key0: u32, key1: u32, block: u32): void {
  readKey0 = key0;
  readKey1 = key1;
  readBlock = block;
  readAt = GROUP;
}

function nextWord(): u32 {
  if (readAt == GROUP) {
    randomWords(held, GROUP, readKey0, readKey1, readBlock);
    readBlock += GROUP / 4;
    readAt = 0;
  }
  readAt += 1;
  return load<u32>(held + ((<usize>(readAt - 1)) << 2));
}

/** Blocks of which a word was read since `startReading` at `block`. */
function blocksRead(block: u32): u32 {
  return readBlock - block - ((GROUP - readAt) >> 2);
}

/** Without bias by rejection: a word w below the greatest multiple of n gives w mod n; 1 ≤ n. */
// @ts-ignore: decorator
@inline export function nextBelow(n: u32): u32 {
  const over = (<u32>0 - n) % n; // 2³² mod n
  const limit = <u32>0 - over; // 0 stands for 2³²
  let w = nextWord();
  while (limit != 0 && w >= limit) w = nextWord();
  return w % n;
}

/** The next number in [0, 1) with 53 random bits, as in ts/random.ts. */
// @ts-ignore: decorator
@inline export function nextUniform(): f64 {
  const high = <f64>(nextWord() >>> 5);
  const low = <f64>(nextWord() >>> 6);
  return (high * 67108864 + low) / 9007199254740992;
}

/** Integers in 0 … n − 1; out (N) u32. Returns the blocks used. */
export function randomBelow(out: usize, count: u32, n: u32, key0: u32, key1: u32, block: u32): u32 {
  assert(n > 0);
  startReading(key0, key1, block);
  for (let i: u32 = 0; i < count; i++) store<u32>(out + ((<usize>i) << 2), nextBelow(n));
  return blocksRead(block);
}

/** A random order of 0 … N − 1 (Fisher–Yates, from the end); out (N) u32. Returns the blocks used. */
export function randomPermutation(out: usize, n: u32, key0: u32, key1: u32, block: u32): u32 {
  startReading(key0, key1, block);
  for (let i: u32 = 0; i < n; i++) store<u32>(out + ((<usize>i) << 2), i);
  for (let i = n; i > 1; i--) {
    const j = nextBelow(i);
    const last = out + ((<usize>(i - 1)) << 2);
    const other = out + ((<usize>j) << 2);
    const held = load<u32>(last);
    store<u32>(last, load<u32>(other));
    store<u32>(other, held);
  }
  return blocksRead(block);
}

/**
 * One category a row with P(k) ∝ exp(logit_k), as the largest of logit_k − ln(−ln u_k) (Gumbel-max; the first of equals).
 * logits (B, K), out (B) u32, gumbel (B, K) scratch; a word for each logit.
 */
export function randomCategorical(logits: usize, rows: u32, k: u32, out: usize, gumbel: usize, key0: u32, key1: u32, block: u32): void {
  const n = rows * k;
  for (let at: u32 = 0; at < n; at += GROUP, block += GROUP / 4) {
    philox8(key0, key1, block);
    const to = place(gumbel, at, n);
    for (let half: usize = 0; half < 128; half += 64) {
      const w = LAST + half;
      const g0 = toGumbel(v128.load(w)), g1 = toGumbel(v128.load(w, 16));
      storeBlocks(to + half, g0, g1, toGumbel(v128.load(w, 32)), toGumbel(v128.load(w, 48)));
    }
    finish(gumbel, at, n);
  }
  for (let i: u32 = 0; i < rows; i++) {
    const row = (<usize>(i * k)) << 2;
    let best: u32 = 0;
    let top = load<f32>(logits + row) + load<f32>(gumbel + row);
    for (let j: u32 = 1; j < k; j++) {
      const value = load<f32>(logits + row + ((<usize>j) << 2)) + load<f32>(gumbel + row + ((<usize>j) << 2));
      if (value > top) {
        top = value;
        best = j;
      }
    }
    store<u32>(out + ((<usize>i) << 2), best);
  }
}

/** −ln(−ln u), u in [2⁻³³, 1 − 2⁻²⁴], so that it is finite. */
// @ts-ignore: decorator
@inline function toGumbel(words: v128): v128 {
  const u = f32x4.pmin(toOpenUniform(words), v128.load32_splat(C, 16));
  return f32x4.neg(log4(f32x4.neg(logNormal4(u))));
}
