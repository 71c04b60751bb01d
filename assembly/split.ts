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
  // The node: its sums and what they score.
  g: f64;
  h: f64;
  parent: f64;
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
  best.gain = 0;
  best.parent = score(g, h, penalty);
  best.g = g;
  best.h = h;
  const plain = penalty.alpha == 0 && penalty.maxDeltaStep == 0;
  for (let f = 0; f < d; f++) {
    const count = load<i32>(bins + (<usize>f << 2));
    const missing = histogram + (<usize>count << 4);
    const complete = load<f64>(missing) == 0 && load<f64>(missing, 8) == 0;
    const last = complete ? count - 1 : count; // with missing on the right, all values may go left
    if (plain) scanPlain(histogram, last, f, false, penalty, best);
    else scanAny(histogram, last, f, false, penalty, best);
    if (!complete) {
      if (plain) scanPlain(missing - 16, count, f, true, penalty, best);
      else scanAny(missing - 16, count, f, true, penalty, best);
    }
    histogram += FEATURE;
  }
}

// @ts-ignore: decorator
@inline function score(g: f64, h: f64, penalty: Penalty): f64 {
  return leafScore(g, h, penalty.lambda, penalty.alpha, penalty.maxDeltaStep);
}

/**
 * Takes the split where it gains more. (gn, hn) = sums of the near child, without missing: the left one when bins are added from
 * the left, the right one when `fromRight`. k = bins added less one.
 */
function consider(gn: f64, hn: f64, f: i32, k: i32, count: i32, fromRight: bool, penalty: Penalty, best: Split): void {
  const gf = best.g - gn;
  const hf = best.h - hn;
  if (hn <= 0 || hf <= 0 || hn < penalty.minChildWeight || hf < penalty.minChildWeight) return;
  const gain = score(gn, hn, penalty) + score(gf, hf, penalty) - best.parent;
  if (!(gain > best.gain)) return;
  best.gain = gain;
  best.leftG = fromRight ? gf : gn;
  best.leftH = fromRight ? hf : hn;
  best.feature = f;
  best.bin = fromRight ? count - 2 - k : k;
  best.defaultLeft = fromRight;
}

/**
 * Splits by one feature, bins added one by one to the near child: `first` is the first bin's entry, missing stays with the far
 * child. Any penalty.
 */
function scanAny(first: usize, count: i32, f: i32, fromRight: bool, penalty: Penalty, best: Split): void {
  const step: usize = fromRight ? <usize>-16 : 16;
  let g: f64 = 0;
  let h: f64 = 0;
  let entry = first;
  for (let k = 0; k < count; k++) {
    if (load<f64>(entry) != 0 || load<f64>(entry, 8) != 0) {
      g += load<f64>(entry);
      h += load<f64>(entry, 8);
      consider(g, h, f, k, count, fromRight, penalty, best);
    }
    entry += step;
  }
}

/** As {@link scanAny} without L1 and step limit, two bins at a time. */
function scanPlain(first: usize, count: i32, f: i32, fromRight: bool, penalty: Penalty, best: Split): void {
  const step: usize = fromRight ? <usize>-16 : 16;
  const lambda = f64x2.splat(penalty.lambda);
  const least = f64x2.splat(max(penalty.minChildWeight, 1e-300)); // neither side empty
  const g = f64x2.splat(best.g);
  const h = f64x2.splat(best.h);
  let top = f64x2.splat(best.gain + best.parent);
  let place = i64x2.splat(-1);
  let here = i64x2(0, 1);
  const two = i64x2.splat(2);
  let sums = f64x2.splat(0); // g, h of the near child
  let entry = first;
  const even = count & ~1;
  for (let k = 0; k < even; k += 2) {
    const one = f64x2.add(sums, v128.load(entry));
    sums = f64x2.add(one, v128.load(entry + step));
    entry += 2 * step;
    const gn = v128.shuffle<f64>(one, sums, 0, 2);
    const hn = v128.shuffle<f64>(one, sums, 1, 3);
    const gf = f64x2.sub(g, gn);
    const hf = f64x2.sub(h, hn);
    const value = f64x2.add(
      f64x2.div(f64x2.mul(gn, gn), f64x2.add(hn, lambda)),
      f64x2.div(f64x2.mul(gf, gf), f64x2.add(hf, lambda)),
    );
    const better = v128.and(f64x2.gt(value, top), v128.and(f64x2.ge(hn, least), f64x2.ge(hf, least)));
    top = v128.bitselect(value, top, better);
    place = v128.bitselect(here, place, better);
    here = i64x2.add(here, two);
  }
  const k0 = <i32>i64x2.extract_lane(place, 0);
  const k1 = <i32>i64x2.extract_lane(place, 1);
  if (k0 >= 0 || k1 >= 0) {
    const s0 = f64x2.extract_lane(top, 0);
    const s1 = f64x2.extract_lane(top, 1);
    const k = k1 < 0 || (k0 >= 0 && (s0 > s1 || (s0 == s1 && k0 < k1))) ? k0 : k1;
    let near = f64x2.splat(0);
    let at = first;
    for (let i = 0; i <= k; i++) {
      near = f64x2.add(near, v128.load(at));
      at += step;
    }
    consider(f64x2.extract_lane(near, 0), f64x2.extract_lane(near, 1), f, k, count, fromRight, penalty, best);
  }
  if (even < count) {
    sums = f64x2.add(sums, v128.load(entry));
    consider(f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1), f, even, count, fromRight, penalty, best);
  }
}
