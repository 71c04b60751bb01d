/**
 * The numbers of a diffusion: noising and loss, and reverse steps (Ho et al. 2020, DDPM; Song et al. 2021, DDIM; Lu et al. 2022,
 * DPM-Solver++). Dimensions as in diffusion.ts.
 */
import { PREDICT_EPSILON, PREDICT_V, Process } from "./diffusion";
import { madd } from "./lib/madd";
import { sum4 } from "./lib/reduce";

// @ts-ignore: decorator
@inline const SAMPLER_DDPM: u32 = 0;
// @ts-ignore: decorator
@inline const SAMPLER_DPM: u32 = 2;

/**
 * x_t = √ᾱ·x0 + √(1 − ᾱ)·ε into `input`, and the target: v = √ᾱ·ε − √(1 − ᾱ)·x0 (Salimans & Ho 2022), ε, or x0.
 * x0 (N, F), index (B) rows of x0, times (B), target (B, F) holds ε at first, input (B, W).
 */
export function gaussianNoise(process: usize, x0: usize, index: usize, times: usize, rows: u32, target: usize, input: usize): void {
  const p = changetype<Process>(process);
  const f = p.numeric;
  const bytes = (<usize>f) << 2;
  for (let i: u32 = 0; i < rows; i++) {
    const abar = p.abar(load<u32>(times + ((<usize>i) << 2)));
    const signal = <f32>Math.sqrt(abar);
    const noise = <f32>Math.sqrt(1.0 - abar);
    // target = a·ε + b·x0
    const a: f32 = p.prediction == PREDICT_V ? signal : p.prediction == PREDICT_EPSILON ? 1 : 0;
    const b: f32 = p.prediction == PREDICT_V ? -noise : p.prediction == PREDICT_EPSILON ? 0 : 1;
    const source = x0 + (<usize>load<u32>(index + ((<usize>i) << 2))) * bytes;
    const goal = target + (<usize>i) * bytes;
    const noised = input + (((<usize>i) * <usize>p.width) << 2);
    let j: usize = 0;
    for (const end = bytes & ~15; j < end; j += 16) {
      const x = v128.load(source + j);
      const e = v128.load(goal + j);
      v128.store(noised + j, madd(f32x4.splat(signal), x, f32x4.mul(f32x4.splat(noise), e)));
      v128.store(goal + j, madd(f32x4.splat(a), e, f32x4.mul(f32x4.splat(b), x)));
    }
    for (; j < bytes; j += 4) {
      const x = load<f32>(source + j);
      const e = load<f32>(goal + j);
      store<f32>(noised + j, signal * x + noise * e);
      store<f32>(goal + j, a * e + b * x);
    }
  }
}

/** Mean of (output − target)² over the numbers, and its gradient; output, dOutput (B, W), target (B, F). */
export function gaussianLoss(process: usize, output: usize, target: usize, rows: u32, dOutput: usize): f64 {
  const p = changetype<Process>(process);
  const f = <usize>p.numeric;
  if (f == 0) return 0;
  const slope = <f32>(2.0 / (<f64>rows * <f64>f));
  let total = 0.0;
  for (let i: usize = 0; i < <usize>rows; i++) {
    const out = output + ((i * <usize>p.width) << 2);
    const dOut = dOutput + ((i * <usize>p.width) << 2);
    const goal = target + ((i * f) << 2);
    let sum = f32x4.splat(0);
    let j: usize = 0;
    for (const end = (f << 2) & ~15; j < end; j += 16) {
      const d = f32x4.sub(v128.load(out + j), v128.load(goal + j));
      v128.store(dOut + j, f32x4.mul(d, f32x4.splat(slope)));
      sum = madd(d, d, sum);
    }
    total += <f64>sum4(sum);
    for (; j < f << 2; j += 4) {
      const d = load<f32>(out + j) - load<f32>(goal + j);
      store<f32>(dOut + j, d * slope);
      total += <f64>(d * d);
    }
  }
  return total / (<f64>rows * <f64>f);
}

/**
 * A reverse step is linear: x̂0 = toX0·x + toX0Output·output, bounded by the clip, then
 * x_s = fromX0·x̂0 + fromX·x + sigma·z + fromBefore·(x̂0 − x̂0 of the step before).
 * Writes these six, (toX0, toX0Output, fromX0, fromX, sigma, fromBefore), to out (6) f64. `before` is the t of the step before for the
 * dpm++ sampler, at most t on the first step.
 */
