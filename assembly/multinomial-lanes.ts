/**
 * Softmax and posteriors of one category column for four rows at once, one a lane; a last group of fewer rows repeats its last one.
 * Formulas and dimensions as in multinomial.ts.
 */
import { Process } from "./diffusion";
import { exp4 } from "./lib/exp";
import { log4 } from "./lib/log";
import { madd } from "./lib/madd";

// Coefficients of the lanes at hand: keep·[k = x_t] + spread, and share·p0 + floor. Set by `setLane`.
const KEEP = memory.data(16, 16);
const SPREAD = memory.data(16, 16);
export const SHARE = memory.data(16, 16);
export const FLOOR = memory.data(16, 16);
export const DIRECT = memory.data(16, 16); // all ones where s < 0: the posterior is p0

export function setLane(p: Process, lane: usize, t: i32, s: i32, levels: u32): void {
  const at = lane << 2;
  const abarS = p.abar(s);
  const alpha = p.abar(t) / abarS;
  store<f32>(KEEP + at, s < 0 ? 0 : <f32>alpha);
  store<f32>(SPREAD + at, s < 0 ? 1 : <f32>((1.0 - alpha) / <f64>levels));
  store<f32>(SHARE + at, <f32>abarS);
  store<f32>(FLOOR + at, <f32>((1.0 - abarS) / <f64>levels));
  store<i32>(DIRECT + at, s < 0 ? -1 : 0);
}

/** One word of four rows; rows are `stride` bytes apart, lanes beyond `last` repeat it. */
// @ts-ignore: decorator
@inline export function gather(at: usize, stride: usize, last: u32): v128 {
  let v = v128.load32_splat(at);
  if (last > 0) v = v128.load32_lane(at + stride, v, 1);
  if (last > 1) v = v128.load32_lane(at + 2 * stride, v, 2);
  if (last > 2) v = v128.load32_lane(at + 3 * stride, v, 3);
  return v;
}

// @ts-ignore: decorator
@inline export function scatter(at: usize, stride: usize, last: u32, v: v128): void {
  v128.store32_lane(at, v, 0);
  if (last > 0) v128.store32_lane(at + stride, v, 1);
  if (last > 1) v128.store32_lane(at + 2 * stride, v, 2);
  if (last > 2) v128.store32_lane(at + 3 * stride, v, 3);
}

export const NORMALISER = memory.data(16, 16); // max + log Σ exp(logit − max) of the last softmax

/** p0 = softmax of four rows' logits; logits at rows `stride` bytes apart, p0 (K) v128. */
export function softmaxLanes(logits: usize, stride: usize, last: u32, k: u32, p0: usize): void {
  let top = gather(logits, stride, last);
  v128.store(p0, top);
  for (let j: u32 = 1; j < k; j++) {
    const l = gather(logits + ((<usize>j) << 2), stride, last);
    v128.store(p0 + ((<usize>j) << 4), l);
    top = f32x4.max(top, l);
  }
  let sum = f32x4.splat(0);
  for (let j: u32 = 0; j < k; j++) {
    const at = p0 + ((<usize>j) << 4);
    const e = exp4(f32x4.sub(v128.load(at), top));
    v128.store(at, e);
    sum = f32x4.add(sum, e);
  }
  v128.store(NORMALISER, f32x4.add(top, log4(sum)));
  const scale = f32x4.div(f32x4.splat(1), sum);
  for (let j: u32 = 0; j < k; j++) {
    const at = p0 + ((<usize>j) << 4);
    v128.store(at, f32x4.mul(v128.load(at), scale));
  }
}

/** keep·[j = x_t] + spread. */
// @ts-ignore: decorator
@inline function likelihood(j: u32, xt: v128): v128 {
  return f32x4.add(v128.load(SPREAD), v128.and(v128.load(KEEP), i32x4.eq(xt, i32x4.splat(j))));
}

/** weights (K) v128 of q(x_s | x_t, p0), not normalised; returns their sum. p0 (K) v128. */
// @ts-ignore: decorator
@inline export function posteriorLanes(k: u32, xt: v128, p0: usize, weights: usize): v128 {
  let sum = f32x4.splat(0);
  for (let j: u32 = 0; j < k; j++) {
    const at = (<usize>j) << 4;
    const w = f32x4.mul(likelihood(j, xt), madd(v128.load(SHARE), v128.load(p0 + at), v128.load(FLOOR)));
    v128.store(weights + at, w);
    sum = f32x4.add(sum, w);
  }
  return sum;
}

/** The same of a known x0: its one-hot in place of p0. */
// @ts-ignore: decorator
@inline export function truePosteriorLanes(k: u32, xt: v128, x0: v128, weights: usize): v128 {
  let sum = f32x4.splat(0);
  for (let j: u32 = 0; j < k; j++) {
    const one = v128.and(v128.load(SHARE), i32x4.eq(x0, i32x4.splat(j)));
    const w = f32x4.mul(likelihood(j, xt), f32x4.add(one, v128.load(FLOOR)));
    v128.store(weights + ((<usize>j) << 4), w);
    sum = f32x4.add(sum, w);
  }
  return sum;
}
