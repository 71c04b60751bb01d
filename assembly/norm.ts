/**
 * Batch normalisation (Ioffe & Szegedy 2015, algorithms 1 and 2). Dimensions: B batch rows, O columns.
 * x̂ = (x − mean) / √(variance + ε), y = γ·x̂ + β; the variance of a batch has divisor B. Sums are taken in float64, four columns at once; the
 * last O mod 4 columns go one by one through lane 0, so that they round alike.
 */
import { madd } from "./lib/madd";

// @ts-ignore: decorator
@inline const EPSILON: f64 = 1e-5;

/** Means, then variances, of four columns, f64. */
const SUMS = memory.data(2 * 4 * 8, 16);
/** 1 / deviation of four columns, f32. */
const SCALES = memory.data(16, 16);

/** Four columns from `at`, or one of them in lane 0. */
// @ts-ignore: decorator
@inline function read4(at: usize, whole: bool): v128 {
  return whole ? v128.load(at) : v128.load32_zero(at);
}

// @ts-ignore: decorator
@inline function write4(at: usize, value: v128, whole: bool): void {
  if (whole) v128.store(at, value);
  else v128.store_lane<f32>(at, value, 0);
}

// @ts-ignore: decorator
@inline function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

// @ts-ignore: decorator
@inline function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

/** Four float64 numbers as float32. */
// @ts-ignore: decorator
@inline function narrow(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5);
}

/** running += share·(value − running). */
// @ts-ignore: decorator
@inline function follow(running: usize, value: f64, share: f64): void {
  const old = <f64>load<f32>(running);
  store<f32>(running, <f32>(old + share * (value - old)));
}

/** Means (SUMS 0–3) and variances (SUMS 4–7) of columns of x (B rows, `stride` bytes apart). */
// @ts-ignore: decorator
@inline function moments(B: i32, x: usize, stride: usize, whole: bool): void {
  const end = x + <usize>B * stride;
  const n = f64x2.splat(<f64>B);
  let s0 = f64x2.splat(0), s1 = s0;
  for (let p = x; p < end; p += stride) {
    const v = read4(p, whole);
    s0 = f64x2.add(s0, low(v));
    s1 = f64x2.add(s1, high(v));
  }
  const m0 = f64x2.div(s0, n), m1 = f64x2.div(s1, n);
  s0 = f64x2.splat(0);
  s1 = s0;
  for (let p = x; p < end; p += stride) {
    const v = read4(p, whole);
    const d0 = f64x2.sub(low(v), m0), d1 = f64x2.sub(high(v), m1);
    s0 = f64x2.add(s0, f64x2.mul(d0, d0));
    s1 = f64x2.add(s1, f64x2.mul(d1, d1));
  }
  v128.store(SUMS, m0);
  v128.store(SUMS, m1, 16);
  v128.store(SUMS, f64x2.div(s0, n), 32);
  v128.store(SUMS, f64x2.div(s1, n), 48);
}

/** Normalises the columns at byte j of each row; the rest as in `batchNorm`. */
// @ts-ignore: decorator
@inline function normalise(
  B: i32, stride: usize, j: usize, x: usize, gamma: usize, beta: usize, y: usize, xhat: usize, inverse: usize,
  runningMean: usize, runningVariance: usize, share: f64, whole: bool,
): void {
  moments(B, x + j, stride, whole);
  const unbiased = B > 1 ? <f64>B / <f64>(B - 1) : 1;
  for (let k: usize = 0, columns: usize = whole ? 4 : 1; k < columns; k++) {
    const mean = load<f64>(SUMS + (k << 3)), variance = load<f64>(SUMS + (k << 3), 32);
    store<f32>(SCALES + (k << 2), <f32>(1 / Math.sqrt(variance + EPSILON)));
    follow(runningMean + j + (k << 2), mean, share);
    follow(runningVariance + j + (k << 2), variance * unbiased, share);
  }
  const m0 = v128.load(SUMS), m1 = v128.load(SUMS, 16), scale = v128.load(SCALES);
  write4(inverse + j, scale, whole);
  const g = read4(gamma + j, whole), b = read4(beta + j, whole);
  for (let at = j, end = <usize>B * stride; at < end; at += stride) {
    const v = read4(x + at, whole);
    const h = f32x4.mul(narrow(f64x2.sub(low(v), m0), f64x2.sub(high(v), m1)), scale);
    write4(xhat + at, h, whole);
    write4(y + at, madd(g, h, b), whole);
  }
}

