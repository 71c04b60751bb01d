/**
 * Output heads of a network that makes mixed rows: a number through tanh, or a category through softmax over its span of columns.
 * CTGAN and TVAE (Xu, Skoularidou, Cuesta-Infante & Veeramachaneni 2019) end in them.
 *
 * Dimensions: B batch rows, W columns, H heads; heads (H, 3) u32: kind, first column, width K (1 for tanh).
 */
import { tanh4 } from "./activation";
import { exp4 } from "./lib/exp";
import { log4 } from "./lib/log";
import { expRow, rowMax, scaleRow } from "./loss";

/** Codes shared with ts/backend/wasm-generative.ts. */
// @ts-ignore: decorator
@inline const HEAD_TANH: u32 = 0;

// @ts-ignore: decorator
@inline function kindOf(head: usize): u32 {
  return load<u32>(head);
}

/** Byte offset of a head's first column in a row. */
// @ts-ignore: decorator
@inline function placeOf(head: usize): usize {
  return <usize>load<u32>(head, 4) << 2;
}

// @ts-ignore: decorator
@inline function widthOf(head: usize): i32 {
  return load<u32>(head, 8);
}

// @ts-ignore: decorator
@inline function tanh(x: f32): f32 {
  return f32x4.extract_lane(tanh4(f32x4.splat(x)), 0);
}

// @ts-ignore: decorator
@inline function logOf(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}

/** Uniform numbers in [0, 1) become Gumbel noise −ln(−ln u), with u kept 2⁻²⁵ from the ends. */
export function gumbelEach(n: i32, u: usize): void {
  const end = u + (<usize>n << 2), whole = u + (<usize>(n & ~3) << 2);
  for (; u < whole; u += 16) v128.store(u, gumbel4(v128.load(u)));
  for (; u < end; u += 4) v128.store_lane<f32>(u, gumbel4(v128.load32_splat(u)), 0);
}

// @ts-ignore: decorator
@inline function gumbel4(u: v128): v128 {
  const inside = f32x4.min(f32x4.max(u, f32x4.splat(2.9802322387695312e-8)), f32x4.splat(0.99999994));
  return f32x4.neg(log4(f32x4.neg(log4(inside))));
}

/**
 * out (B, W): tanh(x), or the Gumbel-softmax softmax((x + noise) / τ) (Jang, Gu & Poole 2017) of x (B, W), noise (B, W); noise 0
 * stands for none. The noise of tanh columns is not read. out may be x.
 */
export function headsForward(B: i32, W: i32, H: i32, heads: usize, x: usize, noise: usize, tau: f32, out: usize): void {
  const row = <usize>W << 2, last = heads + <usize>H * 12;
  const sharper: f32 = 1 / tau;
  for (let i = 0; i < B; i++, x += row, out += row) {
    for (let head = heads; head < last; head += 12) {
      const at = placeOf(head);
      if (kindOf(head) == HEAD_TANH) {
        store<f32>(out + at, tanh(load<f32>(x + at)));
        continue;
      }
      const K = widthOf(head);
      for (let j = at, end = at + (<usize>K << 2); j < end; j += 4) {
        store<f32>(out + j, (load<f32>(x + j) + (noise == 0 ? 0 : load<f32>(noise + j))) * sharper);
      }
      scaleRow(K, out + at, 1 / expRow(K, out + at, out + at));
    }
    if (noise != 0) noise += row;
  }
}

/** dx (B, W) from dy (B, W) and the outputs y (B, W): (1 − y²)·dy, or y·(dy − Σ y·dy) / τ over the span. dx may be dy. */
export function headsBackward(B: i32, W: i32, H: i32, heads: usize, y: usize, dy: usize, tau: f32, dx: usize): void {
  const row = <usize>W << 2, last = heads + <usize>H * 12;
  const sharper: f32 = 1 / tau;
  for (let i = 0; i < B; i++, y += row, dy += row, dx += row) {
    for (let head = heads; head < last; head += 12) {
      const at = placeOf(head);
      if (kindOf(head) == HEAD_TANH) {
        const t = load<f32>(y + at);
        store<f32>(dx + at, (1 - t * t) * load<f32>(dy + at));
        continue;
      }
      const end = at + (<usize>widthOf(head) << 2);
      let sum: f32 = 0;
      for (let j = at; j < end; j += 4) sum += load<f32>(y + j) * load<f32>(dy + j);
      for (let j = at; j < end; j += 4) store<f32>(dx + j, load<f32>(y + j) * (load<f32>(dy + j) - sum) * sharper);
    }
  }
}

/**
 * loss = mean over rows of −ln softmax(x)[target] in one span of each row, and its gradient added to dx (B, W). spans (B, 3) u32: first
 * column, width, target within; x (B, W). e (max K) is scratch. The generator's loss on its condition (§4.3 of the paper).
 */
