/**
 * The categories of a diffusion: multinomial kernels (Hoogeboom et al. 2021) and TabDDPM's loss (Kotelnikov et al. 2023, §3.2).
 *
 * q(x_t | x0) keeps x0 with probability ᾱ_t and else draws any of the K levels evenly. With α = ᾱ_t / ᾱ_s,
 *   q(x_s = k | x_t, p0) ∝ (α·[k = x_t] + (1 − α)/K) · (ᾱ_s·p0_k + (1 − ᾱ_s)/K),   and p0 itself for s < 0.
 * All is in probabilities, not logarithms: for s ≥ 0 no factor is below ((1 − ᾱ_s)/K)·((1 − α)/K), and p0 is a softmax.
 *
 * Dimensions as in diffusion.ts. Four rows are worked at once (multinomial-lanes.ts); the loss is in multinomial-loss.ts.
 */
import { logOneHot, Process } from "./diffusion";
import { gather, posteriorLanes, scatter, setLane, softmaxLanes, truePosteriorLanes } from "./multinomial-lanes";

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

/**
 * Probabilities q(x_s | x_t, p0) with p0 the softmax of the network's logits, or the one-hot of `x0` where that is given.
 * output (B, W) or 0, x0 (B, C) or 0, xt (B, C), out (B, ΣK).
 */
export function multinomialPosterior(process: usize, t: i32, s: i32, output: usize, x0: usize, xt: usize, rows: u32, out: usize): void {
  const p = changetype<Process>(process);
  const codeStride = (<usize>p.columns) << 2;
  const outStride = (<usize>(p.width - p.numeric)) << 2;
  const stride = (<usize>p.width) << 2;
  let logits = output + ((<usize>p.numeric) << 2);
  for (let c: u32 = 0; c < p.columns; c++) {
    const k = p.level(c);
    const weights = p.scratch + ((<usize>k) << 4);
    for (let lane: usize = 0; lane < 4; lane++) setLane(p, lane, t, s, k);
    for (let i: u32 = 0; i < rows; i += 4) {
      const last = min(rows - i, 4) - 1;
      const codeAt = (<usize>i) * codeStride + ((<usize>c) << 2);
      const codes = gather(xt + codeAt, codeStride, last);
      let sum: v128;
      if (x0 != 0) sum = truePosteriorLanes(k, codes, gather(x0 + codeAt, codeStride, last), weights);
      else {
        softmaxLanes(logits + (<usize>i) * stride, stride, last, k, p.scratch);
        sum = posteriorLanes(k, codes, p.scratch, weights);
      }
      for (let j: u32 = 0; j < k; j++) {
        const at = out + (<usize>i) * outStride + ((<usize>j) << 2);
        scatter(at, outStride, last, f32x4.div(v128.load(weights + ((<usize>j) << 4)), sum));
      }
    }
    logits += (<usize>k) << 2;
    out += (<usize>k) << 2;
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
  let logits = output + ((<usize>p.numeric) << 2);
  for (let c: u32 = 0; c < p.columns; c++) {
    const k = p.level(c);
    const weights = p.scratch + ((<usize>k) << 4);
    for (let lane: usize = 0; lane < 4; lane++) setLane(p, lane, t, s, k);
    for (let i: u32 = 0; i < rows; i += 4) {
      const last = min(rows - i, 4) - 1;
      const codeAt = (<usize>i) * codeStride + ((<usize>c) << 2);
      softmaxLanes(logits + (<usize>i) * stride, stride, last, k, p.scratch);
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
    }
    logits += (<usize>k) << 2;
  }
}
