/** Operations element by element over n elements. The last n mod 4 go one by one through lane 0, so that they round alike. */
import { exp4 } from "./lib/exp";
import { log4 } from "./lib/log";
import { madd } from "./lib/madd";

/** out = a + b; out may be a or b. */
export function add(n: i32, a: usize, b: usize, out: usize): void {
  const end = out + (<usize>n << 2), whole = out + (<usize>(n & ~3) << 2);
  for (; out < whole; a += 16, b += 16, out += 16) v128.store(out, f32x4.add(v128.load(a), v128.load(b)));
  for (; out < end; a += 4, b += 4, out += 4) store<f32>(out, load<f32>(a) + load<f32>(b));
}

/** out = a·b; out may be a or b. */
export function multiply(n: i32, a: usize, b: usize, out: usize): void {
  const end = out + (<usize>n << 2), whole = out + (<usize>(n & ~3) << 2);
  for (; out < whole; a += 16, b += 16, out += 16) v128.store(out, f32x4.mul(v128.load(a), v128.load(b)));
  for (; out < end; a += 4, b += 4, out += 4) store<f32>(out, load<f32>(a) * load<f32>(b));
}

/** out = a + by·b; out may be a or b. */
export function addScaled(n: i32, a: usize, b: usize, by: f32, out: usize): void {
  const end = out + (<usize>n << 2), whole = out + (<usize>(n & ~3) << 2);
  const by4 = f32x4.splat(by);
  for (; out < whole; a += 16, b += 16, out += 16) v128.store(out, madd(v128.load(b), by4, v128.load(a)));
  for (; out < end; a += 4, b += 4, out += 4) v128.store_lane<f32>(out, madd(v128.load32_zero(b), by4, v128.load32_zero(a)), 0);
}

/** x = low where below it, high where above it; a NaN stays one. */
export function clamp(n: i32, x: usize, low: f32, high: f32): void {
  const end = x + (<usize>n << 2);
  for (; x < end; x += 4) {
    const value = load<f32>(x);
    store<f32>(x, value < low ? low : value > high ? high : value);
  }
}

/** Uniform numbers become a dropout mask (Srivastava et al. 2014): 0 for the share, 1 / (1 − share) for the rest. */
export function dropoutMask(n: i32, u: usize, share: f32): void {
  const end = u + (<usize>n << 2);
  const kept: f32 = 1 / (1 - share);
  for (; u < end; u += 4) store<f32>(u, load<f32>(u) < share ? 0 : kept);
}

/** out = value. */
export function fill(n: i32, out: usize, value: f32): void {
  const end = out + (<usize>n << 2), whole = out + (<usize>(n & ~3) << 2);
  const v = f32x4.splat(value);
  for (; out < whole; out += 16) v128.store(out, v);
  for (; out < end; out += 4) store<f32>(out, value);
}

/** out = exp(x). Two vectors at a time, which are independent chains for the processor. */
export function expEach(n: i32, x: usize, out: usize): void {
  const end = out + (<usize>n << 2), whole = out + (<usize>(n & ~3) << 2), pairs = out + (<usize>(n & ~7) << 2);
  for (; out < pairs; x += 32, out += 32) {
    const y0 = exp4(v128.load(x)), y1 = exp4(v128.load(x, 16));
    v128.store(out, y0);
    v128.store(out, y1, 16);
  }
  for (; out < whole; x += 16, out += 16) v128.store(out, exp4(v128.load(x)));
  for (; out < end; x += 4, out += 4) v128.store_lane<f32>(out, exp4(v128.load32_zero(x)), 0);
}

/** out = ln x. */
export function logEach(n: i32, x: usize, out: usize): void {
  const end = out + (<usize>n << 2), whole = out + (<usize>(n & ~3) << 2);
  for (; out < whole; x += 16, out += 16) v128.store(out, log4(v128.load(x)));
  for (; out < end; x += 4, out += 4) v128.store_lane<f32>(out, log4(v128.load32_zero(x)), 0);
}
