/**
 * exp on four float32 lanes: x = n·ln 2 + r, |r| ≤ ½ ln 2, degree-5 polynomial of Cephes `expf` (Moshier 1992), at most 1.3 ulp.
 * +inf above 88.72, 0 below −86.99 (results under 1.7e-38), NaN stays NaN. docs/numerics.md tells how this was measured.
 *
 * The constants are loaded, not literal: a literal v128 is rebuilt in every iteration of a hot loop.
 */
import { madd } from "./madd";

const C = memory.data<f32>([
  88.8, -87.5, // beyond these the result is inf or 0 anyway
  1.44269504088896341, // 1 / ln 2
  12582912.0, // 1.5·2²³: adding it rounds to an integer
  -0.693359375, 2.12194440e-4, // −ln 2 in two parts
  1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
  1.0, 0.5,
]);

// @ts-ignore: decorator
@inline export function exp4(x: v128): v128 {
  x = f32x4.pmin(x, v128.load32_splat(C)); // pmin and pmax keep a NaN in their first operand
  x = f32x4.pmax(x, v128.load32_splat(C, 4));
  const magic = v128.load32_splat(C, 12);
  const t = madd(x, v128.load32_splat(C, 8), magic); // n in the low bits
  const n = f32x4.sub(t, magic);
  let r = madd(n, v128.load32_splat(C, 16), x);
  r = madd(n, v128.load32_splat(C, 20), r);
  // by Estrin's scheme: Horner's chain of dependent operations is half as long again, and costs a third of the speed
  const r2 = f32x4.mul(r, r);
  let p = madd(v128.load32_splat(C, 32), r, v128.load32_splat(C, 36));
  p = madd(p, r2, madd(v128.load32_splat(C, 40), r, v128.load32_splat(C, 44)));
  p = madd(madd(v128.load32_splat(C, 24), r, v128.load32_splat(C, 28)), f32x4.mul(r2, r2), p);
  p = madd(p, r2, f32x4.add(r, v128.load32_splat(C, 48)));
  // 2p · 2^(n−1): n = 128 still has an exponent, n = −126 gives exponent bits 0, hence 0
  return f32x4.mul(f32x4.add(p, p), i32x4.add(i32x4.shl(t, 23), v128.load32_splat(C, 52)));
}
