/**
 * The categories of a diffusion: multinomial kernels (Hoogeboom et al. 2021) and TabDDPM's loss (Kotelnikov et al. 2023, §3.2).
 *
 * q(x_t | x0) keeps x0 with probability ᾱ_t and else draws any of the K levels evenly. With α = ᾱ_t / ᾱ_s,
 *   q(x_s = k | x_t, p0) ∝ (α·[k = x_t] + (1 − α)/K) · (ᾱ_s·p0_k + (1 − ᾱ_s)/K),   and p0 itself for s < 0.
 * All is in probabilities, not logarithms: for s ≥ 0 no factor is below ((1 − ᾱ_s)/K)·((1 − α)/K), and p0 is a softmax.
 *
 * Dimensions as in diffusion.ts. Four rows are worked at once, one a lane; a last group of fewer repeats its last row.
 */
import { logOneHot, Process } from "./diffusion";
import { exp4 } from "./lib/exp";
import { log4 } from "./lib/log";
import { madd } from "./lib/madd";

const TINY = memory.data<f32>([1.17549435e-38]);

/** q(x_t = k | x0) of a level that is (or is not) x0. */
// @ts-ignore: decorator
@inline function forward(abar: f64, levels: u32, same: bool): f64 {
  return (same ? abar : 0.0) + (1.0 - abar) / <f64>levels;
}

/** q(x_t | x0) of each row; codes (B, C) u32, out (B, ΣK). */
export function multinomialForward(process: usize, t: i32, codes: usize, rows: u32, out: usize): void {
  const p = changetype<Process>(process);
  const abar = p.abar(t);
  let at = out;
  for (let i: u32 = 0; i < rows * p.columns; i++) {
    const k = p.level(i % p.columns);
    const code = load<u32>(codes + ((<usize>i) << 2));
    for (let j: u32 = 0; j < k; j++, at += 4) store<f32>(at, <f32>forward(abar, k, j == code));
  }
}

/** A draw from q(x_t | x0) by a 32-bit word: the lowest share of [0, 1) belongs to x0, the rest in equal parts to the others. */
// @ts-ignore: decorator
@inline function drawForward(abar: f64, levels: u32, x0: u32, word: u32): u32 {
  const beyond = <f64>word / 4294967296.0 - forward(abar, levels, true);
  if (beyond < 0) return x0;
  const other = <u32>min(beyond / forward(abar, levels, false), <f64>(levels - 2));
  return other < x0 ? other : other + 1;
}

/**
 * Noises the categories of batch rows. codes (N, C), index (B), times (B), noised (B, C) holds random words at first,
 * input (B, W) gets the log one-hot behind its numbers.
 */
export function multinomialNoise(process: usize, codes: usize, index: usize, times: usize, rows: u32, noised: usize, input: usize): void {
  const p = changetype<Process>(process);
  const rowBytes = (<usize>p.columns) << 2;
  for (let i: u32 = 0; i < rows; i++) {
    const abar = p.abar(load<u32>(times + ((<usize>i) << 2)));
    const source = codes + (<usize>load<u32>(index + ((<usize>i) << 2))) * rowBytes;
    const drawn = noised + (<usize>i) * rowBytes;
    for (let c: u32 = 0; c < p.columns; c++) {
      const at = (<usize>c) << 2;
      const k = p.level(c);
      store<u32>(drawn + at, k == 1 ? 0 : drawForward(abar, k, load<u32>(source + at), load<u32>(drawn + at)));
    }
    logOneHot(p, drawn, input + (((<usize>i) * <usize>p.width + <usize>p.numeric) << 2));
  }
}

/** Even draws of all categories; codes (B, C) holds random words at first. */
export function multinomialStart(process: usize, rows: u32, codes: usize): void {
  const p = changetype<Process>(process);
  for (let i: u32 = 0; i < rows * p.columns; i++) {
    const at = codes + ((<usize>i) << 2);
    const k = p.level(i % p.columns);
    store<u32>(at, k == 1 ? 0 : drawForward(0.0, k, 0, load<u32>(at)));
  }
}

