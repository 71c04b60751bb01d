/**
 * The innermost product: tiles of C (MR, NR) from the packed blocks of gemm-pack.ts, held in registers over kc products. Strides in
 * bytes.
 */
import { MR, NR, packedA, packedB, ROW } from "./gemm-pack";
import { madd } from "./lib/madd";

const edge = memory.data(MR * NR * 4, 64); // a tile that sticks out of C
export const zeros = memory.data(NR * 4, 64);

/**
 * c (MR, 8; row stride ldc) = from (MR, 8; row stride ldf) + a·b, where a (MR, K) and b (K, 8) begin `ia` and `ib` bytes into the
 * packed blocks. Three habits of V8's compiler shape the text, together worth a fifth of the speed:
 * - nothing but plain stores may follow the loop: with a branch or arithmetic on them the accumulators are spilled inside it;
 * - an address computed here, unlike a parameter, is known to be zero-extended and needs no move in every iteration;
 * - a splat load does not take an immediate offset. The stores at the same offsets make the compiler keep these bases in
 *   registers, also for the splats in the loop.
 * Unrolling over k loses: the loads of both steps are moved to the front and two accumulators are spilled.
 */
function tile(K: i32, ia: usize, ib: usize, c: usize, ldc: usize, from: usize, ldf: usize): void {
  let a = packedA + ia, b = packedB + ib;
  let c00 = v128.load(from), c01 = v128.load(from, 16);
  from += ldf;
  let c10 = v128.load(from), c11 = v128.load(from, 16);
  from += ldf;
  let c20 = v128.load(from), c21 = v128.load(from, 16);
  from += ldf;
  let c30 = v128.load(from), c31 = v128.load(from, 16);
  from += ldf;
  let c40 = v128.load(from), c41 = v128.load(from, 16);
  let c50 = f32x4.splat(0), c51 = c50; // the sixth row, of relaxed only
  if (MR == 6) {
    from += ldf;
    c50 = v128.load(from);
    c51 = v128.load(from, 16);
  }
  const end = b + (<usize>K << 5);
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = madd(a0, b0, c00);
    c01 = madd(a0, b1, c01);
    const a1 = v128.load32_splat(a, ROW);
    c10 = madd(a1, b0, c10);
    c11 = madd(a1, b1, c11);
    const a2 = v128.load32_splat(a, 2 * ROW);
    c20 = madd(a2, b0, c20);
    c21 = madd(a2, b1, c21);
    const a3 = v128.load32_splat(a, 3 * ROW);
    c30 = madd(a3, b0, c30);
    c31 = madd(a3, b1, c31);
    const a4 = v128.load32_splat(a, 4 * ROW);
    c40 = madd(a4, b0, c40);
    c41 = madd(a4, b1, c41);
    if (MR == 6) {
      const a5 = v128.load32_splat(a, 5 * ROW);
      c50 = madd(a5, b0, c50);
      c51 = madd(a5, b1, c51);
    }
    a += 4;
    b += 32;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += ldc;
  v128.store(c - ROW, c10, ROW);
  v128.store(c, c11, 16);
  c += ldc;
  v128.store(c - 2 * ROW, c20, 2 * ROW);
  v128.store(c, c21, 16);
  c += ldc;
  v128.store(c - 3 * ROW, c30, 3 * ROW);
  v128.store(c, c31, 16);
  c += ldc;
  v128.store(c - 4 * ROW, c40, 4 * ROW);
  v128.store(c, c41, 16);
  if (MR == 6) {
    c += ldc;
    v128.store(c - 5 * ROW, c50, 5 * ROW);
    v128.store(c, c51, 16);
  }
}

/** to (rows, cols) = from (rows, cols). */
function copyPart(rows: i32, cols: i32, from: usize, ldf: usize, to: usize, ldt: usize): void {
  for (; rows > 0; rows--, from += ldf, to += ldt) {
    let j = 0;
    if (cols >= 4) {
      v128.store(to, v128.load(from));
      j = 4;
    }
    for (; j < cols; j++) store<f32>(to + (<usize>j << 2), load<f32>(from + (<usize>j << 2)));
  }
}

/** The same for `rows` × `cols` of a tile at the border: through a whole tile beside it. */
function edgeTile(rows: i32, cols: i32, K: i32, ia: usize, ib: usize, c: usize, ldc: usize, from: usize, ldf: usize): void {
  if (from != zeros) copyPart(rows, cols, from, ldf, edge, NR * 4);
  if (from == zeros) tile(K, ia, ib, edge, NR * 4, zeros, 0);
  else tile(K, ia, ib, edge, NR * 4, edge, NR * 4);
  copyPart(rows, cols, edge, NR * 4, c, ldc);
}

/**
 * The tiles of a packed block: c (mc, nc) = from + packedA·packedB; `step` is from's column stride: 4, or 0 for zeros. The rows of
 * op(A) stay in the first-level cache while the panels of op(B) pass by.
 */
export function block(mc: i32, nc: i32, kc: i32, c: usize, rc: usize, from: usize, rf: usize, step: usize): void {
  for (let i = 0; i < mc; i += MR) {
    const rows = min(MR, mc - i);
    const ia = <usize>i * ROW;
    let ib: usize = 0, to = c, start = from;
    for (let j = 0; j < nc; j += NR, ib += <usize>kc << 5, to += NR * 4, start += step * NR) {
      if (rows == MR && nc - j >= NR) tile(kc, ia, ib, to, rc, start, rf);
      else edgeTile(rows, min(NR, nc - j), kc, ia, ib, to, rc, start, rf);
    }
    c += rc * MR;
    from += rf * MR;
  }
}