export function conditionLoss(B: i32, W: i32, x: usize, spans: usize, dx: usize, e: usize, loss: usize): void {
  const row = <usize>W << 2;
  let total: f64 = 0;
  for (let i = 0; i < B; i++, x += row, dx += row, spans += 12) {
    const at = <usize>load<u32>(spans) << 2, hit = <usize>load<u32>(spans, 8) << 2;
    const K = <i32>load<u32>(spans, 4);
    total += <f64>spanEntropy(K, x + at, hit, dx + at, e, 1 / <f32>B);
  }
  store<f32>(loss, <f32>(total / <f64>B));
}

/** −ln softmax(x)[hit] over K columns, its gradient times `scale` added to dx; `hit` in bytes. */
function spanEntropy(K: i32, x: usize, hit: usize, dx: usize, e: usize, scale: f32): f32 {
  const sum = expRow(K, x, e);
  const value = rowMax - load<f32>(x + hit) + logOf(sum);
  const share = scale / sum;
  for (let j: usize = 0, end = <usize>K << 2; j < end; j += 4) store<f32>(dx + j, load<f32>(dx + j) + load<f32>(e + j) * share);
  store<f32>(dx + hit, load<f32>(dx + hit) - scale);
  return value;
}

/**
 * TVAE's reconstruction loss (§4.4 of the paper): per row the Gaussian negative log-likelihood (t − tanh x)² / 2σ² + ln σ of numbers,
 * without its constant, and the cross-entropy of categories with the greatest of t; summed, over B, times `factor`.
 * x (B, W) raw outputs, t (B, W), sigma (W) of tanh columns; dx (B, W) and dsigma (W) are overwritten; e (max K) is scratch.
 */
export function reconstructionLoss(
  B: i32, W: i32, H: i32, heads: usize, x: usize, t: usize, sigma: usize, factor: f32, dx: usize, dsigma: usize, e: usize, loss: usize,
): void {
  const row = <usize>W << 2, last = heads + <usize>H * 12;
  const scale = factor / <f32>B;
  memory.fill(dx, 0, <usize>B * row);
  memory.fill(dsigma, 0, row);
  let total: f64 = 0;
  for (let i = 0; i < B; i++, x += row, t += row, dx += row) {
    for (let head = heads; head < last; head += 12) {
      const at = placeOf(head);
      if (kindOf(head) == HEAD_TANH) {
        const y = tanh(load<f32>(x + at)), s = load<f32>(sigma + at);
        const off = (y - load<f32>(t + at)) / s;
        total += <f64>(off * off * 0.5 + logOf(s));
        store<f32>(dx + at, (off / s) * (1 - y * y) * scale);
        store<f32>(dsigma + at, load<f32>(dsigma + at) + ((1 - off * off) / s) * scale);
        continue;
      }
      const K = widthOf(head);
      total += <f64>spanEntropy(K, x + at, greatest(K, t + at), dx + at, e, scale);
    }
  }
  store<f32>(loss, <f32>((total * <f64>factor) / <f64>B));
}

/** Byte offset of the first greatest of K numbers. */
function greatest(K: i32, x: usize): usize {
  let best: usize = 0;
  for (let j: usize = 4, end = <usize>K << 2; j < end; j += 4) if (load<f32>(x + j) > load<f32>(x + best)) best = j;
  return best;
}

/** z = μ + ε·e^(λ/2) (Kingma & Welling 2014, §2.4), λ the logarithm of the variance; all (n). */
export function reparameterise(n: i32, mu: usize, lambda: usize, epsilon: usize, z: usize): void {
  const half = f32x4.splat(0.5);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 4) {
    const sd = f32x4.extract_lane(exp4(f32x4.mul(v128.load32_splat(lambda + i), half)), 0);
    store<f32>(z + i, load<f32>(mu + i) + load<f32>(epsilon + i) * sd);
  }
}

/**
 * loss = KL(N(μ, e^λ) ‖ N(0, 1)) = ½ Σ (μ² + e^λ − λ − 1) / B over n numbers of B rows (Appendix B there). From dz (n), the
 * gradient that comes through z: dmu (n) = dz + μ / B, dlambda (n) = ½ (dz·ε·e^(λ/2) + (e^λ − 1) / B). dmu may be dz.
 */
export function latentBackward(
  n: i32, B: i32, mu: usize, lambda: usize, epsilon: usize, dz: usize, dmu: usize, dlambda: usize, loss: usize,
): void {
  const half = f32x4.splat(0.5), share: f32 = 1 / <f32>B;
  let total: f64 = 0;
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 4) {
    const m = load<f32>(mu + i), l = load<f32>(lambda + i), d = load<f32>(dz + i);
    const sd = f32x4.extract_lane(exp4(f32x4.mul(v128.load32_splat(lambda + i), half)), 0);
    total += <f64>m * <f64>m + <f64>sd * <f64>sd - <f64>l - 1;
    store<f32>(dmu + i, d + m * share);
    store<f32>(dlambda + i, 0.5 * (d * load<f32>(epsilon + i) * sd + (sd * sd - 1) * share));
  }
  store<f32>(loss, <f32>((0.5 * total) / <f64>B));
}
