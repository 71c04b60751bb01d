/**
 * Squared Euclidean distances tile by tile, without the N × M matrix: what neighbours.ts and median-distance.ts look through.
 *
 * Dimensions: N rows of x, M rows of y, D columns. Rows are packed into panels of W rows, column after column:
 * panel (D + 1, W), whose first line is the bias of each row. A block is (ROWS, 8) values of d² for ROWS rows of x against one
 * panel of y. Here d² = Σ (x − y)², summed in column order: exact zeros for equal rows, d²(i, j) = d²(j, i), and no
 * cancellation whatever the offset of the data.
 */

/** Rows of x in a panel, rows of y in a panel, rows of x in a block (a multiple of both). */
export const X_WIDTH: i32 = 4;
export const Y_WIDTH: i32 = 8;
export const ROWS: i32 = 64;

/** Bias of the rows that fill up the last panel: farther than anything, and its kernel value is 0. */
export const FAR: f32 = 1e30;

// @ts-ignore: decorator
@inline export function panelBytes(d: i32, width: i32): usize {
  return (<usize>d + 1) * <usize>width * 4;
}

/**
 * Packs (x − centre)·scale, x (n, d), into panels (⌈n / width⌉, d + 1, width); centre (d), 0 = none. The bias line holds 0, or
 * with `halfNorms` −‖x_i‖² / 2; rows that fill up the last panel hold zeros and a bias of FAR (−FAR with `halfNorms`).
 * Returns Σ ‖x_i‖² of what it packed.
 */
export function packRows(x: usize, n: i32, d: i32, width: i32, centre: usize, scale: f32, halfNorms: bool, out: usize): f64 {
  let total: f64 = 0;
  const line = <usize>width * 4;
  const size = panelBytes(d, width);
  const padded = (n + width - 1) / width * width;
  for (let i = 0; i < padded; i++) {
    let at = out + <usize>(i / width) * size + (<usize>(i % width) << 2);
    const bias = at;
    if (i >= n) {
      store<f32>(bias, halfNorms ? -FAR : FAR);
      for (let k = 0; k < d; k++) store<f32>((at += line), 0);
      continue;
    }
    const row = x + (<usize>i * d << 2);
    let norm: f64 = 0;
    for (let k = 0; k < d; k++) {
      const offset = <usize>k << 2;
      const v = (load<f32>(row + offset) - (centre ? load<f32>(centre + offset) : 0)) * scale;
      norm += <f64>v * v;
      store<f32>((at += line), v);
    }
    store<f32>(bias, halfNorms ? <f32>(-0.5 * norm) : 0);
    total += norm;
  }
  return total;
}

/** means (d) = column means of x (n, d), summed in float64. */
export function columnMeans(x: usize, n: i32, d: i32, means: usize): void {
  for (let k = 0; k < d; k++) {
    let sum: f64 = 0;
    for (let i = 0; i < n; i++) sum += load<f32>(x + (<usize>(i * d + k) << 2));
    store<f32>(means + (<usize>k << 2), <f32>(sum / n));
  }
}

// @ts-ignore: decorator
@inline function term(squared: bool, a: v128, b: v128, c: v128): v128 {
  if (!squared) return f32x4.add(f32x4.mul(a, b), c);
  const difference = f32x4.sub(a, b);
  return f32x4.add(f32x4.mul(difference, difference), c);
}

/**
 * One 4 × 8 tile: out (4, 8) = bias_i + bias_j + Σ_k term(x_ik, y_jk), where the term is (x − y)² or x·y. Only plain stores
 * follow the loop over k; anything else there halves its speed in V8. Tiles of 5 × 8 and 6 × 8, and two columns a round, were
 * slower at D = 30 (RBF sum of 5,000²: 91, 80 and 85 ms against 63).
 */
// @ts-ignore: decorator
@inline function tile(squared: bool, x: usize, y: usize, d: i32, out: usize): void {
  let b0 = v128.load(y);
  let b1 = v128.load(y, 16);
  let a = v128.load32_splat(x);
  let c00 = f32x4.add(a, b0);
  let c01 = f32x4.add(a, b1);
  a = v128.load32_splat(x, 4);
  let c10 = f32x4.add(a, b0);
  let c11 = f32x4.add(a, b1);
  a = v128.load32_splat(x, 8);
  let c20 = f32x4.add(a, b0);
  let c21 = f32x4.add(a, b1);
  a = v128.load32_splat(x, 12);
  let c30 = f32x4.add(a, b0);
  let c31 = f32x4.add(a, b1);
  const end = x + panelBytes(d, X_WIDTH);
  for (x += 16, y += 32; x < end; x += 16, y += 32) {
    b0 = v128.load(y);
    b1 = v128.load(y, 16);
    a = v128.load32_splat(x);
    c00 = term(squared, a, b0, c00);
    c01 = term(squared, a, b1, c01);
    a = v128.load32_splat(x, 4);
    c10 = term(squared, a, b0, c10);
    c11 = term(squared, a, b1, c11);
    a = v128.load32_splat(x, 8);
    c20 = term(squared, a, b0, c20);
    c21 = term(squared, a, b1, c21);
    a = v128.load32_splat(x, 12);
    c30 = term(squared, a, b0, c30);
    c31 = term(squared, a, b1, c31);
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  v128.store(out, c10, 32);
  v128.store(out, c11, 48);
  v128.store(out, c20, 64);
  v128.store(out, c21, 80);
  v128.store(out, c30, 96);
  v128.store(out, c31, 112);
}

/** block (rows rounded up to 4, 8) = d² of `rows` rows of packed x against one panel of y. */
export function squaredBlock(x: usize, rows: i32, y: usize, d: i32, block: usize): void {
  const size = panelBytes(d, X_WIDTH);
  for (let i = 0; i < rows; i += X_WIDTH, x += size, block += 128) tile(true, x, y, d, block);
}

/** block (rows rounded up to 4, 8) = x·y − ‖x‖²/2 − ‖y‖²/2 = −d²/2, for panels packed with `halfNorms`. */
export function productBlock(x: usize, rows: i32, y: usize, d: i32, block: usize): void {
  const size = panelBytes(d, X_WIDTH);
  for (let i = 0; i < rows; i += X_WIDTH, x += size, block += 128) tile(false, x, y, d, block);
}
