/**
 * Gradients of the logistic loss and the squared error, and the margin where boosting starts.
 *
 * Dimensions: N rows.
 */
import { exactUnit } from "./histogram";
import { exp4 } from "./lib/exp";
import { log } from "./special";

/** Smallest hessian of a row, so that a sure row still has some weight. */
const LEAST_HESSIAN: f32 = 1e-16;

const TAIL = memory.data(96, 16); // margins, weights, words, labels and {g, h} of the last rows, where they are fewer than four

/**
 * The margin where boosting starts; y (N) u8, weights (N) f32 or 0. It is the log-odds of the weighted share P / (P + Q) of
 * positives; with a weight on positives the first Newton step from 0 instead, 2 (P − Q) / (P + Q), as xgboost 3 has it.
 */
export function baseMargin(y: usize, weights: usize, n: i32, positiveWeight: f64): f64 {
  let p: f64 = 0;
  let q: f64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const w = weights ? <f64>load<f32>(weights + (i << 2)) : 1;
    if (load<u8>(y + i)) p += w * positiveWeight;
    else q += w;
  }
  return positiveWeight == 1 ? log(p / q) : 2 * (p - q) / (p + q);
}

/** The weighted mean of the targets (N) f32, where regression starts; NaN is skipped, 0 where there is none. */
export function meanTarget(targets: usize, weights: usize, n: i32): f64 {
  let sum: f64 = 0;
  let size: f64 = 0;
  for (let row: usize = 0; row < <usize>n; row++) {
    const y = <f64>load<f32>(targets + (row << 2));
    if (y != y) continue;
    const w = weights ? <f64>load<f32>(weights + (row << 2)) : 1;
    sum += w * y;
    size += w;
  }
  return size > 0 ? sum / size : 0;
}

/** out (4) {g, h} f32 of four rows; see {@link logisticGradients}. Pointers are those of the rows, 0 where there is none. */
// @ts-ignore: decorator
@inline function fourGradients(margins: usize, y: usize, weights: usize, positiveWeight: v128, words: usize, below: v128, out: usize): void {
  const one = f32x4.splat(1);
  const p = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(v128.load(margins)))));
  const labels = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(y)));
  const positive = i32x4.ne(labels, i32x4.splat(0));
  let w = weights ? v128.load(weights) : one;
  w = v128.bitselect(f32x4.mul(w, positiveWeight), w, positive);
  if (words) w = v128.and(w, i32x4.lt_u(v128.load(words), below));
  const g = f32x4.mul(f32x4.sub(p, v128.and(positive, one)), w);
  const h = f32x4.mul(f32x4.max(f32x4.mul(p, f32x4.sub(one, p)), f32x4.splat(LEAST_HESSIAN)), w);
  v128.store(out, v128.shuffle<f32>(g, h, 0, 4, 1, 5));
  v128.store(out, v128.shuffle<f32>(g, h, 2, 6, 3, 7), 16);
}

/**
 * out (N) {g, h} f32 = w (p − y), w p (1 − p) at the margins, rounded so that their sums are exact (see histogram.ts); the sums go to
 * sums {g, h} f64. margins (N) f32, y (N) u8, weights (N) f32 or 0. A row takes part when its word of `words` (N) u32 is below
 * `share`·2³²; words 0 = all rows do.
 */
export function logisticGradients(
  margins: usize, y: usize, weights: usize, n: i32, positiveWeight: f32, words: usize, share: f64, out: usize, sums: usize,
): void {
  const below = i32x4.splat(<u32>(share * 4294967296.0)); // share < 1 where there are words
  const positive = f32x4.splat(positiveWeight);
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = <usize>i << 2;
    fourGradients(margins + at, y + i, weights ? weights + at : 0, positive, words ? words + at : 0, below, out + 2 * at);
  }
  if (whole < n) {
    const at = <usize>whole << 2;
    const rest = <usize>(n - whole);
    memory.fill(TAIL, 0, 96);
    memory.copy(TAIL, margins + at, rest << 2);
    if (weights) memory.copy(TAIL + 16, weights + at, rest << 2);
    if (words) memory.copy(TAIL + 32, words + at, rest << 2);
    memory.copy(TAIL + 48, y + whole, rest);
    fourGradients(TAIL, TAIL + 48, weights ? TAIL + 16 : 0, positive, words ? TAIL + 32 : 0, below, TAIL + 64);
    memory.copy(out + 2 * at, TAIL + 64, rest << 3);
  }
  roundExactly(out, n, sums);
}

/**
 * As {@link logisticGradients} for half the squared error: out (N) {g, h} f32 = w (p − y), w at the predictions. targets (N) f32; a row
 * whose target is NaN takes no part.
 */
export function squaredGradients(
  margins: usize, targets: usize, weights: usize, n: i32, words: usize, share: f64, out: usize, sums: usize,
): void {
  const below = <u64>(share * 4294967296.0);
  for (let row: usize = 0; row < <usize>n; row++) {
    const miss = load<f32>(margins + (row << 2)) - load<f32>(targets + (row << 2));
    const takesPart = miss == miss && (words == 0 || <u64>load<u32>(words + (row << 2)) < below);
    const h: f32 = !takesPart ? 0 : weights ? load<f32>(weights + (row << 2)) : 1;
    const g: f32 = takesPart ? miss * h : 0;
    store<f32>(out + (row << 3), g);
    store<f32>(out + (row << 3), h, 4);
  }
  roundExactly(out, n, sums);
}

/** Weighted mean of (p − y)² over the rows that have a target; 0 where none has. Buffers as for {@link squaredGradients}. */
export function squaredError(margins: usize, targets: usize, weights: usize, n: i32): f64 {
  let sum: f64 = 0;
  let size: f64 = 0;
  for (let row: usize = 0; row < <usize>n; row++) {
    const miss = <f64>load<f32>(margins + (row << 2)) - <f64>load<f32>(targets + (row << 2));
    if (miss != miss) continue;
    const w = weights ? <f64>load<f32>(weights + (row << 2)) : 1;
    sum += w * miss * miss;
    size += w;
  }
  return size > 0 ? sum / size : 0;
}

/** Rounds {g, h} (N) f32 to multiples of units so small that sums of them are exact, and sums them: sums {Σg, Σh} f64. */
function roundExactly(out: usize, n: i32, sums: usize): void {
  const end = out + (<usize>n << 3);
  let sizes = f64x2.splat(0); // Σ|g|, Σh
  for (let at = out; at < end; at += 8) sizes = f64x2.add(sizes, f64x2.abs(pair(at)));
  const gradientUnit = exactUnit(f64x2.extract_lane(sizes, 0));
  const hessianUnit = exactUnit(f64x2.extract_lane(sizes, 1));
  const unit = f64x2(gradientUnit, hessianUnit);
  const inverse = f64x2.div(f64x2.splat(1), unit); // exact, as all products here: powers of two
  let total = f64x2.splat(0);
  for (let at = out; at < end; at += 8) {
    const rounded = f64x2.mul(f64x2.nearest(f64x2.mul(pair(at), inverse)), unit);
    total = f64x2.add(total, rounded);
    v128.store64_lane(at, f32x4.demote_f64x2_zero(rounded), 0);
  }
  v128.store(sums, total);
}

// @ts-ignore: decorator
@inline function pair(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}
