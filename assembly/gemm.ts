/**
 * Matrix product on packed panels (Goto & van de Geijn 2008): C = init + op(A)·op(B).
 *
 * Dimensions: C (M, N), op(A) (M, K), op(B) (K, N). Operands are addressed by a row and a column stride in elements, so a
 * transpose costs nothing. A block of op(B) (KC, NC) and one of op(A) (MC, KC) are packed (gemm-pack.ts); a tile of C, 5 or 6 rows
 * by 8 columns, is then held in registers over KC products (gemm-tile.ts).
 *
 * Every element is init + Σ_k a·b with k ascending, whatever the shape and the path taken: a row's result does not depend on
 * the batch that it is in. The block of op(B) takes 256 KB and that of op(A) 80 KB: both stay in a second-level cache of 512 KB.
 */
import { activation, NONE } from "./activation";
import { KC, MC, NC, packA, packB } from "./gemm-pack";
import { element, row } from "./gemm-row";
import { block, zeros } from "./gemm-tile";

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
  product(M, N, K, a, rsa, csa, b, rsb, csb, c, ldc, from, ldf, c, NONE);
}

/** The same, and y = act(c) block by block, while c is in the cache; y (M, N) has the row stride of c and may be c. */
export function product(
  M: i32, N: i32, K: i32, a: usize, rsa: i32, csa: i32, b: usize, rsb: i32, csb: i32, c: usize, ldc: i32, from: usize, ldf: i32,
  y: usize, kind: i32,
): void {
  assert(M >= 0 && N >= 0 && K >= 0);
  const ra = <usize>rsa << 2, ca = <usize>csa << 2, rb = <usize>rsb << 2, cb = <usize>csb << 2, rc = <usize>ldc << 2;
  let rf = <usize>ldf << 2;
  if (M <= 2 || N == 1 || K == 0) {
    initialise(M, N, c, rc, from, from == 0 ? 0 : rf);
    if (M <= 2) for (let i: usize = 0; i < <usize>M; i++) row(N, K, a + i * ra, ca, b, rb, cb, c + i * rc);
    else if (ldc == 1) row(M, K, b, rb, a, ca, ra, c); // c is a column: Cᵀ = op(B)ᵀ·op(A)ᵀ
    else for (let i: usize = 0; i < <usize>M; i++) element(K, a + i * ra, ca, b, rb, c + i * rc);
    activate(M, N, c, y, rc, kind);
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
        if (k0 + kc == K) activate(mc, nc, c + at, y + at, rc, kind);
      }
    }
    from = c;
    rf = rc;
  }
}

/** y (M, N) = act(c (M, N)); both have rows `stride` bytes apart. */
function activate(M: i32, N: i32, c: usize, y: usize, stride: usize, kind: i32): void {
  if (kind == NONE && y == c) return;
  if (stride == <usize>N << 2) activation(M * N, c, y, kind);
  else for (let i = 0; i < M; i++, c += stride, y += stride) activation(N, c, y, kind);
}
