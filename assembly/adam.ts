/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2) and an exponential moving average of the weights, in
 * one pass over a block of P parameters.
 */
import { madd } from "./lib/madd";

/** The constants of one step, splat; see `adamw`. */
const S = memory.data(8 * 4, 16);

/** The new weights of four parameters from their moments m and v. */
// @ts-ignore: decorator
@inline function update4(w: v128, m: v128, v: v128): v128 {
  const root = f32x4.mul(f32x4.sqrt(v), v128.load32_splat(S, 16));
  const step = f32x4.div(f32x4.mul(m, v128.load32_splat(S, 20)), f32x4.add(root, v128.load32_splat(S, 24)));
  return f32x4.sub(f32x4.mul(w, v128.load32_splat(S, 28)), step);
}

/** m (or v) = β·m + (1 − β)·g; `at` is the place of β and 1 − β in S. */
// @ts-ignore: decorator
@inline function blend4(m: v128, g: v128, at: usize): v128 {
  return madd(v128.load32_splat(S + at), m, f32x4.mul(v128.load32_splat(S + at, 4), g));
}

/**
 * All of (P): w, g, m, v, and ema or 0. For step t ≥ 1:
 * m = β₁m + (1 − β₁)g, v = β₂v + (1 − β₂)g², w = (1 − ηλ)w − η/(1 − β₁ᵗ)·m / (√v / √(1 − β₂ᵗ) + ε), ema += (1 − d)(w − ema).
 */
export function adamw(
  P: i32, w: usize, g: usize, m: usize, v: usize, ema: usize,
  eta: f64, beta1: f64, beta2: f64, epsilon: f64, lambda: f64, t: f64, d: f64,
): void {
  store<f32>(S, <f32>beta1);
  store<f32>(S, <f32>(1 - beta1), 4);
  store<f32>(S, <f32>beta2, 8);
  store<f32>(S, <f32>(1 - beta2), 12);
  store<f32>(S, <f32>(1 / sqrt(1 - Math.pow(beta2, t))), 16);
  store<f32>(S, <f32>(eta / (1 - Math.pow(beta1, t))), 20);
  store<f32>(S, <f32>epsilon, 24);
  store<f32>(S, <f32>(1 - eta * lambda), 28);
  const share = f32x4.splat(<f32>(1 - d));
  let i: usize = 0;
  for (const whole = <usize>(P & ~3) << 2; i < whole; i += 16) {
    const g4 = v128.load(g + i);
    const m4 = blend4(v128.load(m + i), g4, 0);
    const v4 = blend4(v128.load(v + i), f32x4.mul(g4, g4), 8);
    const w4 = update4(v128.load(w + i), m4, v4);
    v128.store(m + i, m4);
    v128.store(v + i, v4);
    v128.store(w + i, w4);
    if (ema != 0) {
      const e4 = v128.load(ema + i);
      v128.store(ema + i, madd(share, f32x4.sub(w4, e4), e4));
    }
  }
  for (const end = <usize>P << 2; i < end; i += 4) { // the last 1–3, in lane 0
    const g4 = v128.load32_zero(g + i);
    const m4 = blend4(v128.load32_zero(m + i), g4, 0);
    const v4 = blend4(v128.load32_zero(v + i), f32x4.mul(g4, g4), 8);
    const w4 = update4(v128.load32_zero(w + i), m4, v4);
    v128.store_lane<f32>(m + i, m4, 0);
    v128.store_lane<f32>(v + i, v4, 0);
    v128.store_lane<f32>(w + i, w4, 0);
    if (ema != 0) {
      const e4 = v128.load32_zero(ema + i);
      v128.store_lane<f32>(ema + i, madd(share, f32x4.sub(w4, e4), e4), 0);
    }
  }
}
