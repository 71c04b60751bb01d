/** Activations y = act(z) and their derivatives, over n elements. NaN passes through, so that diverged training shows. */
import { exp4 } from "./lib/exp";
import { madd } from "./lib/madd";

/** Codes shared with ts/backend/wasm-network.ts. */
export const NONE: i32 = 0;
export const RELU: i32 = 1;
export const SILU: i32 = 2;
export const LEAKY: i32 = 3;
export const TANH: i32 = 4;

const ONE = memory.data<f32>([1]);
const LEAK = memory.data<f32>([0.2]); // slope of leaky below 0
// Below 0.625 tanh is the odd polynomial of Cephes `tanhf` (Moshier 1992).
const TANH_C = memory.data<f32>([
  0.625, -2.0, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
]);

/** 1 / (1 + e^−z). */
// @ts-ignore: decorator
@inline function sigmoid4(z: v128): v128 {
  const one = v128.load32_splat(ONE);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(z))));
}

/** relu(z) = max(z, 0). */
// @ts-ignore: decorator
@inline function relu4(z: v128): v128 {
  return f32x4.max(z, f32x4.splat(0));
}

/** relu′(z)·dy; 0 at the kink. */
// @ts-ignore: decorator
@inline function reluBackward4(z: v128, dy: v128): v128 {
  return v128.and(f32x4.gt(z, f32x4.splat(0)), dy);
}

/** silu(z) = z·σ(z) (Elfwing, Uchibe & Doya 2018). */
// @ts-ignore: decorator
@inline function silu4(z: v128): v128 {
  return f32x4.div(z, f32x4.add(v128.load32_splat(ONE), exp4(f32x4.neg(z))));
}

/** silu′(z)·dy = σ·(1 + z·(1 − σ))·dy. */
// @ts-ignore: decorator
@inline function siluBackward4(z: v128, dy: v128): v128 {
  const one = v128.load32_splat(ONE);
  const s = sigmoid4(z);
  return f32x4.mul(f32x4.mul(s, madd(z, f32x4.sub(one, s), one)), dy);
}

/** leaky(z) = z above 0, 0.2·z below (Maas, Hannun & Ng 2013). */
// @ts-ignore: decorator
@inline function leaky4(z: v128): v128 {
  return v128.bitselect(f32x4.mul(z, v128.load32_splat(LEAK)), z, f32x4.lt(z, f32x4.splat(0))); // a NaN stays one
}

/** leaky′(z)·dy; 0.2 at the kink. */
// @ts-ignore: decorator
@inline function leakyBackward4(z: v128, dy: v128): v128 {
  return v128.bitselect(dy, f32x4.mul(dy, v128.load32_splat(LEAK)), f32x4.gt(z, f32x4.splat(0)));
}

/** tanh(z) = ±(1 − e^−2|z|) / (1 + e^−2|z|), or the polynomial where that cancels. */
// @ts-ignore: decorator
@inline export function tanh4(z: v128): v128 {
  const one = v128.load32_splat(ONE), sign = v128.and(z, i32x4.splat(0x80000000)), size = f32x4.abs(z);
  const e = exp4(f32x4.mul(size, v128.load32_splat(TANH_C, 4)));
  const far = v128.or(f32x4.div(f32x4.sub(one, e), f32x4.add(one, e)), sign);
  const s = f32x4.mul(z, z);
  let p = madd(v128.load32_splat(TANH_C, 8), s, v128.load32_splat(TANH_C, 12));
  p = madd(p, s, v128.load32_splat(TANH_C, 16));
  p = madd(p, s, v128.load32_splat(TANH_C, 20));
  p = madd(p, s, v128.load32_splat(TANH_C, 24));
  const near = madd(f32x4.mul(p, s), z, z);
  return v128.bitselect(near, far, f32x4.lt(size, v128.load32_splat(TANH_C)));
}

/** tanh′(z)·dy = (1 − tanh²)·dy. */
// @ts-ignore: decorator
@inline function tanhBackward4(z: v128, dy: v128): v128 {
  const t = tanh4(z);
  return f32x4.mul(f32x4.sub(v128.load32_splat(ONE), f32x4.mul(t, t)), dy);
}

