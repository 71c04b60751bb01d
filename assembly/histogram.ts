/**
 * Gradient histograms in fixed point: a row's gradient g and hessian h are 32-bit integers of a unit that is a power of two,
 * packed as g·2³² + h, so that one 64-bit addition adds both. Integer sums are exact: they do not depend on the order of the
 * rows, and a sibling's histogram is the parent's minus the other child's without cancellation. The units are chosen so that
 * Σ|g| and Σh stay below 2³⁰; rounding a row to them costs at most Σ|g| / 2³⁰.
 *
 * Dimensions: N rows, D features (their codes padded to a multiple of 4 a row), BINS entries a feature.
 */
import { BINS } from "./bins";

const FEATURE: usize = <usize>BINS * 8; // bytes of one feature's histogram

/** Largest power of two with `sum`·scale < 2³⁰. */
export function fixedScale(sum: f64): f64 {
  if (!(sum >= 1e-290)) return 1;
  const exponent = <i64>(reinterpret<u64>(sum) >> 52) - 1023; // 2^e ≤ sum < 2^(e+1)
  return reinterpret<f64>(<u64>(1023 + 29 - exponent) << 52);
}

// @ts-ignore: decorator
@inline export function packGradient(g: f64, h: f64): i64 {
  return (<i64>nearest(g) << 32) + <i64>nearest(h); // h ≥ 0, so that it never borrows from g
}

// @ts-ignore: decorator
@inline export function gradientOf(packed: i64): f64 {
  return <f64>(packed >> 32);
}

// @ts-ignore: decorator
@inline export function hessianOf(packed: i64): f64 {
  return <f64>(packed & 0xffffffff);
}

/** Zeroes the entries in use: bins (D) i32 value bins and the missing one of each feature; histogram (D, BINS) i64. */
export function clearHistogram(histogram: usize, bins: usize, d: i32): void {
  for (let f = 0; f < d; f++) {
    memory.fill(histogram, 0, (<usize>load<i32>(bins) + 1) << 3);
    histogram += FEATURE;
    bins += 4;
  }
}

/**
 * Adds `count` rows to a histogram (⌈D/4⌉·4, BINS) i64. rows (count) u32, codes (N, stride) u8 with zeros in the padding,
 * gradients (N) i64. Four features a load.
 */
export function histogram(rows: usize, count: i32, codes: usize, stride: i32, gradients: usize, out: usize): void {
  const end = rows + (<usize>count << 2);
  while (rows < end) {
    const row = load<u32>(rows);
    const gradient = load<i64>(gradients + (<usize>row << 3));
    let at = codes + <usize>row * stride;
    const last = at + stride;
    let entry = out;
    while (at < last) {
      const four = load<u32>(at);
      let p = entry + ((four & 255) << 3);
      store<i64>(p, load<i64>(p) + gradient);
      p = entry + (((four >> 8) & 255) << 3);
      store<i64>(p, load<i64>(p, FEATURE) + gradient, FEATURE);
      p = entry + (((four >> 16) & 255) << 3);
      store<i64>(p, load<i64>(p, 2 * FEATURE) + gradient, 2 * FEATURE);
      p = entry + ((four >> 24) << 3);
      store<i64>(p, load<i64>(p, 3 * FEATURE) + gradient, 3 * FEATURE);
      entry += 4 * FEATURE;
      at += 4;
    }
    rows += 4;
  }
}

/** The sibling's histogram in place of the parent's: parent −= child, on the entries in use. */
export function subtractHistogram(parent: usize, child: usize, bins: usize, d: i32): void {
  for (let f = 0; f < d; f++) {
    const used = load<i32>(bins) + 1;
    let b = 0;
    for (; b + 2 <= used; b += 2) {
      const at = <usize>b << 3;
      v128.store(parent + at, i64x2.sub(v128.load(parent + at), v128.load(child + at)));
    }
    if (b < used) {
      const at = <usize>b << 3;
      store<i64>(parent + at, load<i64>(parent + at) - load<i64>(child + at));
    }
    parent += FEATURE;
    child += FEATURE;
    bins += 4;
  }
}
