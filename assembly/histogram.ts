/**
 * Gradient histograms whose sums are exact: every gradient g and hessian h is a float32 rounded to a multiple of a power of two
 * so small that Σ|g| and Σh stay below 2⁵² of it. Sums of such numbers in float64 have no rounding, so they do not depend on
 * the order of the rows, and a sibling's histogram is the parent's minus the other child's without cancellation. What rounding
 * to the multiple costs a row is at most Σ|g| / 2⁵².
 *
 * Dimensions: N rows, D features, BINS entries {g, h} f64 a feature, FEATURE bytes apart.
 */
import { BINS } from "./bins";

/** Bytes of one feature's histogram, and a cache line more: at 4096 the same bins of all features would share one cache set. */
// @ts-ignore: decorator
@inline export const FEATURE: usize = <usize>BINS * 16 + 64;

/** The power of two u with sum < 2⁵² u. */
export function exactUnit(sum: f64): f64 {
  if (!(sum > 1e-200)) return 1e-200;
  const exponent = <i64>(reinterpret<u64>(sum) >> 52) - 1023; // 2^e ≤ sum < 2^(e+1)
  return reinterpret<f64>(<u64>(1023 + exponent - 51) << 52);
}

/** Zeroes the entries in use: bins (D) i32 value bins and the missing one of each feature; histogram (D, BINS) of 16 bytes. */
export function clearHistogram(histogram: usize, bins: usize, d: i32): void {
  for (let f = 0; f < d; f++) {
    memory.fill(histogram, 0, (<usize>load<i32>(bins) + 1) << 4);
    histogram += FEATURE;
    bins += 4;
  }
}

/** Rows that are fetched together, so that their cache misses overlap: WebAssembly has no prefetch, hence a load of every line. */
const AHEAD: usize = 32;
const TOUCHED = memory.data(8); // keeps those loads from being left out

/**
 * Adds `count` rows to a histogram (D, BINS) {g, h} f64. rows (count) u32, codes (N, D) u8, gradients (N) {g, h} f32.
 */
export function histogram(rows: usize, count: i32, codes: usize, d: i32, gradients: usize, out: usize): void {
  const end = rows + (<usize>count << 2);
  while (rows < end) {
    const next = min(rows + (AHEAD << 2), end);
    touch(rows, next, codes, d, gradients);
    addRows(rows, next, codes, d, gradients, out);
    rows = next;
  }
}

/** Brings codes and gradients of the rows into the first-level cache. */
// @ts-ignore: decorator
@inline function touch(rows: usize, end: usize, codes: usize, d: i32, gradients: usize): void {
  let some: u32 = 0;
  for (; rows < end; rows += 4) {
    const row = load<u32>(rows);
    const at = codes + <usize>row * d;
    some |= load<u32>(gradients + (<usize>row << 3));
    for (let line = at; line < at + d; line += 64) some |= load<u8>(line);
    some |= load<u8>(at + d - 1);
  }
  store<u32>(TOUCHED, some);
}

/** Eight features at a time, whose histograms lie at constant distances, so that an update is six instructions. */
// @ts-ignore: decorator
@inline function addRows(rows: usize, end: usize, codes: usize, d: i32, gradients: usize, out: usize): void {
  const whole = <usize>(d & ~7);
  const rest = <usize>(d & 7);
  for (; rows < end; rows += 4) {
    const row = load<u32>(rows);
    const gradient = f64x2.promote_low_f32x4(v128.load64_zero(gradients + (<usize>row << 3)));
    let at = codes + <usize>row * d;
    let entry = out;
    for (const last = at + whole; at < last; at += 8, entry += 8 * FEATURE) {
      const p0 = entry + (<usize>load<u8>(at) << 4);
      v128.store(p0, f64x2.add(v128.load(p0), gradient));
      const p1 = entry + (<usize>load<u8>(at, 1) << 4);
      v128.store(p1, f64x2.add(v128.load(p1, 1 * FEATURE), gradient), 1 * FEATURE);
      const p2 = entry + (<usize>load<u8>(at, 2) << 4);
      v128.store(p2, f64x2.add(v128.load(p2, 2 * FEATURE), gradient), 2 * FEATURE);
      const p3 = entry + (<usize>load<u8>(at, 3) << 4);
      v128.store(p3, f64x2.add(v128.load(p3, 3 * FEATURE), gradient), 3 * FEATURE);
      const p4 = entry + (<usize>load<u8>(at, 4) << 4);
      v128.store(p4, f64x2.add(v128.load(p4, 4 * FEATURE), gradient), 4 * FEATURE);
      const p5 = entry + (<usize>load<u8>(at, 5) << 4);
      v128.store(p5, f64x2.add(v128.load(p5, 5 * FEATURE), gradient), 5 * FEATURE);
      const p6 = entry + (<usize>load<u8>(at, 6) << 4);
      v128.store(p6, f64x2.add(v128.load(p6, 6 * FEATURE), gradient), 6 * FEATURE);
      const p7 = entry + (<usize>load<u8>(at, 7) << 4);
      v128.store(p7, f64x2.add(v128.load(p7, 7 * FEATURE), gradient), 7 * FEATURE);
    }
    for (const last = at + rest; at < last; at++, entry += FEATURE) {
      const p = entry + (<usize>load<u8>(at) << 4);
      v128.store(p, f64x2.add(v128.load(p), gradient));
    }
  }
}

/** The sibling's histogram in place of the parent's: parent −= child, on the entries in use. */
export function subtractHistogram(parent: usize, child: usize, bins: usize, d: i32): void {
  for (let f = 0; f < d; f++) {
    const end = parent + ((<usize>load<i32>(bins) + 1) << 4);
    let from = child;
    for (let at = parent; at < end; at += 16) {
      v128.store(at, f64x2.sub(v128.load(at), v128.load(from)));
      from += 16;
    }
    parent += FEATURE;
    child += FEATURE;
    bins += 4;
  }
}
