/**
 * Rows between rows, as SMOTE makes them (Chawla et al. 2002, §4.2): where they lie, and their numbers, in float64 as tables hold them.
 *
 * Dimensions: M rows that there are, k neighbours of each, R rows to make, C columns of numbers.
 */
import { nextBelow, nextUniform, startReading } from "./random";

/** base (R) u32: rows in 0 … M − 1 from the stream (key0, key1). */
export function drawBases(base: usize, rows: i32, m: u32, key0: u32, key1: u32): void {
  startReading(key0, key1, 0);
  for (let i: usize = 0; i < <usize>rows; i++) store<u32>(base + (i << 2), nextBelow(m));
}

/** other (R) u32: a neighbour of each base by near (M, k) u32; gap (R) f64 in [0, 1); each from its own stream. */
export function drawEnds(
  base: usize, rows: i32, near: usize, k: u32, otherKey0: u32, otherKey1: u32, gapKey0: u32, gapKey1: u32, other: usize, gap: usize,
): void {
  startReading(otherKey0, otherKey1, 0);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const first = load<u32>(base + (i << 2)) * k;
    store<u32>(other + (i << 2), load<u32>(near + ((<usize>(first + nextBelow(k))) << 2)));
  }
  startReading(gapKey0, gapKey1, 0);
  for (let i: usize = 0; i < <usize>rows; i++) store<f64>(gap + (i << 3), nextUniform());
}

const HALF = memory.data<f64>([0.5]);

/** a + g · (b − a) for two columns; where that is missing (NaN), what the nearer end has. */
// @ts-ignore: decorator
@inline function between2(a: v128, b: v128, g: v128): v128 {
  const x = f64x2.add(a, f64x2.mul(g, f64x2.sub(b, a)));
  return v128.bitselect(x, v128.bitselect(a, b, f64x2.lt(g, v128.load64_splat(HALF))), f64x2.eq(x, x));
}

/**
 * out (C, R) = a + gap · (b − a), where a and b are the rows `base` and `other` of table (M, C) f64, C even; where one end is missing
 * (NaN), what the nearer end has. Rows are read whole, and two of them written together, column by column.
 */
export function interpolate(table: usize, c: i32, base: usize, other: usize, gap: usize, rows: i32, out: usize): void {
  assert(c % 2 == 0);
  const line = <usize>c << 3, column = <usize>rows << 3;
  const pairs = out + (<usize>(rows & ~1) << 3), end = out + column;
  for (; out < pairs; base += 8, other += 8, gap += 16, out += 16) {
    let a0 = table + <usize>load<u32>(base) * line, b0 = table + <usize>load<u32>(other) * line;
    let a1 = table + <usize>load<u32>(base, 4) * line, b1 = table + <usize>load<u32>(other, 4) * line;
    const g0 = v128.load64_splat(gap), g1 = v128.load64_splat(gap, 8);
    const past = a0 + line;
    for (let to = out; a0 < past; a0 += 16, b0 += 16, a1 += 16, b1 += 16, to += 2 * column) {
      const x0 = between2(v128.load(a0), v128.load(b0), g0), x1 = between2(v128.load(a1), v128.load(b1), g1);
      v128.store(to, v128.shuffle<f64>(x0, x1, 0, 2));
      v128.store(to + column, v128.shuffle<f64>(x0, x1, 1, 3));
    }
  }
  if (out == end) return;
  const a = table + <usize>load<u32>(base) * line, b = table + <usize>load<u32>(other) * line;
  const g = v128.load64_splat(gap);
  for (let at: usize = 0; at < line; at += 16, out += 2 * column) {
    const x = between2(v128.load(a + at), v128.load(b + at), g);
    v128.store_lane<f64>(out, x, 0);
    v128.store_lane<f64>(out + column, x, 1);
  }
}

/** The largest whole number up to which all are doubles. */
const SAFE: f64 = 9007199254740991;

/**
 * Moves values (N) f64 to the nearest of seen (S) f64, ascending, a tie to the lower; or where there are none into [low, high], and
 * there to the nearest multiple of 1 / power unless power is 0 or doubles are coarser than that. NaN stays.
 */
export function snap(values: usize, n: i32, low: f64, high: f64, power: f64, seen: usize, s: i32): void {
  for (let at = values, end = values + (<usize>n << 3); at < end; at += 8) {
    const value = load<f64>(at);
    if (s > 0) {
      if (value == value) store<f64>(at, nearestOf(value, seen, s));
      continue;
    }
    const inside = value < low ? low : value > high ? high : value;
    store<f64>(at, power == 0 ? inside : rounded(inside, power));
  }
}

// @ts-ignore: decorator
@inline function rounded(value: f64, power: f64): f64 {
  const scaled = value * power;
  const below = floor(scaled);
  const whole = below + (scaled - below >= 0.5 ? 1 : 0);
  return abs(whole) <= SAFE ? whole / power + 0 : value; // + 0: no negative zero
}

function nearestOf(value: f64, seen: usize, s: i32): f64 {
  let best = load<f64>(seen);
  for (let k = 1; k < s; k++) {
    const candidate = load<f64>(seen + (<usize>k << 3));
    if (abs(candidate - value) < abs(best - value)) best = candidate;
  }
  return best;
}
