/**
 * sin and cos of an angle given as a 32-bit fraction of a full turn (w · 2π / 2³²), four lanes. The reduction is exact in
 * integers: quadrant q = round(4w / 2³²) mod 4, and a rest within ±π/4, on which the polynomials of Cephes (Moshier, sinf.c)
 * have an error below one unit in the last place.
 */
import { madd } from "./madd";

// The constants are loaded, not literal: a literal v128 is rebuilt in every iteration of a hot loop.
const C = memory.data<f32>([
  1.4629180792671596e-9, // 0: 2π / 2³²
  -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1, // 1–3: sin
  2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2, -0.5, 1.0, // 4–8: cos
]);

// @ts-ignore: decorator
@inline function c(i: i32): v128 {
  return v128.load32_splat(C + (<usize>i << 2));
}

/** The nearest quadrant, 0 … 3 (in the two high bits it wraps round by itself). */
// @ts-ignore: decorator
@inline export function quadrant(w: v128): v128 {
  return i32x4.shr_u(i32x4.add(w, i32x4.splat(0x20000000)), 30);
}

/** The angle left over from quadrant q, in radians, within ±π/4. */
// @ts-ignore: decorator
@inline export function rest(w: v128, q: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(w, i32x4.shl(q, 30))), c(0));
}

// @ts-ignore: decorator
@inline export function sinPolynomial(x: v128): v128 {
  const z = f32x4.mul(x, x);
  const p = madd(madd(c(1), z, c(2)), z, c(3));
  return madd(f32x4.mul(p, z), x, x);
}

// @ts-ignore: decorator
@inline export function cosPolynomial(x: v128): v128 {
  const z = f32x4.mul(x, x);
  const p = madd(madd(c(4), z, c(5)), z, c(6));
  return madd(madd(p, z, c(7)), z, c(8));
}

/** sin of the whole angle from quadrant and the two polynomials: s, c, −s, −c. */
// @ts-ignore: decorator
@inline export function sinTurn(q: v128, s: v128, co: v128): v128 {
  const odd = i32x4.shr_s(i32x4.shl(q, 31), 31);
  const sign = i32x4.shl(i32x4.shr_u(q, 1), 31);
  return v128.xor(v128.bitselect(co, s, odd), sign);
}

/** cos of the whole angle: c, −s, −c, s. */
// @ts-ignore: decorator
@inline export function cosTurn(q: v128, s: v128, co: v128): v128 {
  const odd = i32x4.shr_s(i32x4.shl(q, 31), 31);
  const sign = i32x4.shl(i32x4.shr_u(i32x4.add(q, i32x4.splat(1)), 1), 31);
  return v128.xor(v128.bitselect(s, co, odd), sign);
}
