/** Products of one row, without packing: c (N) += a (K)·b (K, N). Every element adds its products with k ascending, as the tiles do. */
import { madd } from "./lib/madd";

/** One element: c += Σ_k a·b. In a lane of a vector, so that `madd` rounds as it does elsewhere. */
export function element(K: i32, a: usize, ca: usize, b: usize, rb: usize, c: usize): void {
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
export function row(N: i32, K: i32, a: usize, ca: usize, b: usize, rb: usize, cb: usize, c: usize): void {
  if (cb == 4) rowTimesRows(N, K, a, ca, b, rb, c);
  else if (rb == 4) rowTimesColumns(N, K, a, ca, b, cb, c);
  else for (let j = 0; j < N; j++, b += cb, c += 4) element(K, a, ca, b, rb, c);
}