// ---- posteriors: lanes of four rows ----

// Coefficients of the lanes at hand: keep·[k = x_t] + spread, and share·p0 + floor. Set by `setLane`.
const KEEP = memory.data(16, 16);
const SPREAD = memory.data(16, 16);
const SHARE = memory.data(16, 16);
const FLOOR = memory.data(16, 16);
const DIRECT = memory.data(16, 16); // all ones where s < 0: the posterior is p0

function setLane(p: Process, lane: usize, t: i32, s: i32, levels: u32): void {
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
@inline function gather(at: usize, stride: usize, last: u32): v128 {
  let v = v128.load32_splat(at);
  if (last > 0) v = v128.load32_lane(at + stride, v, 1);
  if (last > 1) v = v128.load32_lane(at + 2 * stride, v, 2);
  if (last > 2) v = v128.load32_lane(at + 3 * stride, v, 3);
  return v;
}

// @ts-ignore: decorator
@inline function scatter(at: usize, stride: usize, last: u32, v: v128): void {
  v128.store32_lane(at, v, 0);
  if (last > 0) v128.store32_lane(at + stride, v, 1);
  if (last > 1) v128.store32_lane(at + 2 * stride, v, 2);
  if (last > 2) v128.store32_lane(at + 3 * stride, v, 3);
}

const NORMALISER = memory.data(16, 16); // max + log Σ exp(logit − max) of the last softmax

/** p0 = softmax of four rows' logits; logits at rows `stride` bytes apart, p0 (K) v128. */
function softmaxLanes(logits: usize, stride: usize, last: u32, k: u32, p0: usize): void {
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
function posteriorLanes(k: u32, xt: v128, p0: usize, weights: usize): v128 {
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
function truePosteriorLanes(k: u32, xt: v128, x0: v128, weights: usize): v128 {
  let sum = f32x4.splat(0);
  for (let j: u32 = 0; j < k; j++) {
    const one = v128.and(v128.load(SHARE), i32x4.eq(x0, i32x4.splat(j)));
    const w = f32x4.mul(likelihood(j, xt), f32x4.add(one, v128.load(FLOOR)));
    v128.store(weights + ((<usize>j) << 4), w);
    sum = f32x4.add(sum, w);
  }
  return sum;
}

/**
 * Probabilities q(x_s | x_t, p0) with p0 the softmax of the network's logits, or the one-hot of `x0` where that is given.
 * output (B, W) or 0, x0 (B, C) or 0, xt (B, C), out (B, ΣK).
 */
export function multinomialPosterior(process: usize, t: i32, s: i32, output: usize, x0: usize, xt: usize, rows: u32, out: usize): void {
  const p = changetype<Process>(process);
  const codeStride = (<usize>p.columns) << 2;
  const outStride = (<usize>(p.width - p.numeric)) << 2;
  const stride = (<usize>p.width) << 2;
  for (let i: u32 = 0; i < rows; i += 4) {
    const last = min(rows - i, 4) - 1;
    let offset: usize = 0;
    for (let c: u32 = 0; c < p.columns; c++) {
      const k = p.level(c);
      const weights = p.scratch + ((<usize>k) << 4);
      const codeAt = (<usize>i) * codeStride + ((<usize>c) << 2);
      const codes = gather(xt + codeAt, codeStride, last);
      for (let lane: usize = 0; lane < 4; lane++) setLane(p, lane, t, s, k);
      let sum: v128;
      if (x0 != 0) {
        sum = truePosteriorLanes(k, codes, gather(x0 + codeAt, codeStride, last), weights);
      } else {
        softmaxLanes(output + (<usize>i) * stride + ((<usize>p.numeric) << 2) + offset, stride, last, k, p.scratch);
        sum = posteriorLanes(k, codes, p.scratch, weights);
      }
      for (let j: u32 = 0; j < k; j++) {
        const at = out + (<usize>i) * outStride + offset + ((<usize>j) << 2);
        scatter(at, outStride, last, f32x4.div(v128.load(weights + ((<usize>j) << 4)), sum));
      }
      offset += (<usize>k) << 2;
    }
  }
}

const UNIT = memory.data<f32>([1.1920928955078125e-7]); // 2⁻²³

/**
 * One reverse step of the categories: draws x_s from the posterior. output (B, W), codes (B, C) in place, words (B, C) random.
 * u has 23 bits, so that u·Σ stays below Σ in float32 and a level without weight is never drawn.
 */
export function multinomialStep(process: usize, t: i32, s: i32, output: usize, rows: u32, codes: usize, words: usize): void {
  const p = changetype<Process>(process);
  const codeStride = (<usize>p.columns) << 2;
  const stride = (<usize>p.width) << 2;
  for (let i: u32 = 0; i < rows; i += 4) {
    const last = min(rows - i, 4) - 1;
    let logits = output + (<usize>i) * stride + ((<usize>p.numeric) << 2);
    for (let c: u32 = 0; c < p.columns; c++) {
      const k = p.level(c);
      const weights = p.scratch + ((<usize>k) << 4);
      const codeAt = (<usize>i) * codeStride + ((<usize>c) << 2);
      for (let lane: usize = 0; lane < 4; lane++) setLane(p, lane, t, s, k);
      softmaxLanes(logits, stride, last, k, p.scratch);
      const sum = posteriorLanes(k, gather(codes + codeAt, codeStride, last), p.scratch, weights);
      const word = i32x4.shr_u(gather(words + codeAt, codeStride, last), 9);
      const level = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_u(word), v128.load32_splat(UNIT)), sum);
      let reached = f32x4.splat(0);
      let drawn = i32x4.splat(0);
      for (let j: u32 = 0; j + 1 < k; j++) {
        reached = f32x4.add(reached, v128.load(weights + ((<usize>j) << 4)));
        drawn = i32x4.sub(drawn, f32x4.le(reached, level)); // true is −1
      }
      scatter(codes + codeAt, codeStride, last, drawn);
      logits += (<usize>k) << 2;
    }
  }
}

// ---- loss ----

const CODES = memory.data(16, 16); // x0 of the lanes
const TERMS = memory.data(16, 16); // their losses

/**
 * Mean over rows of (T·L_t + KL(q(x_{T−1} | x0) ‖ even)) / C, L_t = KL(q(x_{t−1} | x_t, x0) ‖ q(x_{t−1} | x_t, p0)), and −log p0[x0]
 * at t = 0 (T is the inverse of the chance of each t). Returns it; writes d loss / d logits behind the numbers of dOutput.
 * output, dOutput (B, W); codes (N, C), index (B), noised (B, C), times (B).
 */
export function multinomialLoss(
  process: usize, output: usize, codes: usize, index: usize, noised: usize, times: usize, rows: u32, dOutput: usize,
): f64 {
  const p = changetype<Process>(process);
  if (p.columns == 0) return 0;
  const stride = (<usize>p.width) << 2;
  const scale = <f64>p.steps / (<f64>p.columns * <f64>rows);
  const steps = <f64>p.steps;
  let total = 0.0;
  for (let i: u32 = 0; i < rows; i += 4) {
    const last = min(rows - i, 4) - 1;
    let offset = (<usize>i) * stride + ((<usize>p.numeric) << 2);
    for (let c: u32 = 0; c < p.columns; c++) {
      const k = p.level(c);
      for (let lane: u32 = 0; lane < 4; lane++) {
        const row = <usize>(i + min(lane, last)) << 2;
        const t = <i32>load<u32>(times + row);
        setLane(p, lane, t, t - 1, k);
        store<u32>(CODES + ((<usize>lane) << 2), load<u32>(codes + (((<usize>load<u32>(index + row)) * p.columns + c) << 2)));
      }
      const xt = gather(noised + (((<usize>i) * p.columns + c) << 2), (<usize>p.columns) << 2, last);
      const terms = columnLoss(p, k, output + offset, dOutput + offset, stride, last, v128.load(CODES), xt, <f32>scale);
      for (let lane: u32 = 0; lane <= last; lane++) total += steps * <f64>load<f32>(terms + ((<usize>lane) << 2));
      offset += (<usize>k) << 2;
    }
  }
  return total / (<f64>p.columns * <f64>rows) + multinomialPrior(process);
}

/** KL(q(x_{T−1} | x0) ‖ even): nothing to learn, but part of the bound. */
function priorLoss(p: Process, k: u32): f64 {
  const abar = p.abar(p.steps - 1);
  // Σ q·log(q·K) with q·K = 1 + ᾱ(K − 1) once and 1 − ᾱ for the other K − 1 levels
  const own = abar * <f64>(k - 1);
  return (1.0 + own) * Math.log1p(own) / <f64>k + (1.0 - abar) * Math.log1p(-abar) * <f64>(k - 1) / <f64>k;
}

/** The same, mean over the columns. */
export function multinomialPrior(process: usize): f64 {
  const p = changetype<Process>(process);
  let total = 0.0;
  for (let c: u32 = 0; c < p.columns; c++) total += priorLoss(p, p.level(c));
  return p.columns == 0 ? 0 : total / <f64>p.columns;
}

/**
 * KL(q ‖ w/Z) of four rows of one column into TERMS, and its gradient times `scale`. With w_k = u_k·(a·p_k + b), m_k = w_k/Z and
 * r_k = a·p_k / (a·p_k + b):  d KL / d logit_k = r_k·(m_k − q_k) − p_k·Σ_j r_j·(m_j − q_j).  For s < 0: r = 1, m = p, the sum 0.
 */
function columnLoss(
  p: Process, k: u32, logits: usize, dLogits: usize, stride: usize, last: u32, x0: v128, xt: v128, scale: f32,
): usize {
  const p0 = p.scratch; // (K) v128
  const model = p0 + ((<usize>k) << 4); // (K)
  const truth = model + ((<usize>k) << 4); // (K)
  softmaxLanes(logits, stride, last, k, p0);
  const modelSum = posteriorLanes(k, xt, p0, model);
  const truthSum = truePosteriorLanes(k, xt, x0, truth);
  const tiny = v128.load32_splat(TINY);
  const logModelSum = log4(modelSum);
  const direct = v128.load(DIRECT);
  const normaliser = v128.load(NORMALISER);
  let loss = f32x4.splat(0);
  let inner = f32x4.splat(0);
  for (let j: u32 = 0; j < k; j++) {
    const at = (<usize>j) << 4;
    const w = v128.load(model + at);
    const q = f32x4.div(v128.load(truth + at), truthSum);
    const logit = gather(logits + ((<usize>j) << 2), stride, last);
    const logM = v128.bitselect(f32x4.sub(logit, normaliser), f32x4.sub(log4(w), logModelSum), direct);
    loss = madd(q, f32x4.sub(log4(f32x4.max(q, tiny)), logM), loss);
    const signal = f32x4.mul(v128.load(SHARE), v128.load(p0 + at));
    const r = f32x4.div(f32x4.add(signal, tiny), f32x4.add(f32x4.add(signal, v128.load(FLOOR)), tiny));
    const g = f32x4.mul(r, f32x4.sub(f32x4.div(w, modelSum), q));
    v128.store(model + at, g);
    inner = f32x4.add(inner, g);
  }
  for (let j: u32 = 0; j < k; j++) {
    const at = (<usize>j) << 4;
    const d = f32x4.sub(v128.load(model + at), f32x4.mul(v128.load(p0 + at), inner));
    scatter(dLogits + ((<usize>j) << 2), stride, last, f32x4.mul(d, f32x4.splat(scale)));
  }
  v128.store(TERMS, loss);
  return TERMS;
}
