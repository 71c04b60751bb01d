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

/**
 * out (C, R) = a + gap · (b − a) of columns (C, M), a and b at base and other; where one end is missing (NaN), what the nearer end has.
 */
export function interpolate(columns: usize, c: i32, m: i32, base: usize, other: usize, gap: usize, rows: i32, out: usize): void {
  for (let column = 0; column < c; column++) {
    for (let i: usize = 0; i < <usize>rows; i++) {
      const a = load<f64>(columns + (<usize>load<u32>(base + (i << 2)) << 3));
      const b = load<f64>(columns + (<usize>load<u32>(other + (i << 2)) << 3));
      const g = load<f64>(gap + (i << 3));
      const between = a + g * (b - a);
      store<f64>(out + (i << 3), between == between ? between : g < 0.5 ? a : b);
    }
    columns += <usize>m << 3;
    out += <usize>rows << 3;
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