/** y (n) = act(z (n)); y may be z. */
export function activation(n: i32, z: usize, y: usize, kind: i32): void {
  const end = y + (<usize>n << 2), whole = y + (<usize>(n & ~3) << 2), pairs = y + (<usize>(n & ~7) << 2);
  if (kind == RELU) {
    for (; y < whole; z += 16, y += 16) v128.store(y, relu4(v128.load(z)));
    for (; y < end; z += 4, y += 4) v128.store_lane<f32>(y, relu4(v128.load32_zero(z)), 0);
  } else if (kind == SILU) {
    for (; y < pairs; z += 32, y += 32) { // two independent chains keep the processor busier than one
      const y0 = silu4(v128.load(z)), y1 = silu4(v128.load(z, 16));
      v128.store(y, y0);
      v128.store(y, y1, 16);
    }
    for (; y < whole; z += 16, y += 16) v128.store(y, silu4(v128.load(z)));
    for (; y < end; z += 4, y += 4) v128.store_lane<f32>(y, silu4(v128.load32_zero(z)), 0);
  } else if (kind == LEAKY) {
    for (; y < whole; z += 16, y += 16) v128.store(y, leaky4(v128.load(z)));
    for (; y < end; z += 4, y += 4) v128.store_lane<f32>(y, leaky4(v128.load32_zero(z)), 0);
  } else if (kind == TANH) {
    for (; y < whole; z += 16, y += 16) v128.store(y, tanh4(v128.load(z)));
    for (; y < end; z += 4, y += 4) v128.store_lane<f32>(y, tanh4(v128.load32_zero(z)), 0);
  } else if (y != z) memory.copy(y, z, <usize>n << 2);
}

/** dz (n) = act′(z (n))·dy (n); dz may be dy or z. */
export function activationBackward(n: i32, z: usize, dy: usize, dz: usize, kind: i32): void {
  const end = dz + (<usize>n << 2), whole = dz + (<usize>(n & ~3) << 2), pairs = dz + (<usize>(n & ~7) << 2);
  if (kind == RELU) {
    for (; dz < whole; z += 16, dy += 16, dz += 16) v128.store(dz, reluBackward4(v128.load(z), v128.load(dy)));
    for (; dz < end; z += 4, dy += 4, dz += 4) v128.store_lane<f32>(dz, reluBackward4(v128.load32_zero(z), v128.load32_zero(dy)), 0);
  } else if (kind == SILU) {
    for (; dz < pairs; z += 32, dy += 32, dz += 32) {
      const d0 = siluBackward4(v128.load(z), v128.load(dy)), d1 = siluBackward4(v128.load(z, 16), v128.load(dy, 16));
      v128.store(dz, d0);
      v128.store(dz, d1, 16);
    }
    for (; dz < whole; z += 16, dy += 16, dz += 16) v128.store(dz, siluBackward4(v128.load(z), v128.load(dy)));
    for (; dz < end; z += 4, dy += 4, dz += 4) v128.store_lane<f32>(dz, siluBackward4(v128.load32_zero(z), v128.load32_zero(dy)), 0);
  } else if (kind == LEAKY) {
    for (; dz < whole; z += 16, dy += 16, dz += 16) v128.store(dz, leakyBackward4(v128.load(z), v128.load(dy)));
    for (; dz < end; z += 4, dy += 4, dz += 4) v128.store_lane<f32>(dz, leakyBackward4(v128.load32_zero(z), v128.load32_zero(dy)), 0);
  } else if (kind == TANH) {
    for (; dz < whole; z += 16, dy += 16, dz += 16) v128.store(dz, tanhBackward4(v128.load(z), v128.load(dy)));
    for (; dz < end; z += 4, dy += 4, dz += 4) v128.store_lane<f32>(dz, tanhBackward4(v128.load32_zero(z), v128.load32_zero(dy)), 0);
  } else if (dz != dy) memory.copy(dz, dy, <usize>n << 2);
}
