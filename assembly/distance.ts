/**
 * Squared Euclidean distances tile by tile: nearest neighbours and the median pairwise distance without the N × M matrix.
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

/**
 * Takes `row` up among the k best of a query, which are sorted, if its distance is less than their last, `worst` (1): an equal one
 * stays behind.
 */
function offer(value: f32, row: i32, k: i32, index: usize, squared: usize, worst: usize): void {
  if (!(value < load<f32>(worst))) return;
  const last = <usize>(k - 1) << 2;
  let at = last;
  for (; at > 0 && load<f32>(squared + at - 4) > value; at -= 4) {
    store<f32>(squared + at, load<f32>(squared + at - 4));
    store<u32>(index + at, load<u32>(index + at - 4));
  }
  store<f32>(squared + at, value);
  store<u32>(index + at, row);
  store<f32>(worst, load<f32>(squared + last));
}

/** Bit c is set where the distance of a block's line is less than column c of worst (8). */
// @ts-ignore: decorator
@inline function nearerThan(line: usize, worst0: v128, worst1: v128): i32 {
  const low = f32x4.lt(v128.load(line), worst0), high = f32x4.lt(v128.load(line, 16), worst1);
  return v128.any_true(v128.or(low, high)) ? i32x4.bitmask(low) | (i32x4.bitmask(high) << 4) : 0;
}

/** Offers a block (rows, 8) to its rows, i and those after it; `cols` says which columns there are, `self` which is row i, if any. */
function offerToRows(
  block: usize, i: i32, rows: i32, j: i32, cols: i32, self: i32, k: i32, index: usize, squared: usize, worst: usize,
): void {
  const bytes = <usize>k << 2;
  for (let r = 0; r < rows; r++, block += 32) {
    const at = worst + (<usize>(i + r) << 2), best = <usize>(i + r) * bytes;
    const all = v128.load32_splat(at);
    for (let which = nearerThan(block, all, all) & cols; which != 0; which &= which - 1) {
      const c = ctz(which);
      if (c != self + r) offer(load<f32>(block + (<usize>c << 2)), j + c, k, index + best, squared + best, at);
    }
  }
}

/** Offers a block (rows, 8) to its columns, rows j and those after it. */
function offerToColumns(block: usize, i: i32, rows: i32, j: i32, k: i32, index: usize, squared: usize, worst: usize): void {
  const bytes = <usize>k << 2;
  worst += <usize>j << 2;
  for (let r = 0; r < rows; r++, block += 32) {
    for (let which = nearerThan(block, v128.load(worst), v128.load(worst, 16)); which != 0; which &= which - 1) {
      const c = ctz(which);
      const best = <usize>(j + c) * bytes;
      offer(load<f32>(block + (<usize>c << 2)), i + r, k, index + best, squared + best, worst + (<usize>c << 2));
    }
  }
}

/**
 * The k nearest of m rows for each of n rows: index (n, k), nearest first, ties by lower row, and squared (n, k). Where fewer
 * than k distances are finite, index keeps 0xffffffff. x and y are packed (widths 4 and 8); block (ROWS, 8) and worst (n rounded up
 * to 8) are scratch. With `same`, row i of y is row i of x and none of its neighbours; d² of such a pair is computed once and offered to
 * both. Either way a row is offered the others in their order.
 */
export function neighbours(
  x: usize, n: i32, y: usize, m: i32, d: i32, k: i32, same: bool, block: usize, worst: usize, index: usize, squared: usize,
): void {
  assert(k >= 1);
  memory.fill(index, 0xff, <usize>n * k << 2);
  for (let i: usize = 0, end = <usize>n * k << 2; i < end; i += 4) store<f32>(squared + i, Infinity);
  for (let i: usize = 0; i < <usize>(n + 7 & ~7); i++) store<f32>(worst + (i << 2), i < <usize>n ? Infinity : -1);
  const xSize = panelBytes(d, X_WIDTH);
  const ySize = panelBytes(d, Y_WIDTH);
  for (let i = 0; i < n; i += ROWS) {
    const rows = min(ROWS, n - i);
    for (let j = same ? i : 0; j < m; j += Y_WIDTH) {
      squaredBlock(x + <usize>(i / X_WIDTH) * xSize, rows, y + <usize>(j / Y_WIDTH) * ySize, d, block);
      const cols = m - j < Y_WIDTH ? (1 << (m - j)) - 1 : 255;
      offerToRows(block, i, rows, j, cols, same ? i - j : -ROWS, k, index, squared, worst);
      if (same && j >= i + ROWS && j < n) offerToColumns(block, i, rows, j, k, index, squared, worst);
    }
  }
}