export function gaussianCoefficients(process: usize, sampler: u32, t: i32, s: i32, eta: f64, before: i32, out: usize): void {
  const p = changetype<Process>(process);
  const abarT = p.abar(t);
  const abarS = p.abar(s);
  const signal = Math.sqrt(abarT);
  const noise = Math.sqrt(1.0 - abarT);
  if (p.prediction == PREDICT_V) {
    store<f64>(out, signal);
    store<f64>(out, -noise, 8);
  } else if (p.prediction == PREDICT_EPSILON) {
    store<f64>(out, 1.0 / signal);
    store<f64>(out, -noise / signal, 8);
  } else {
    store<f64>(out, 0.0);
    store<f64>(out, 1.0, 8);
  }
  store<f64>(out, 0.0, 40);
  if (sampler == SAMPLER_DPM) {
    // Lu et al. 2022 (DPM-Solver++), algorithm 2: with λ = log(√ᾱ / √(1 − ᾱ)) and h = λ_s − λ_t,
    // x_s = (σ_s/σ_t)·x + √ᾱ_s·(1 − e^−h)·(x̂0 + (x̂0 − x̂0 before)·h / 2 h_before); the first and the last step are of first order.
    const left = s < 0 ? 0.0 : Math.sqrt(1.0 - abarS) / noise;
    const fromX0 = Math.sqrt(abarS) - left * signal; // e^−h = (σ_s/√ᾱ_s)/(σ_t/√ᾱ_t)
    store<f64>(out, fromX0, 16);
    store<f64>(out, left, 24);
    store<f64>(out, 0.0, 32);
    if (before > t && s >= 0) {
      const h = logSignalToNoise(abarS) - logSignalToNoise(abarT);
      const hBefore = logSignalToNoise(abarT) - logSignalToNoise(p.abar(before));
      store<f64>(out, (fromX0 * h) / (2.0 * hBefore), 40);
    }
  } else if (sampler == SAMPLER_DDPM) {
    // Ho et al. 2020, eq. 7: mean and variance β̃ of q(x_s | x_t, x0), for s < t − 1 with the β = 1 − ᾱ_t / ᾱ_s of all steps between
    // (Nichol & Dhariwal 2021, §4). β̃ is too narrow where x0 is not yet known: eta leads to β, right for standard normal data, in
    // logarithms (there, eq. 15). The last step adds no noise.
    const beta = s == t - 1 ? load<f64>(p.beta + ((<usize>t) << 3)) : 1.0 - abarT / abarS;
    const posterior = (beta * (1.0 - abarS)) / (1.0 - abarT);
    store<f64>(out, (beta * Math.sqrt(abarS)) / (1.0 - abarT), 16);
    store<f64>(out, ((1.0 - abarS) * Math.sqrt(1.0 - beta)) / (1.0 - abarT), 24);
    store<f64>(out, s < 0 ? 0.0 : Math.sqrt(posterior * (eta == 0 ? 1.0 : Math.pow(beta / posterior, eta))), 32);
  } else {
    // Song et al. 2021, eq. 12 and 16, with ε̂ = (x − √ᾱ_t·x̂0) / √(1 − ᾱ_t) put in
    const sigma = eta * Math.sqrt((1.0 - abarS) / (1.0 - abarT)) * Math.sqrt(1.0 - abarT / abarS);
    const towards = Math.sqrt(max(0.0, 1.0 - abarS - sigma * sigma)) / noise;
    store<f64>(out, Math.sqrt(abarS) - towards * signal, 16);
    store<f64>(out, towards, 24);
    store<f64>(out, sigma, 32);
  }
}

/** λ = log(√ᾱ / √(1 − ᾱ)). */
function logSignalToNoise(abar: f64): f64 {
  return 0.5 * (Math.log(abar) - Math.log(1.0 - abar));
}

const COEFFICIENTS = memory.data(48, 16);

/**
 * One reverse step of the numbers. output (B, W), x (B, F) in place, z (B, F) standard normal (unread where sigma is 0). For the dpm++
 * sampler x0Before (B, F) holds x̂0 of the step at `before`, unread on the first step, and receives this one's; else it is 0.
 */
export function gaussianStep(
  process: usize, sampler: u32, t: i32, s: i32, eta: f64, before: i32, output: usize, rows: u32, x: usize, z: usize, x0Before: usize,
): void {
  const p = changetype<Process>(process);
  gaussianCoefficients(process, sampler, t, s, eta, before, COEFFICIENTS);
  const toX0 = <f32>load<f64>(COEFFICIENTS);
  const toX0Output = <f32>load<f64>(COEFFICIENTS, 8);
  const fromX0 = <f32>load<f64>(COEFFICIENTS, 16);
  const fromX = <f32>load<f64>(COEFFICIENTS, 24);
  const sigma = <f32>load<f64>(COEFFICIENTS, 32);
  const fromBefore = <f32>load<f64>(COEFFICIENTS, 40);
  const bytes = (<usize>p.numeric) << 2;
  for (let i: u32 = 0; i < rows; i++) {
    const row = x + (<usize>i) * bytes;
    const noise = z + (<usize>i) * bytes;
    const last = x0Before + (<usize>i) * bytes;
    const out = output + (((<usize>i) * <usize>p.width) << 2);
    let j: usize = 0;
    for (const end = bytes & ~15; j < end; j += 16) {
      const value = v128.load(row + j);
      let x0 = madd(f32x4.splat(toX0), value, f32x4.mul(f32x4.splat(toX0Output), v128.load(out + j)));
      x0 = f32x4.max(f32x4.min(x0, f32x4.splat(p.clip)), f32x4.splat(-p.clip)); // NaN stays NaN
      let next = madd(f32x4.splat(fromX0), x0, f32x4.mul(f32x4.splat(fromX), value));
      if (sigma != 0) next = madd(f32x4.splat(sigma), v128.load(noise + j), next);
      if (fromBefore != 0) next = madd(f32x4.splat(fromBefore), f32x4.sub(x0, v128.load(last + j)), next);
      if (x0Before != 0) v128.store(last + j, x0);
      v128.store(row + j, next);
    }
    for (; j < bytes; j += 4) {
      const value = load<f32>(row + j);
      const x0 = max(min(toX0 * value + toX0Output * load<f32>(out + j), p.clip), -p.clip);
      let next = fromX0 * x0 + fromX * value;
      if (sigma != 0) next = sigma * load<f32>(noise + j) + next;
      if (fromBefore != 0) next = fromBefore * (x0 - load<f32>(last + j)) + next;
      if (x0Before != 0) store<f32>(last + j, x0);
      store<f32>(row + j, next);
    }
  }
}
