/**
 * Gradient histograms whose sums are exact: every gradient g and hessian h is a float32 rounded to a multiple of a power of two
 * so small that Σ|g| and Σh stay below 2⁵² of it. Sums of such numbers in float64 have no rounding, so they do not depend on
 * the order of the rows, and a sibling's histogram is the parent's minus the other child's without cancellation. What rounding
 * to the multiple costs a row is at most Σ|g| / 2⁵².
 *
 * Dimensions: N rows, D features (their codes padded to a multiple of 4 a row), BINS entries {g, h} f64 a feature,
 * FEATURE bytes apart.
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

// @ts-ignore: decorator
@inline function add(entry: usize, gradient: v128): void {
  v128.store(entry, f64x2.add(v128.load(entry), gradient));
}

/**
 * Adds `count` rows to a histogram (⌈D/4⌉·4, BINS) {g, h} f64. rows (count) u32, codes (N, stride) u8 with zeros in the padding,
 * gradients (N) {g, h} f32. Four features a load.
 */
export function histogram(rows: usize, count: i32, codes: usize, stride: i32, gradients: usize, out: usize): void {
  const end = rows + (<usize>count << 2);
  while (rows < end) {
    const row = load<u32>(rows);
    const gradient = f64x2.promote_low_f32x4(v128.load64_zero(gradients + (<usize>row << 3)));
    let at = codes + <usize>row * stride;
    const last = at + stride;
    let entry = out;
    while (at < last) {
      const four = load<u32>(at);
      add(entry + ((four & 255) << 4), gradient);
      add(entry + FEATURE + (((four >> 8) & 255) << 4), gradient);
      add(entry + 2 * FEATURE + (((four >> 16) & 255) << 4), gradient);
      add(entry + 3 * FEATURE + ((four >> 24) << 4), gradient);
      entry += 4 * FEATURE;
      at += 4;
    }
    rows += 4;
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