const BINS: i32 = 2048;

/** Bytes of scratch that `medianDistance` needs for its histogram. */
export function medianScratch(): usize {
  return BINS * 8;
}

/** Counts the pairs i < j whose bits under `mask` equal `prefix` by their next bits: bins[(bits >> shift) & 2047]. */
function countPairs(
  x: usize, y: usize, n: i32, d: i32, block: usize, mask: u32, prefix: u32, shift: u32, bins: usize,
): void {
  const xSize = panelBytes(d, X_WIDTH);
  const ySize = panelBytes(d, Y_WIDTH);
  memory.fill(bins, 0, medianScratch());
  for (let j = 0; j < n; j += Y_WIDTH) {
    const cols = min(Y_WIDTH, n - j);
    const above = min(n, j + Y_WIDTH); // rows that can have a pair in this panel
    for (let i = 0; i < above; i += ROWS) {
      const rows = min(ROWS, above - i);
      squaredBlock(x + <usize>(i / X_WIDTH) * xSize, rows, y + <usize>(j / Y_WIDTH) * ySize, d, block);
      for (let r = 0; r < rows; r++) {
        for (let c = max(0, i + r + 1 - j); c < cols; c++) {
          const bits = load<u32>(block + (<usize>(r * Y_WIDTH + c) << 2));
          if ((bits & mask) != prefix) continue;
          const bin = bins + (<usize>((bits >> shift) & (BINS - 1)) << 3);
          store<u64>(bin, load<u64>(bin) + 1);
        }
      }
    }
  }
}

/**
 * The pair distance d² of the given rank (0 = smallest), by radix selection: floats that are not negative sort as their bits,
 * so three counting passes of 11, 11 and 10 bits find it exactly, in constant memory. NaN when a distance is not finite.
 */
function selectPair(x: usize, y: usize, n: i32, d: i32, rank: u64, block: usize, bins: usize): f32 {
  let prefix: u32 = 0;
  let mask: u32 = 0;
  for (let pass = 0; pass < 3; pass++) {
    const shift: u32 = pass == 0 ? 21 : pass == 1 ? 10 : 0;
    countPairs(x, y, n, d, block, mask, prefix, shift, bins);
    if (pass == 0) {
      for (let bin = 0x7f800000 >> 21; bin < BINS; bin++) if (load<u64>(bins + (<usize>bin << 3))) return NaN;
    }
    let bin: u32 = 0;
    for (let count = load<u64>(bins); rank >= count; count = load<u64>(bins + (<usize>bin << 3))) {
      rank -= count;
      bin++;
    }
    prefix |= bin << shift;
    mask |= (pass == 2 ? 1023 : 2047) << shift;
  }
  return reinterpret<f32>(prefix);
}

/**
 * Median Euclidean distance over pairs i < j of n rows; even counts take the mean of the middle two; NaN below two rows or
 * when a distance is not finite. x and y are the same rows packed with widths 4 and 8; block (ROWS, 8) and bins are scratch.
 */
export function medianDistance(x: usize, y: usize, n: i32, d: i32, block: usize, bins: usize): f64 {
  const pairs = <u64>n * (n - 1) / 2;
  if (n < 2) return NaN;
  const upper = sqrt<f64>(selectPair(x, y, n, d, pairs / 2, block, bins));
  if (pairs & 1) return upper;
  return (sqrt<f64>(selectPair(x, y, n, d, pairs / 2 - 1, block, bins)) + upper) / 2;
}
