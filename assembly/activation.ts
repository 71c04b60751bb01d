/** Activations y = act(z) and their derivatives, over n elements. NaN passes through, so that diverged training shows. */
import { exp4 } from "./lib/exp";
import { madd } from "./lib/madd";

/** Codes shared with ts/backend/wasm-network.ts. */
export const NONE: i32 = 0;
export const RELU: i32 = 1;
export const SILU: i32 = 2;

const ONE = memory.data<f32>([1]);

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
  } else if (dz != dy) memory.copy(dz, dy, <usize>n << 2);
}
