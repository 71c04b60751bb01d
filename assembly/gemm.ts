/**
 * Matrix product on packed panels (Goto & van de Geijn 2008): C = init + op(A)·op(B).
 *
 * Dimensions: C (M, N), op(A) (M, K), op(B) (K, N). Operands are addressed by a row and a column stride in elements, so a
 * transpose costs nothing. A block of op(B) (KC, NC) and one of op(A) (MC, KC) are copied into panels of 8 columns and 5 rows;
 * a tile of C (5, 8) is then held in registers over KC products.
 *
 * Every element is init + Σ_k a·b with k ascending, whatever the shape and the path taken: a row's result does not depend on
 * the batch that it is in. The block of op(B) takes 256 KB and that of op(A) 80 KB: both stay in a second-level cache of 512 KB.
 */
import { madd } from "./lib/madd";

// @ts-ignore: decorator
@inline const MR: i32 = 5;
// @ts-ignore: decorator
@inline const NR: i32 = 8;
// @ts-ignore: decorator
@inline const MC: i32 = 80;
// @ts-ignore: decorator
@inline const KC: i32 = 256;
// @ts-ignore: decorator
@inline const NC: i32 = 256;

const packedA = memory.data(MC * KC * 4, 64);
const packedB = memory.data(KC * NC * 4, 64);
const edge = memory.data(MR * NR * 4, 64); // a tile that sticks out of C
const zeros = memory.data(NR * 4, 64);

/**
 * c (5, 8; row stride ldc) = from (5, 8; row stride ldf) + a·b, where a (K, 5) and b (K, 8) begin `ia` and `ib` bytes into the
 * panels; strides in bytes. Three habits of V8's compiler shape the text, together worth a fifth of the speed:
 * - nothing but plain stores may follow the loop: with a branch or arithmetic on them the accumulators are spilled inside it;
 * - an address computed here, unlike a parameter, is known to be zero-extended and needs no move in every iteration;
 * - a splat load does not take an immediate offset. The stores at offsets 4, 8, 12 and 16 make the compiler keep these four bases
 *   in registers, also for the splats in the loop.
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
  const end = b + (<usize>K << 5);
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = madd(a0, b0, c00);
    c01 = madd(a0, b1, c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = madd(a1, b0, c10);
    c11 = madd(a1, b1, c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = madd(a2, b0, c20);
    c21 = madd(a2, b1, c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = madd(a3, b0, c30);
    c31 = madd(a3, b1, c31);
    const a4 = v128.load32_splat(a, 16);
    c40 = madd(a4, b0, c40);
    c41 = madd(a4, b1, c41);
    a += 20;
    b += 32;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += ldc;
  v128.store(c - 4, c10, 4);
  v128.store(c, c11, 16);
  c += ldc;
  v128.store(c - 8, c20, 8);
  v128.store(c, c21, 16);
  c += ldc;
  v128.store(c - 12, c30, 12);
  v128.store(c, c31, 16);
  c += ldc;
  v128.store(c, c40);
  v128.store(c, c41, 16);
}

/** The same for `rows` × `cols` of a tile at the border: through a whole tile beside it. */
function edgeTile(rows: i32, cols: i32, K: i32, ia: usize, ib: usize, c: usize, ldc: usize, from: usize, ldf: usize): void {
  const bytes = <usize>cols << 2;
  memory.fill(edge, 0, MR * NR * 4);
  if (from != zeros) for (let i: usize = 0; i < <usize>rows; i++) memory.copy(edge + i * (NR * 4), from + i * ldf, bytes);
  tile(K, ia, ib, edge, NR * 4, edge, NR * 4);
  for (let i: usize = 0; i < <usize>rows; i++) memory.copy(c + i * ldc, edge + i * (NR * 4), bytes);
}

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

