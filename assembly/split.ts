/**
 * The best split of a node by the second-order gain of Chen & Guestrin (2016, eq. 7), without the paper's ½:
 * gain = G_L²/(H_L + λ) + G_R²/(H_R + λ) − G²/(H + λ), with the L1 and step-size limits of the same system when they are set.
 * Missing values are tried on either side ("sparsity-aware split finding", algorithm 3).
 */
import { FEATURE } from "./histogram";

/** What limits a split and shrinks a leaf. */
@unmanaged
export class Penalty {
  lambda: f64;
  alpha: f64;
  maxDeltaStep: f64;
  minChildWeight: f64;
}

/** A split as far as it was found; gain ≤ 0 where there is none. */
@unmanaged
export class Split {
  gain: f64;
  leftG: f64; // sums of the left child, missing included where it goes left
  leftH: f64;
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
 * histogram (D, BINS) {g, h} f64, bins (D) i32, (g, h) = sums of the node.
 */
export function findSplit(histogram: usize, bins: usize, d: i32, g: f64, h: f64, penalty: Penalty, best: Split): void {
  const parent = score(g, h, penalty);
  best.gain = 0;
  const plain = penalty.alpha == 0 && penalty.maxDeltaStep == 0;
  for (let f = 0; f < d; f++) {
    const count = load<i32>(bins + (<usize>f << 2));
    const missing = histogram + (<usize>count << 4);
    const complete = load<f64>(missing) == 0 && load<f64>(missing, 8) == 0;
    const last = complete ? count - 1 : count; // with missing on the right, all values may go left
    if (plain) scanPlain(histogram, last, f, g, h, parent, penalty, best);
    else scanRight(histogram, last, f, g, h, parent, penalty, best);
    if (!complete) scanLeft(histogram, count, f, g, h, parent, penalty, best);
    histogram += FEATURE;
  }
}

// @ts-ignore: decorator
@inline function score(g: f64, h: f64, penalty: Penalty): f64 {
  return leafScore(g, h, penalty.lambda, penalty.alpha, penalty.maxDeltaStep);
}

/** Takes the split after bin b when it gains more. (gl, hl) = sums of what goes left. */
function consider(gl: f64, hl: f64, f: i32, b: i32, defaultLeft: bool, g: f64, h: f64, parent: f64, penalty: Penalty, best: Split): void {
  const hr = h - hl;
  if (hl <= 0 || hr <= 0 || hl < penalty.minChildWeight || hr < penalty.minChildWeight) return;
  const gain = score(gl, hl, penalty) + score(g - gl, hr, penalty) - parent;
  if (!(gain > best.gain)) return;
  best.gain = gain;
  best.leftG = gl;
  best.leftH = hl;
  best.feature = f;
  best.bin = b;
  best.defaultLeft = defaultLeft;
}

/** Splits after bins 0 … count − 1, missing right, from the left; any penalty. */
function scanRight(histogram: usize, count: i32, f: i32, g: f64, h: f64, parent: f64, penalty: Penalty, best: Split): void {
  let gl: f64 = 0;
  let hl: f64 = 0;
  for (let b = 0; b < count; b++) {
    const entry = histogram + (<usize>b << 4);
    if (load<f64>(entry) == 0 && load<f64>(entry, 8) == 0) continue;
    gl += load<f64>(entry);
    hl += load<f64>(entry, 8);
    consider(gl, hl, f, b, false, g, h, parent, penalty, best);
  }
}

/** Splits before bins count − 1 … 0, missing left, from the right. */
function scanLeft(histogram: usize, count: i32, f: i32, g: f64, h: f64, parent: f64, penalty: Penalty, best: Split): void {
  let gl = g;
  let hl = h;
  for (let b = count - 1; b >= 0; b--) {
    const entry = histogram + (<usize>b << 4);
    if (load<f64>(entry) == 0 && load<f64>(entry, 8) == 0) continue;
    gl -= load<f64>(entry);
    hl -= load<f64>(entry, 8);
    consider(gl, hl, f, b - 1, true, g, h, parent, penalty, best);
  }
}

/** As {@link scanRight} without L1 and step limit, two bins at a time. */
function scanPlain(histogram: usize, count: i32, f: i32, g: f64, h: f64, parent: f64, penalty: Penalty, best: Split): void {
  const lambda = f64x2.splat(penalty.lambda);
  const least = f64x2.splat(max(penalty.minChildWeight, 1e-300)); // neither side empty
  const g2 = f64x2.splat(g);
  const h2 = f64x2.splat(h);
  let top = f64x2.splat(best.gain + parent);
  let place = i64x2.splat(-1);
  let here = i64x2(0, 1);
  const step = i64x2.splat(2);
  let sums = f64x2.splat(0); // g, h of what goes left
  const even = count & ~1;
  for (let b = 0; b < even; b += 2) {
    const entry = histogram + (<usize>b << 4);
    const first = f64x2.add(sums, v128.load(entry));
    sums = f64x2.add(first, v128.load(entry, 16));
    const gl = v128.shuffle<f64>(first, sums, 0, 2);
    const hl = v128.shuffle<f64>(first, sums, 1, 3);
    const gr = f64x2.sub(g2, gl);
    const hr = f64x2.sub(h2, hl);
    const value = f64x2.add(
      f64x2.div(f64x2.mul(gl, gl), f64x2.add(hl, lambda)),
      f64x2.div(f64x2.mul(gr, gr), f64x2.add(hr, lambda)),
    );
    const better = v128.and(f64x2.gt(value, top), v128.and(f64x2.ge(hl, least), f64x2.ge(hr, least)));
    top = v128.bitselect(value, top, better);
    place = v128.bitselect(here, place, better);
    here = i64x2.add(here, step);
  }
  const b0 = <i32>i64x2.extract_lane(place, 0);
  const b1 = <i32>i64x2.extract_lane(place, 1);
  if (b0 >= 0 || b1 >= 0) {
    const s0 = f64x2.extract_lane(top, 0);
    const s1 = f64x2.extract_lane(top, 1);
    const b = b1 < 0 || (b0 >= 0 && (s0 > s1 || (s0 == s1 && b0 < b1))) ? b0 : b1;
    let left = f64x2.splat(0);
    for (let i = 0; i <= b; i++) left = f64x2.add(left, v128.load(histogram + (<usize>i << 4)));
    consider(f64x2.extract_lane(left, 0), f64x2.extract_lane(left, 1), f, b, false, g, h, parent, penalty, best);
  }
  if (even < count) {
    sums = f64x2.add(sums, v128.load(histogram + (<usize>even << 4)));
    consider(f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1), f, even, false, g, h, parent, penalty, best);
  }
}
