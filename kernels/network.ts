/**
 * The denoiser's operations as gpu.js kernels: each function computes one element, [row this.thread.y][column this.thread.x], of its
 * result. gpu.js parses their text, so they import nothing, and hold no inner functions.
 *
 * Dimensions: M, N, K of products; B batch rows, I inputs, O outputs, R rows of a table.
 */

/** A matrix as gpu.js hands it over. */
type Grid = readonly (readonly number[])[];

/** What gpu.js gives a kernel as `this`. */
interface Kernel<Constants extends string = never> {
  readonly thread: { readonly x: number; readonly y: number };
  readonly constants: Readonly<Record<Constants, number>>;
}

/** c = a·b; a (M, K), b (K, N). */
export function product(this: Kernel<'inner'>, a: Grid, b: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += a[this.thread.y][k] * b[k][this.thread.x];
  }
  return sum;
}

/** c = a·bᵀ; b (N, K). */
export function productTransposedB(this: Kernel<'inner'>, a: Grid, b: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += a[this.thread.y][k] * b[this.thread.x][k];
  }
  return sum;
}

/** c = aᵀ·b; a (K, M). */
export function productTransposedA(this: Kernel<'inner'>, a: Grid, b: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += a[k][this.thread.y] * b[k][this.thread.x];
  }
  return sum;
}

/** c = aᵀ·bᵀ; a (K, M), b (N, K). */
export function productTransposedBoth(this: Kernel<'inner'>, a: Grid, b: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += a[k][this.thread.y] * b[this.thread.x][k];
  }
  return sum;
}

/** z = x·wᵀ + b; x (B, I), w (O, I), b (1, O). */
export function linear(this: Kernel<'inner'>, x: Grid, w: Grid, b: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += x[this.thread.y][k] * w[this.thread.x][k];
  }
  return sum + b[0][this.thread.x];
}

/** The same, and relu; a NaN stays one, so that diverged training shows. */
export function linearRelu(this: Kernel<'inner'>, x: Grid, w: Grid, b: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += x[this.thread.y][k] * w[this.thread.x][k];
  }
  sum += b[0][this.thread.x];
  if (sum < 0) {
    return 0;
  }
  return sum;
}

/** Sums of the columns of x (B, O). */
export function columnSums(this: Kernel<'inner'>, x: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += x[k][this.thread.x];
  }
  return sum;
}

// ---- elementwise ----

/** Consecutive values of a matrix from its element `start` on, in rows of another length. */
export function slice(this: Kernel<'cols' | 'sourceCols'>, source: Grid, start: number): number {
  const at = start + this.thread.y * this.constants.cols + this.thread.x;
  const row = Math.floor((at + 0.5) / this.constants.sourceCols);
  return source[row][at - row * this.constants.sourceCols];
}

/** A copy. */
export function copy(this: Kernel, x: Grid): number {
  return x[this.thread.y][this.thread.x];
}

export function fill(this: Kernel, value: number): number {
  return value;
}

export function add(this: Kernel, a: Grid, b: Grid): number {
  return a[this.thread.y][this.thread.x] + b[this.thread.y][this.thread.x];
}

/** a + by·b. */
export function addScaled(this: Kernel, a: Grid, b: Grid, by: number): number {
  return a[this.thread.y][this.thread.x] + by * b[this.thread.y][this.thread.x];
}

export function multiply(this: Kernel, a: Grid, b: Grid): number {
  return a[this.thread.y][this.thread.x] * b[this.thread.y][this.thread.x];
}

/** a NaN stays one. */
export function clamp(this: Kernel, x: Grid, low: number, high: number): number {
  const value = x[this.thread.y][this.thread.x];
  if (value < low) {
    return low;
  }
  if (value > high) {
    return high;
  }
  return value;
}

/** Columns `at` … of source; `at` is a constant. */
export function takeColumns(this: Kernel<'at'>, source: Grid): number {
  return source[this.thread.y][this.thread.x + this.constants.at];
}

/** out with its columns `at` … taken from source, which has `width`. */
export function placeColumns(this: Kernel<'at' | 'width'>, source: Grid, out: Grid): number {
  if (this.thread.x >= this.constants.at && this.thread.x < this.constants.at + this.constants.width) {
    return source[this.thread.y][this.thread.x - this.constants.at];
  }
  return out[this.thread.y][this.thread.x];
}

/** whole with consecutive values replaced, from its element `start` on, by those of a part (rows of `partCols`, `length` in all). */
export function paste(this: Kernel<'cols' | 'partCols' | 'length'>, whole: Grid, part: Grid, start: number): number {
  const at = this.thread.y * this.constants.cols + this.thread.x - start;
  if (at < 0 || at >= this.constants.length) {
    return whole[this.thread.y][this.thread.x];
  }
  const row = Math.floor((at + 0.5) / this.constants.partCols);
  return part[row][at - row * this.constants.partCols];
}

// ---- rows by index ----

/** table[index[i]]; table (R, O), index (1, B). */
export function gatherRows(this: Kernel, table: Grid, index: Grid): number {
  return table[index[0][this.thread.y]][this.thread.x];
}

/** out[i] + table[index[i]]. */
export function addRows(this: Kernel, out: Grid, table: Grid, index: Grid): number {
  return out[this.thread.y][this.thread.x] + table[index[0][this.thread.y]][this.thread.x];
}

/**
 * dtable[r] + the rows of dout whose index is r, in their order: those at order[starts[r]] … order[starts[r + 1] − 1].
 * dout (B, O), order (1, B), starts (1, R + 1), dtable (R, O).
 */
export function addRowsBackward(this: Kernel<'batch'>, dtable: Grid, dout: Grid, order: Grid, starts: Grid): number {
  let sum = dtable[this.thread.y][this.thread.x];
  const start = starts[0][this.thread.y];
  const count = starts[0][this.thread.y + 1] - start;
  for (let i = 0; i < this.constants.batch; i++) {
    if (i >= count) {
      break;
    }
    sum += dout[order[0][start + i]][this.thread.x];
  }
  return sum;
}

// ---- losses ----

/** (p − y)·slope. */
export function scaledDifference(this: Kernel, p: Grid, y: Grid, slope: number): number {
  return (p[this.thread.y][this.thread.x] - y[this.thread.y][this.thread.x]) * slope;
}

/** Sums of the columns of (p − y)²; p (B, W), y (B, W or fewer columns). */
export function columnSquares(this: Kernel<'inner'>, p: Grid, y: Grid): number {
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    const d = p[k][this.thread.x] - y[k][this.thread.x];
    sum += d * d;
  }
  return sum;
}

/** losses (1, n) with the sum of terms (1, inner) times `factor`, plus `more`, put at `slot`. */
export function putLoss(this: Kernel<'inner'>, losses: Grid, terms: Grid, slot: number, factor: number, more: number): number {
  if (Math.abs(this.thread.x - slot) > 0.5) {
    return losses[0][this.thread.x];
  }
  let sum = 0;
  for (let k = 0; k < this.constants.inner; k++) {
    sum += terms[0][k];
  }
  return sum * factor + more;
}
