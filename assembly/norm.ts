/**
 * Batch normalisation (Ioffe & Szegedy 2015, algorithms 1 and 2). Dimensions: B batch rows, O columns.
 * x̂ = (x − mean) / √(variance + ε), y = γ·x̂ + β; the variance of a batch has divisor B. Sums are taken in float64.
 */

// @ts-ignore: decorator
@inline const EPSILON: f64 = 1e-5;

/** Mean and variance of column j of x (B, O). */
let mean: f64 = 0;
let variance: f64 = 0;
function moments(B: i32, O: i32, x: usize): void {
  const stride = <usize>O << 2, end = x + <usize>B * stride;
  let sum: f64 = 0;
  for (let p = x; p < end; p += stride) sum += <f64>load<f32>(p);
  mean = sum / <f64>B;
  let squares: f64 = 0;
  for (let p = x; p < end; p += stride) {
    const d = <f64>load<f32>(p) - mean;
    squares += d * d;
  }
  variance = squares / <f64>B;
}

/** running += share·(value − running). */
// @ts-ignore: decorator
@inline function follow(running: usize, value: f64, share: f64): void {
  const old = <f64>load<f32>(running);
  store<f32>(running, <f32>(old + share * (value - old)));
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
  for (let j: usize = 0; j < stride; j += 4) {
    moments(B, O, x + j);
    const scale = <f32>(1 / Math.sqrt(variance + EPSILON)), centre = mean;
    store<f32>(inverse + j, scale);
    follow(runningMean + j, mean, share);
    follow(runningVariance + j, B > 1 ? (variance * <f64>B) / <f64>(B - 1) : variance, share);
    const g = load<f32>(gamma + j), b = load<f32>(beta + j);
    for (let at = j, end = <usize>B * stride; at < end; at += stride) {
      const h = <f32>(<f64>load<f32>(x + at) - centre) * scale;
      store<f32>(xhat + at, h);
      store<f32>(y + at, g * h + b);
    }
  }
}

/**
 * From dy (B, O): dβ (O) = Σ dy, dγ (O) = Σ dy·x̂, dx (B, O) = γ·inverse·(dy − (dβ + x̂·dγ) / B). dx may be dy.
 */
export function batchNormBackward(
  B: i32, O: i32, dy: usize, xhat: usize, gamma: usize, inverse: usize, dx: usize, dgamma: usize, dbeta: usize,
): void {
  const stride = <usize>O << 2, end = <usize>B * stride;
  for (let j: usize = 0; j < stride; j += 4) {
    let db: f64 = 0, dg: f64 = 0;
    for (let at = j; at < end; at += stride) {
      const d = <f64>load<f32>(dy + at);
      db += d;
      dg += d * <f64>load<f32>(xhat + at);
    }
    store<f32>(dbeta + j, <f32>db);
    store<f32>(dgamma + j, <f32>dg);
    const factor = load<f32>(gamma + j) * load<f32>(inverse + j);
    const meanB = <f32>(db / <f64>B), meanG = <f32>(dg / <f64>B);
    for (let at = j; at < end; at += stride) {
      store<f32>(dx + at, factor * (load<f32>(dy + at) - meanB - load<f32>(xhat + at) * meanG));
    }
  }
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
