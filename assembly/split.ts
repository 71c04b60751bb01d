/**
 * The best split of a node by the second-order gain of Chen & Guestrin (2016, eq. 7), without the paper's ½:
 * gain = G_L²/(H_L + λ) + G_R²/(H_R + λ) − G²/(H + λ), with the L1 and step-size limits of the same system when they are set.
 * Missing values are tried on either side ("sparsity-aware split finding", algorithm 3).
 */
import { BINS } from "./bins";
import { gradientOf, hessianOf } from "./histogram";

/** What limits a split and scales a leaf; filled by the booster. Units: the scales of the fixed-point sums. */
@unmanaged
export class Penalty {
  lambda: f64;
  alpha: f64;
  maxDeltaStep: f64;
  minChildWeight: f64;
  gradientUnit: f64;
  hessianUnit: f64;
}

/** A split as far as it was found; gain ≤ 0 where there is none. */
@unmanaged
export class Split {
  gain: f64;
  left: i64; // packed sums of the left child, missing included where it goes left
  feature: i32;
  bin: i32; // the last bin that goes left, −1 where only missing does
  defaultLeft: bool;
}

/** Weight of a leaf with sums g and h: −T(g, α)/(h + λ), at most maxDeltaStep in size; 0 where h + λ is 0. */
export function leafWeight(g: f64, h: f64, lambda: f64, alpha: f64, maxDeltaStep: f64): f64 {
  const size = h + lambda;
  if (!(size > 0)) return 0;
  const w = -softThreshold(g, alpha) / size;
  return maxDeltaStep > 0 && abs(w) > maxDeltaStep ? copysign(maxDeltaStep, w) : w;
}

// @ts-ignore: decorator
@inline function softThreshold(g: f64, alpha: f64): f64 {
  return g > alpha ? g - alpha : g < -alpha ? g + alpha : 0;
}

/** How much a leaf with sums g and h lowers twice the loss. */
export function leafScore(g: f64, h: f64, lambda: f64, alpha: f64, maxDeltaStep: f64): f64 {
  const size = h + lambda;
  if (!(size > 0)) return 0;
  if (maxDeltaStep > 0) {
    const w = leafWeight(g, h, lambda, alpha, maxDeltaStep);
    return -(2 * g * w + size * w * w + 2 * alpha * abs(w));
  }
  const t = softThreshold(g, alpha);
  return t * t / size;
}

/** Gain of parting (gl, hl) from (gr, hr). */
export function splitGain(gl: f64, hl: f64, gr: f64, hr: f64, lambda: f64, alpha: f64, maxDeltaStep: f64): f64 {
  return leafScore(gl, hl, lambda, alpha, maxDeltaStep)
    + leafScore(gr, hr, lambda, alpha, maxDeltaStep)
    - leafScore(gl + gr, hl + hr, lambda, alpha, maxDeltaStep);
}

/**
 * Best split of a node over all features into `best`, first of equals: lower feature, then missing right before missing left.
 * histogram (D, BINS) i64, bins (D) i32, total = packed sums of the node.
 */
export function findSplit(histogram: usize, bins: usize, d: i32, total: i64, penalty: Penalty, best: Split): void {
  const parent = score(total, penalty);
  best.gain = 0;
  const plain = penalty.alpha == 0 && penalty.maxDeltaStep == 0;
  for (let f = 0; f < d; f++) {
    const count = load<i32>(bins + (<usize>f << 2));
    const missing = load<i64>(histogram + (<usize>count << 3));
    if (plain) {
      scanRight(histogram, missing == 0 ? count - 1 : count, f, total, parent, penalty, best);
    } else {
      scanAny(histogram, missing == 0 ? count - 1 : count, f, 0, total, parent, penalty, best);
    }
    if (missing != 0) scanLeft(histogram, count, f, missing, total, parent, penalty, best);
    histogram += <usize>BINS << 3;
  }
}

// @ts-ignore: decorator
@inline function score(sums: i64, penalty: Penalty): f64 {
  return leafScore(
    gradientOf(sums) * penalty.gradientUnit, hessianOf(sums) * penalty.hessianUnit, penalty.lambda, penalty.alpha, penalty.maxDeltaStep,
  );
}

