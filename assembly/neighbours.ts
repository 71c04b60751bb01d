/** Nearest neighbours, tile by tile. Dimensions: N rows of x, M rows of y, D columns, K neighbours; blocks as in distance.ts. */
import { panelBytes, ROWS, squaredBlock, X_WIDTH, Y_WIDTH } from "./distance";

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
