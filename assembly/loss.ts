/** Losses with their gradients. Sums are taken in float64. Dimensions: n elements; B rows of K logits. */
import { exp4 } from "./lib/exp";
import { log4 } from "./lib/log";
import { max4, sum4, sum4wide } from "./lib/reduce";

// @ts-ignore: decorator
@inline const RUN: i32 = 256; // elements summed in float32 before they join the float64 total

/** loss = Σ (p − y)² / n; dp (n) = 2 (p − y) / n. dp may be p. */
export function mse(n: i32, p: usize, y: usize, dp: usize, loss: usize): void {
  const scale = <f32>(2.0 / <f64>n);
  const scale4 = f32x4.splat(scale);
  let total: f64 = 0;
  let i = 0;
  while (i + 4 <= n) {
    const end = min(i + RUN, n & ~3);
    let s = f32x4.splat(0);
    for (; i < end; i += 4, p += 16, y += 16, dp += 16) {
      const d = f32x4.sub(v128.load(p), v128.load(y));
      s = f32x4.add(s, f32x4.mul(d, d));
      v128.store(dp, f32x4.mul(d, scale4));
    }
    total += sum4wide(s);
  }
  for (; i < n; i++, p += 4, y += 4, dp += 4) {
    const d = load<f32>(p) - load<f32>(y);
    total += <f64>(d * d);
    store<f32>(dp, d * scale);
  }
  store<f32>(loss, <f32>(total / <f64>n));
}

/** out (K) = e^(x − max x), x (K); returns the sum. The maximum is left in `rowMax`. */
export function expRow(K: i32, x: usize, out: usize): f32 {
  const whole = <usize>(K & ~3) << 2, bytes = <usize>K << 2;
  let m4 = v128.load32_splat(x);
  let j: usize = 0;
  for (; j < whole; j += 16) m4 = f32x4.max(m4, v128.load(x + j));
  for (; j < bytes; j += 4) m4 = f32x4.max(m4, v128.load32_splat(x + j));
  rowMax = max4(m4);
  m4 = f32x4.splat(rowMax);
  let s4 = f32x4.splat(0);
  for (j = 0; j < whole; j += 16) {
    const e = exp4(f32x4.sub(v128.load(x + j), m4));
    v128.store(out + j, e);
    s4 = f32x4.add(s4, e);
  }
  let sum = sum4(s4);
  for (; j < bytes; j += 4) {
    const e = exp4(f32x4.sub(v128.load32_splat(x + j), m4));
    v128.store_lane<f32>(out + j, e, 0);
    sum += f32x4.extract_lane(e, 0);
  }
  return sum;
}
export let rowMax: f32 = 0;

/** out (K) *= by. */
// @ts-ignore: decorator
@inline export function scaleRow(K: i32, out: usize, by: f32): void {
  const whole = out + (<usize>(K & ~3) << 2), end = out + (<usize>K << 2);
  const by4 = f32x4.splat(by);
  for (; out < whole; out += 16) v128.store(out, f32x4.mul(v128.load(out), by4));
  for (; out < end; out += 4) store<f32>(out, load<f32>(out) * by);
}

/** out[i] = e^x[i] / Σ e^x[i] for each row; out may be x. */
export function softmax(B: i32, K: i32, x: usize, out: usize): void {
  const bytes = <usize>K << 2;
  for (let i = 0; i < B; i++, x += bytes, out += bytes) scaleRow(K, out, 1 / expRow(K, x, out));
}

/** loss = mean over rows of ln Σ e^x − x[class]; dx (B, K) = (softmax(x) − one-hot) / B. dx may be x. */
export function softmaxCrossEntropy(B: i32, K: i32, x: usize, classes: usize, dx: usize, loss: usize): void {
  const bytes = <usize>K << 2;
  let total: f64 = 0;
  for (let i = 0; i < B; i++, x += bytes, dx += bytes, classes += 4) {
    const at = <usize>load<u32>(classes) << 2;
    assert(at < bytes);
    const hit = load<f32>(x + at);
    const sum = expRow(K, x, dx);
    total += <f64>(rowMax - hit) + <f64>f32x4.extract_lane(log4(f32x4.splat(sum)), 0);
    scaleRow(K, dx, 1 / (sum * <f32>B));
    store<f32>(dx + at, load<f32>(dx + at) - 1 / <f32>B);
  }
  store<f32>(loss, <f32>(total / <f64>B));
}
