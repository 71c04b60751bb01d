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

const LANES = memory.data(16, 16);

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

/** Probabilities of four rows from their margins; `rows` of them exist. */
// @ts-ignore: decorator
@inline function fourChances(margins: usize, rows: i32): v128 {
  const one = f32x4.splat(1);
  let margin: v128;
  if (rows >= 4) {
    margin = v128.load(margins);
  } else {
    for (let k = 0; k < rows; k++) store<f32>(LANES + (<usize>k << 2), load<f32>(margins + (<usize>k << 2)));
    margin = v128.load(LANES);
  }
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(margin))));
}

/**
 * out (N) {g, h} f32 = w (p − y), w p (1 − p) at the margins, rounded so that their sums are exact (see histogram.ts).
 * margins (N) f32, y (N) u8, weights (N) f32 or 0. A row takes part when its word of `words` (N) u32 is below `share`·2³²; words 0 =
 * all rows do.
 */
export function logisticGradients(
  margins: usize, y: usize, weights: usize, n: i32, positiveWeight: f32, words: usize, share: f64, out: usize,
): void {
  const below = <u64>(share * 4294967296.0);
  let sumG: f64 = 0;
  let sumH: f64 = 0;
  for (let i = 0; i < n; i += 4) {
    v128.store(LANES, fourChances(margins + (<usize>i << 2), n - i));
    for (let k = 0; k < min(4, n - i); k++) {
      const row = <usize>(i + k);
      const p = load<f32>(LANES + (<usize>k << 2));
      const positive = load<u8>(y + row) != 0;
      let w: f32 = weights ? load<f32>(weights + (row << 2)) : 1;
      if (positive) w *= positiveWeight;
      if (words && <u64>load<u32>(words + (row << 2)) >= below) w = 0;
      const g = (positive ? p - 1 : p) * w;
      const h = max(p * (1 - p), LEAST_HESSIAN) * w;
      store<f32>(out + (row << 3), g);
      store<f32>(out + (row << 3), h, 4);
      sumG += <f64>abs(g);
      sumH += <f64>h;
    }
  }
  roundExactly(out, n, sumG, sumH);
}

/**
 * As {@link logisticGradients} for half the squared error: out (N) {g, h} f32 = w (p − y), w at the predictions. targets (N) f32; a row
 * whose target is NaN takes no part.
 */
export function squaredGradients(
  margins: usize, targets: usize, weights: usize, n: i32, words: usize, share: f64, out: usize,
): void {
  const below = <u64>(share * 4294967296.0);
  let sumG: f64 = 0;
  let sumH: f64 = 0;
  for (let row: usize = 0; row < <usize>n; row++) {
    const miss = load<f32>(margins + (row << 2)) - load<f32>(targets + (row << 2));
    const takesPart = miss == miss && (words == 0 || <u64>load<u32>(words + (row << 2)) < below);
    const h: f32 = !takesPart ? 0 : weights ? load<f32>(weights + (row << 2)) : 1;
    const g: f32 = takesPart ? miss * h : 0;
    store<f32>(out + (row << 3), g);
    store<f32>(out + (row << 3), h, 4);
    sumG += <f64>abs(g);
    sumH += <f64>h;
  }
  roundExactly(out, n, sumG, sumH);
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

/** Rounds {g, h} (N) f32 to multiples of units so small that sums of them are exact; sumG = Σ|g|, sumH = Σh. */
function roundExactly(out: usize, n: i32, sumG: f64, sumH: f64): void {
  const gradientUnit = exactUnit(sumG);
  const hessianUnit = exactUnit(sumH);
  for (let at = out, end = out + (<usize>n << 3); at < end; at += 8) {
    store<f32>(at, <f32>(nearest(<f64>load<f32>(at) / gradientUnit) * gradientUnit)); // exact: a power of two
    store<f32>(at, <f32>(nearest(<f64>load<f32>(at, 4) / hessianUnit) * hessianUnit), 4);
  }
}