/** Takes the split after bin b when it gains more. `left` = sums of what goes left. */
// @ts-ignore: decorator
@inline function consider(left: i64, f: i32, b: i32, defaultLeft: bool, total: i64, parent: f64, penalty: Penalty, best: Split): void {
  const right = total - left;
  const hl = hessianOf(left) * penalty.hessianUnit;
  const hr = hessianOf(right) * penalty.hessianUnit;
  if (hl <= 0 || hr <= 0 || hl < penalty.minChildWeight || hr < penalty.minChildWeight) return;
  const gain = score(left, penalty) + score(right, penalty) - parent;
  if (!(gain > best.gain)) return;
  best.gain = gain;
  best.left = left;
  best.feature = f;
  best.bin = b;
  best.defaultLeft = defaultLeft;
}

/** Splits after bins 0 … count − 1, missing right, from the left; any penalty. */
function scanAny(histogram: usize, count: i32, f: i32, left: i64, total: i64, parent: f64, penalty: Penalty, best: Split): void {
  for (let b = 0; b < count; b++) {
    const entry = load<i64>(histogram + (<usize>b << 3));
    if (entry == 0) continue;
    left += entry;
    consider(left, f, b, false, total, parent, penalty, best);
  }
}

/** Splits before bins count − 1 … 0, missing left, from the right. */
function scanLeft(histogram: usize, count: i32, f: i32, missing: i64, total: i64, parent: f64, penalty: Penalty, best: Split): void {
  let left = total;
  for (let b = count - 1; b >= 0; b--) {
    const entry = load<i64>(histogram + (<usize>b << 3));
    if (entry == 0) continue;
    left -= entry;
    consider(left, f, b - 1, true, total, parent, penalty, best);
  }
}

/** As {@link scanAny} without L1 and step limit, two bins at a time. */
function scanRight(histogram: usize, count: i32, f: i32, total: i64, parent: f64, penalty: Penalty, best: Split): void {
  const lambda = f64x2.splat(penalty.lambda);
  const least = f64x2.splat(max(penalty.minChildWeight, 1e-300)); // neither side empty
  const gu = f64x2.splat(penalty.gradientUnit);
  const hu = f64x2.splat(penalty.hessianUnit);
  const g = f64x2.splat(gradientOf(total) * penalty.gradientUnit);
  const h = f64x2.splat(hessianOf(total) * penalty.hessianUnit);
  let top = f64x2.splat(best.gain + parent);
  let place = i64x2.splat(-1);
  let here = i64x2(0, 1);
  const step = i64x2.splat(2);
  let left: i64 = 0;
  const even = count & ~1;
  for (let b = 0; b < even; b += 2) {
    const first = left + load<i64>(histogram + (<usize>b << 3));
    left = first + load<i64>(histogram + (<usize>b << 3), 8);
    const sums = i64x2.replace_lane(i64x2.splat(first), 1, left); // h, g, h, g
    const hl = f64x2.mul(f64x2.convert_low_i32x4_s(v128.shuffle<i32>(sums, sums, 0, 2, 0, 2)), hu);
    const gl = f64x2.mul(f64x2.convert_low_i32x4_s(v128.shuffle<i32>(sums, sums, 1, 3, 1, 3)), gu);
    const hr = f64x2.sub(h, hl);
    const gr = f64x2.sub(g, gl);
    const value = f64x2.add(
      f64x2.div(f64x2.mul(gl, gl), f64x2.add(hl, lambda)),
      f64x2.div(f64x2.mul(gr, gr), f64x2.add(hr, lambda)),
    );
    const better = v128.and(f64x2.gt(value, top), v128.and(f64x2.ge(hl, least), f64x2.ge(hr, least)));
    top = v128.bitselect(value, top, better);
    place = v128.bitselect(here, place, better);
    here = i64x2.add(here, step);
  }
  const b0 = i64x2.extract_lane(place, 0);
  const b1 = i64x2.extract_lane(place, 1);
  if (b0 >= 0 || b1 >= 0) {
    const s0 = f64x2.extract_lane(top, 0);
    const s1 = f64x2.extract_lane(top, 1);
    const b = b1 < 0 || (b0 >= 0 && (s0 > s1 || (s0 == s1 && b0 < b1))) ? <i32>b0 : <i32>b1;
    let sums: i64 = 0;
    for (let i = 0; i <= b; i++) sums += load<i64>(histogram + (<usize>i << 3));
    consider(sums, f, b, false, total, parent, penalty, best);
  }
  if (even < count) {
    left += load<i64>(histogram + (<usize>even << 3));
    consider(left, f, even, false, total, parent, penalty, best);
  }
}