/**
 * y (B, O) of x (B, O) by the batch's own moments; xhat (B, O) and inverse (O) = 1 / √(variance + ε) are kept for the way back. The
 * running mean and variance (O) follow by `share`; the running variance is the unbiased one, where B > 1. y may be x.
 */
export function batchNorm(
  B: i32, O: i32, x: usize, gamma: usize, beta: usize, y: usize, xhat: usize, inverse: usize, runningMean: usize, runningVariance: usize,
  share: f64,
): void {
  const stride = <usize>O << 2;
  let j: usize = 0;
  for (; j + 16 <= stride; j += 16) normalise(B, stride, j, x, gamma, beta, y, xhat, inverse, runningMean, runningVariance, share, true);
  for (; j < stride; j += 4) normalise(B, stride, j, x, gamma, beta, y, xhat, inverse, runningMean, runningVariance, share, false);
}

/** The way back for the columns at byte j of each row; the rest as in `batchNormBackward`. */
// @ts-ignore: decorator
@inline function backward(
  B: i32, stride: usize, j: usize, dy: usize, xhat: usize, gamma: usize, inverse: usize, dx: usize, dgamma: usize, dbeta: usize, whole: bool,
): void {
  const end = <usize>B * stride;
  let b0 = f64x2.splat(0), b1 = b0, g0 = b0, g1 = b0;
  for (let at = j; at < end; at += stride) {
    const d = read4(dy + at, whole), h = read4(xhat + at, whole);
    const d0 = low(d), d1 = high(d);
    b0 = f64x2.add(b0, d0);
    b1 = f64x2.add(b1, d1);
    g0 = f64x2.add(g0, f64x2.mul(d0, low(h)));
    g1 = f64x2.add(g1, f64x2.mul(d1, high(h)));
  }
  const rows = f64x2.splat(<f64>B);
  write4(dbeta + j, narrow(b0, b1), whole);
  write4(dgamma + j, narrow(g0, g1), whole);
  const meanB = narrow(f64x2.div(b0, rows), f64x2.div(b1, rows)), meanG = narrow(f64x2.div(g0, rows), f64x2.div(g1, rows));
  const factor = f32x4.mul(read4(gamma + j, whole), read4(inverse + j, whole));
  for (let at = j; at < end; at += stride) {
    const rest = f32x4.sub(f32x4.sub(read4(dy + at, whole), meanB), f32x4.mul(read4(xhat + at, whole), meanG));
    write4(dx + at, f32x4.mul(factor, rest), whole);
  }
}

/**
 * From dy (B, O): dβ (O) = Σ dy, dγ (O) = Σ dy·x̂, dx (B, O) = γ·inverse·(dy − (dβ + x̂·dγ) / B). dx may be dy.
 */
export function batchNormBackward(
  B: i32, O: i32, dy: usize, xhat: usize, gamma: usize, inverse: usize, dx: usize, dgamma: usize, dbeta: usize,
): void {
  const stride = <usize>O << 2;
  let j: usize = 0;
  for (; j + 16 <= stride; j += 16) backward(B, stride, j, dy, xhat, gamma, inverse, dx, dgamma, dbeta, true);
  for (; j < stride; j += 4) backward(B, stride, j, dy, xhat, gamma, inverse, dx, dgamma, dbeta, false);
}

/** y (B, O) of x (B, O) by the running moments. y may be x. */
export function batchNormEval(
  B: i32, O: i32, x: usize, gamma: usize, beta: usize, runningMean: usize, runningVariance: usize, y: usize,
): void {
  const stride = <usize>O << 2, end = <usize>B * stride;
  for (let j: usize = 0; j < stride; j += 4) {
    const scale = <f64>load<f32>(gamma + j) / Math.sqrt(<f64>load<f32>(runningVariance + j) + EPSILON);
    const shift = <f64>load<f32>(beta + j) - scale * <f64>load<f32>(runningMean + j);
    for (let at = j; at < end; at += stride) store<f32>(y + at, <f32>(scale * <f64>load<f32>(x + at) + shift));
  }
}