/** b (kc, nc) into panels (kc, 8), the last one filled up with zeros; rs, cs in bytes. */
function packB(kc: i32, nc: i32, b: usize, rs: usize, cs: usize): void {
  let to: usize = packedB;
  for (let j = 0; j < nc; j += NR) {
    const cols = min(NR, nc - j);
    const from = b + <usize>j * cs;
    let k = 0;
    if (cols == NR && cs == 4) {
      for (let p = from; k < kc; k++, p += rs, to += 32) {
        v128.store(to, v128.load(p));
        v128.store(to, v128.load(p, 16), 16);
      }
    } else if (cols == NR && rs == 4) {
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

/** a (mc, kc) into panels (kc, 5), the last one filled up with zeros; rs, cs in bytes. */
function packA(mc: i32, kc: i32, a: usize, rs: usize, cs: usize): void {
  let to: usize = packedA;
  for (let i = 0; i < mc; i += MR) {
    const rows = min(MR, mc - i);
    const from = a + <usize>i * rs;
    let k = 0;
    if (rows == MR && rs == 4) {
      for (let p = from; k < kc; k++, p += cs, to += 20) {
        v128.store(to, v128.load(p));
        store<f32>(to, load<f32>(p, 16), 16);
      }
    } else if (rows == MR && cs == 4) {
      for (let p = from; k + 4 <= kc; k += 4, p += 16, to += 80) {
        transpose4(p, rs, to, 20);
        const r4 = v128.load(p + rs * 4);
        v128.store_lane<f32>(to, r4, 0, 16);
        v128.store_lane<f32>(to, r4, 1, 36);
        v128.store_lane<f32>(to, r4, 2, 56);
        v128.store_lane<f32>(to, r4, 3, 76);
      }
    }
    for (let p = from + <usize>k * cs; k < kc; k++, p += cs, to += 20) {
      for (let q = 0; q < MR; q++) store<f32>(to + (<usize>q << 2), q < rows ? load<f32>(p + <usize>q * rs) : 0);
    }
  }
}

/** One element: c += Σ_k a·b. In a lane of a vector, so that `madd` rounds as it does elsewhere. */
function element(K: i32, a: usize, ca: usize, b: usize, rb: usize, c: usize): void {
  let sum = v128.load32_zero(c);
  for (let k = 0; k < K; k++, a += ca, b += rb) sum = madd(v128.load32_zero(a), v128.load32_zero(b), sum);
  v128.store_lane<f32>(c, sum, 0);
}

/** c (N) += a (K; stride ca)·b (K, N), rows of b contiguous, unpacked; strides in bytes. */
function rowTimesRows(N: i32, K: i32, a: usize, ca: usize, b: usize, rb: usize, c: usize): void {
  let j = 0;
  for (; j + 16 <= N; j += 16, b += 64, c += 64) {
    let c0 = v128.load(c), c1 = v128.load(c, 16), c2 = v128.load(c, 32), c3 = v128.load(c, 48);
    let p = b, q = a;
    for (let k = 0; k < K; k++, p += rb, q += ca) {
      const x = v128.load32_splat(q);
      c0 = madd(x, v128.load(p), c0);
      c1 = madd(x, v128.load(p, 16), c1);
      c2 = madd(x, v128.load(p, 32), c2);
      c3 = madd(x, v128.load(p, 48), c3);
    }
    v128.store(c, c0);
    v128.store(c, c1, 16);
    v128.store(c, c2, 32);
    v128.store(c, c3, 48);
  }
  for (; j < N; j++, b += 4, c += 4) element(K, a, ca, b, rb, c);
}

/** c (4) += a (4; stride ca)·b (4, 4), b given transposed with row stride cb: four products each, k ascending. */
// @ts-ignore: decorator
@inline function fourTimesColumns(a: usize, ca: usize, b: usize, cb: usize, c: v128): v128 {
  const r0 = v128.load(b), r1 = v128.load(b + cb), r2 = v128.load(b + cb * 2), r3 = v128.load(b + cb * 3);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  c = madd(v128.load32_splat(a), v128.shuffle<f32>(t0, t1, 0, 1, 4, 5), c);
  c = madd(v128.load32_splat(a + ca), v128.shuffle<f32>(t0, t1, 2, 3, 6, 7), c);
  c = madd(v128.load32_splat(a + ca * 2), v128.shuffle<f32>(t2, t3, 0, 1, 4, 5), c);
  return madd(v128.load32_splat(a + ca * 3), v128.shuffle<f32>(t2, t3, 2, 3, 6, 7), c);
}

/** c (N) += a (K; stride ca)·b (K, N), columns of b contiguous, unpacked; strides in bytes. */
function rowTimesColumns(N: i32, K: i32, a: usize, ca: usize, b: usize, cb: usize, c: usize): void {
  const whole = K & ~3;
  const tailA = <usize>whole * ca, tailB = <usize>whole << 2;
  let j = 0;
  for (; j + 8 <= N; j += 8, b += cb * 8, c += 32) {
    let c0 = v128.load(c), c1 = v128.load(c, 16);
    let p = b, q = a;
    for (let k = 0; k < whole; k += 4, p += 16, q += ca * 4) {
      c0 = fourTimesColumns(q, ca, p, cb, c0);
      c1 = fourTimesColumns(q, ca, p + cb * 4, cb, c1);
    }
    v128.store(c, c0);
    v128.store(c, c1, 16);
    for (let i: usize = 0; i < 8; i++) element(K - whole, a + tailA, ca, b + tailB + i * cb, 4, c + (i << 2));
  }
  for (; j < N; j++, b += cb, c += 4) element(K, a, ca, b, 4, c);
}

/** c (N) += a (K)·b (K, N) by the path that b's strides allow; byte strides. */
function row(N: i32, K: i32, a: usize, ca: usize, b: usize, rb: usize, cb: usize, c: usize): void {
  if (cb == 4) rowTimesRows(N, K, a, ca, b, rb, c);
  else if (rb == 4) rowTimesColumns(N, K, a, ca, b, cb, c);
  else for (let j = 0; j < N; j++, b += cb, c += 4) element(K, a, ca, b, rb, c);
}

/** c (M, N; row stride ldc) = from (row stride ldf, or 0: zeros); strides in bytes. */
function initialise(M: i32, N: i32, c: usize, ldc: usize, from: usize, ldf: usize): void {
  const bytes = <usize>N << 2;
  if (from == c) return;
  for (let i = 0; i < M; i++, c += ldc, from += ldf) {
    if (from == 0) memory.fill(c, 0, bytes);
    else memory.copy(c, from, bytes);
  }
}

/**
 * c (M, N) = from + op(A)·op(B). rsa, csa, rsb, csb: row and column strides of op(A) (M, K) and op(B) (K, N); ldc, ldf: row strides
 * of c and from; all in elements. `from` is 0 for zeros, c to accumulate, or a bias row (N) with ldf = 0. c may not overlap a or b.
 */
export function gemm(
  M: i32, N: i32, K: i32, a: usize, rsa: i32, csa: i32, b: usize, rsb: i32, csb: i32, c: usize, ldc: i32, from: usize, ldf: i32,
): void {
  assert(M >= 0 && N >= 0 && K >= 0);
  const ra = <usize>rsa << 2, ca = <usize>csa << 2, rb = <usize>rsb << 2, cb = <usize>csb << 2, rc = <usize>ldc << 2;
  let rf = <usize>ldf << 2;
  if (M <= 2 || N == 1 || K == 0) {
    initialise(M, N, c, rc, from, from == 0 ? 0 : rf);
    if (M <= 2) for (let i: usize = 0; i < <usize>M; i++) row(N, K, a + i * ra, ca, b, rb, cb, c + i * rc);
    else if (ldc == 1) row(M, K, b, rb, a, ca, ra, c); // c is a column: Cᵀ = op(B)ᵀ·op(A)ᵀ
    else for (let i: usize = 0; i < <usize>M; i++) element(K, a + i * ra, ca, b, rb, c + i * rc);
    return;
  }
  for (let k0 = 0; k0 < K; k0 += KC) {
    const kc = min(KC, K - k0);
    for (let j0 = 0; j0 < N; j0 += NC) {
      const nc = min(NC, N - j0);
      packB(kc, nc, b + <usize>k0 * rb + <usize>j0 * cb, rb, cb);
      for (let i0 = 0; i0 < M; i0 += MC) {
        const mc = min(MC, M - i0);
        packA(mc, kc, a + <usize>i0 * ra + <usize>k0 * ca, ra, ca);
        const at = <usize>i0 * rc + (<usize>j0 << 2);
        if (from == 0) block(mc, nc, kc, c + at, rc, zeros, 0, 0);
        else block(mc, nc, kc, c + at, rc, from + <usize>i0 * rf + (<usize>j0 << 2), rf, 4);
      }
    }
    from = c;
    rf = rc;
  }
}

/** The tiles of a packed block: c (mc, nc) = from + packedA·packedB; `step` is from's column stride: 4, or 0 for zeros. */
function block(mc: i32, nc: i32, kc: i32, c: usize, rc: usize, from: usize, rf: usize, step: usize): void {
  for (let j = 0; j < nc; j += NR) {
    const ib = <usize>j * <usize>kc << 2;
    const cols = min(NR, nc - j);
    for (let i = 0; i < mc; i += MR) {
      const ia = <usize>i * <usize>kc << 2;
      const rows = min(MR, mc - i);
      const to = c + <usize>i * rc + (<usize>j << 2);
      const start = from + <usize>i * rf + <usize>j * step;
      if (rows == MR && cols == NR) tile(kc, ia, ib, to, rc, start, rf);
      else edgeTile(rows, cols, kc, ia, ib, to, rc, start, rf);
    }
  }
}
