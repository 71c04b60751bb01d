/**
 * Natural logarithm on four float32 lanes: x = m·2ᵉ, √½ ≤ m < √2, polynomial of Cephes `logf` (Moshier 1992), at most 1 ulp
 * measured (docs/numerics.md).
 */
import { madd } from "./madd";

const C = memory.data<f32>([
  7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
  -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
  -2.12194440e-4, 0.693359375, // ln 2 in two parts
  -0.5, 1.0,
  1.17549435e-38, 8388608.0, // least normal number, 2²³
  Infinity,
]);
const SQRT_HALF = memory.data<i32>([0x3f3504f3]);

/** log of normal positive finite numbers; `exponent` is added to e. */
// @ts-ignore: decorator
@inline function logScaled4(x: v128, exponent: v128): v128 {
  const root = v128.load32_splat(SQRT_HALF);
  const e4 = i32x4.shr_s(i32x4.sub(x, root), 23);
  const e = f32x4.add(f32x4.convert_i32x4_s(e4), exponent);
  const f = f32x4.sub(i32x4.sub(x, i32x4.shl(e4, 23)), v128.load32_splat(C, 48)); // m − 1
  const z = f32x4.mul(f, f);
  const z2 = f32x4.mul(z, z);
  let p = madd(v128.load32_splat(C), z, madd(v128.load32_splat(C, 4), f, v128.load32_splat(C, 8))); // by Estrin's scheme, as in exp.ts
  const q = madd(v128.load32_splat(C, 12), f, v128.load32_splat(C, 16));
  p = madd(p, z, q);
  p = madd(p, z2, madd(madd(v128.load32_splat(C, 20), f, v128.load32_splat(C, 24)), z, madd(v128.load32_splat(C, 28), f, v128.load32_splat(C, 32))));
  let y = f32x4.mul(f32x4.mul(p, f), z);
  y = madd(e, v128.load32_splat(C, 36), y);
  y = madd(z, v128.load32_splat(C, 44), y);
  return madd(e, v128.load32_splat(C, 40), f32x4.add(f, y));
}

/** log of normal positive finite numbers; anything else gives nonsense. */
// @ts-ignore: decorator
@inline export function logNormal4(x: v128): v128 {
  return logScaled4(x, f32x4.splat(0));
}

/** log of any number: −inf of 0, NaN below, subnormal numbers included. */
// @ts-ignore: decorator
@inline export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, v128.load32_splat(C, 52));
  const scaled = v128.bitselect(f32x4.mul(x, v128.load32_splat(C, 56)), x, tiny);
  const y = logScaled4(scaled, v128.and(tiny, f32x4.splat(-23)));
  const inf = v128.load32_splat(C, 60);
  const finite = f32x4.lt(x, inf);
  const positive = f32x4.gt(x, f32x4.splat(0));
  const edge = v128.bitselect(x, f32x4.sub(f32x4.sqrt(x), inf), positive); // inf | −inf of 0, NaN of negative or NaN
  return v128.bitselect(y, edge, v128.and(finite, positive));
}
