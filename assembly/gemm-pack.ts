/**
 * Copies of a block of op(A) and of op(B) in the order that the tile of gemm-tile.ts reads them. Dimensions: kc ≤ KC products,
 * mc ≤ MC rows of op(A), nc ≤ NC columns of op(B). Strides in bytes.
 *
 * op(A) is copied row by row, so that a row-major operand is a plain copy. Its rows lie a little more than KC numbers apart: the
 * distance is a constant, which the tile's loads take as their offset, and no power of two, which would put all rows of a tile into
 * one set of the first-level cache. op(B) is copied into panels of NR columns.
 */

/** Rows of a tile: with a fused multiply-add no register is needed for the product, which leaves room for one row more. */
// @ts-ignore: decorator
@inline export const MR: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
// @ts-ignore: decorator
@inline export const NR: i32 = 8;
// @ts-ignore: decorator
@inline export const MC: i32 = ASC_FEATURE_RELAXED_SIMD ? 96 : 80; // multiples of 16, a cache line of a transposed op(A)
// @ts-ignore: decorator
@inline export const KC: i32 = 256;
// @ts-ignore: decorator
@inline export const NC: i32 = 256;
/** Bytes between rows of packed op(A). */
// @ts-ignore: decorator
@inline export const ROW: usize = KC * 4 + 16;

export const packedA = memory.data(MC * <i32>ROW, 64); // (MC, KC)
export const packedB = memory.data(KC * NC * 4, 64); // (NC / NR, KC, NR)

/** Transposes p (4, 4; row stride ld) into to (4, 4; row stride ldt). */
// @ts-ignore: decorator
@inline function transpose4(p: usize, ld: usize, to: usize, ldt: usize): void {
  const r0 = v128.load(p), r1 = v128.load(p + ld), r2 = v128.load(p + ld * 2), r3 = v128.load(p + ld * 3);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
  v128.store(to + ldt, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
  v128.store(to + ldt * 2, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
  v128.store(to + ldt * 3, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
}

/** Columns k0 … kc − 1 of rows i0 … mc − 1, one number at a time. */
function packRest(i0: i32, mc: i32, k0: i32, kc: i32, a: usize, rs: usize, cs: usize): void {
  for (let i = i0; i < mc; i++) {
    const to: usize = packedA + <usize>i * ROW;
    const from = a + <usize>i * rs;
    for (let k = k0; k < kc; k++) store<f32>(to + (<usize>k << 2), load<f32>(from + <usize>k * cs));
  }
}

/** a (mc, kc) into packedA. */
export function packA(mc: i32, kc: i32, a: usize, rs: usize, cs: usize): void {
  if (cs == 4) {
    const bytes = <usize>kc << 2;
    let to: usize = packedA;
    for (let i = 0; i < mc; i++, a += rs, to += ROW) memory.copy(to, a, bytes);
  } else if (rs == 4) {
    const whole = mc & ~3, last = kc & ~3; // four source rows side by side, along whole cache lines
    for (let k = 0; k < last; k += 4) {
      let to: usize = packedA + (<usize>k << 2), from = a + <usize>k * cs;
      for (let i = 0; i < whole; i += 4, from += 16, to += 4 * ROW) transpose4(from, cs, to, ROW);
    }
    packRest(0, whole, last, kc, a, rs, cs);
    packRest(whole, mc, 0, kc, a, rs, cs);
  } else packRest(0, mc, 0, kc, a, rs, cs);
}

/** b (kc, nc) into the panels of packedB, the last one filled up with zeros. */
export function packB(kc: i32, nc: i32, b: usize, rs: usize, cs: usize): void {
  let to: usize = packedB;
  const panel = <usize>kc << 5;
  let j = 0;
  if (cs == 4) {
    for (; j + 2 * NR <= nc; j += 2 * NR, to += panel) { // two panels at once: a whole cache line
      for (let p = b + (<usize>j << 2), end = to + panel; to < end; p += rs, to += 32) {
        const b0 = v128.load(p), b1 = v128.load(p, 16), b2 = v128.load(p, 32), b3 = v128.load(p, 48);
        v128.store(to, b0);
        v128.store(to, b1, 16);
        v128.store(to + panel, b2);
        v128.store(to + panel, b3, 16);
      }
    }
  }
  for (; j < nc; j += NR) {
    const cols = min(NR, nc - j);
    const from = b + <usize>j * cs;
    let k = 0;
    if (cols == NR && rs == 4) {
      for (let p = from; k + 4 <= kc; k += 4, p += 16, to += 128) {
        transpose4(p, cs, to, 32);
        transpose4(p + cs * 4, cs, to + 16, 32);
      }
    }
    for (let p = from + <usize>k * rs; k < kc; k++, p += rs, to += 32) {
      for (let q = 0; q < NR; q++) store<f32>(to + (<usize>q << 2), q < cols ? load<f32>(p + <usize>q * cs) : 0);
    }
  }
}
