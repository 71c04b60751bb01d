/**
 * Sums of Gaussian kernels over all pairs of rows, for the maximum mean discrepancy (Gretton et al., "A kernel two-sample
 * test", JMLR 13, 2012, Lemma 6). The matrix of kernel values is never formed: a block of distances lies in the first cache
 * while each bandwidth's exponentials are summed, in float32 within a block and in float64 across blocks.
 *
 * Dimensions and panels as in distance.ts: N rows of x, M rows of y, D columns, S bandwidths.
 */
import { FAR, panelBytes, productBlock, ROWS, squaredBlock, X_WIDTH, Y_WIDTH } from "./distance";
import { exp2below4 } from "./lib/exp2";
import { sum4wide } from "./lib/reduce";

const LOG2_E: f32 = 1.4426950408889634;

/** Σ 2^(scale·v) over a block of `rows` (a multiple of 4) × 8 values. */
function sumExp(block: usize, rows: i32, scale: f32): f64 {
  const by = f32x4.splat(scale);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (const end = block + (<usize>rows << 5); block < end; block += 64) {
    s0 = f32x4.add(s0, exp2below4(f32x4.mul(v128.load(block), by)));
    s1 = f32x4.add(s1, exp2below4(f32x4.mul(v128.load(block, 16), by)));
    s2 = f32x4.add(s2, exp2below4(f32x4.mul(v128.load(block, 32), by)));
    s3 = f32x4.add(s3, exp2below4(f32x4.mul(v128.load(block, 48), by)));
  }
  return sum4wide(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** Puts pairs that are not i < j out of reach, in the 8 block rows from `first` that meet their own panel. */
function maskDiagonal(block: usize, first: i32, far: f32): void {
  for (let r = 0; r < Y_WIDTH; r++) {
    for (let c = 0; c <= r; c++) store<f32>(block + (<usize>((first + r) * Y_WIDTH + c) << 2), far);
  }
}

/**
 * sums[s] = Σ_i Σ_j exp(−γ_s ‖x_i − y_j‖²), or with `pairs`, where y packs the same rows as x, the sum over ordered pairs
 * i ≠ j, each pair computed once. gammas (S) float32, sums (S) float64, block (ROWS, 8) scratch.
 * With `squared` distances are sums of squared differences; without, panels hold half norms and d² = ‖x‖² + ‖y‖² − 2x·y, which
 * is faster and cancels where rows are far from the origin in units of the bandwidth: the caller chooses.
 */
export function rbfSums(
  x: usize, n: i32, y: usize, m: i32, d: i32, pairs: bool, squared: bool, gammas: usize, bandwidths: i32, block: usize, sums: usize,
): void {
  const xSize = panelBytes(d, X_WIDTH);
  const ySize = panelBytes(d, Y_WIDTH);
  memory.fill(sums, 0, <usize>bandwidths << 3);
  for (let i = 0; i < n; i += ROWS) {
    const strip = x + <usize>(i / X_WIDTH) * xSize;
    const padded = (min(ROWS, n - i) + X_WIDTH - 1) / X_WIDTH * X_WIDTH;
    for (let j = pairs ? i : 0; j < m; j += Y_WIDTH) {
      const panel = y + <usize>(j / Y_WIDTH) * ySize;
      const diagonal = pairs && j < i + ROWS;
      const rows = diagonal ? min(padded, j - i + Y_WIDTH) : padded;
      if (squared) squaredBlock(strip, rows, panel, d, block);
      else productBlock(strip, rows, panel, d, block);
      if (diagonal) maskDiagonal(block, j - i, squared ? FAR : -FAR);
      for (let s: usize = 0; s < <usize>bandwidths; s++) {
        const gamma = load<f32>(gammas + (s << 2)) * LOG2_E; // e^−γd² = 2^(−γd²·log₂ e)
        const sum = sums + (s << 3);
        store<f64>(sum, load<f64>(sum) + sumExp(block, rows, squared ? -gamma : 2 * gamma));
      }
    }
  }
  if (!pairs) return;
  for (let s: usize = 0; s < <usize>bandwidths; s++) store<f64>(sums + (s << 3), 2 * load<f64>(sums + (s << 3)));
}
