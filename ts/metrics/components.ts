/**
 * The two directions in which rows spread most (principal components), for pictures. Dimensions: N rows, D columns.
 *
 * Both directions are found together by orthogonal iteration on the covariance: v ← C·v, then Gram–Schmidt (Golub & Van Loan, §8.2.4).
 * Where two variances are nearly equal any direction of their plane serves as well, so that no more steps are taken for them.
 */
import type { Rows } from './rows.js';

export interface Components {
  readonly mean: Float64Array; // (D)
  /** Unit vectors at right angles, the widest spread first; the largest entry of each is positive. */
  readonly axes: readonly [Float64Array, Float64Array]; // (D) each
  /** Share of the rows' variance along each. */
  readonly explained: readonly [number, number];
}

const STEPS = 300;
const SETTLED = 1e-12;
/** The covariance has D² numbers; a picture of a wider table is not worth its time. */
const MOST_COLUMNS = 2000;

/** Null with fewer than three rows, fewer than two columns or no spread in two directions. */
export function principalComponents(x: Rows): Components | null {
  const { rows, cols } = x;
  if (rows < 3 || cols < 2 || cols > MOST_COLUMNS) return null;
  const mean = columnMeans(x);
  const covariance = covarianceOf(x, mean);
  let total = 0;
  for (let d = 0; d < cols; d++) total += covariance[d * cols + d] as number;
  const [first, second] = widestColumns(covariance, cols);
  let axes: [Float64Array, Float64Array] = [first, second];
  if (!orthonormalise(axes)) return null;
  for (let step = 0; step < STEPS; step++) {
    const next: [Float64Array, Float64Array] = [product(covariance, axes[0]), product(covariance, axes[1])];
    if (!orthonormalise(next)) return null;
    const moved = Math.max(distance(next[0], axes[0]), distance(next[1], axes[1]));
    axes = next;
    if (moved < SETTLED) break;
  }
  const variance = (axis: Float64Array) => dot(axis, product(covariance, axis)) / total;
  const explained: [number, number] = [variance(axes[0]), variance(axes[1])];
  return { mean, axes: [pointed(axes[0]), pointed(axes[1])], explained };
}

/** The coordinates of rows along both axes. */
export function project({ mean, axes }: Components, { rows, cols, values }: Rows): [Float64Array, Float64Array] {
  const along = (axis: Float64Array) =>
    Float64Array.from({ length: rows }, (_, i) => {
      let sum = 0;
      for (let d = 0; d < cols; d++) sum += ((values[i * cols + d] as number) - (mean[d] as number)) * (axis[d] as number);
      return sum;
    });
  return [along(axes[0]), along(axes[1])];
}

function columnMeans({ rows, cols, values }: Rows): Float64Array {
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) for (let d = 0; d < cols; d++) mean[d] = (mean[d] as number) + (values[i * cols + d] as number);
  return mean.map((sum) => sum / rows);
}

/** (D, D), divided by N; the divisor changes no direction and no share. */
function covarianceOf({ rows, cols, values }: Rows, mean: Float64Array): Float64Array {
  const out = new Float64Array(cols * cols);
  const row = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < cols; d++) row[d] = (values[i * cols + d] as number) - (mean[d] as number);
    for (let d = 0; d < cols; d++) {
      const own = (row[d] as number) / rows;
      if (own === 0) continue;
      for (let e = 0; e < cols; e++) out[d * cols + e] = (out[d * cols + e] as number) + own * (row[e] as number);
    }
  }
  return out;
}

/** The covariance's longest column, and what is longest once that has been taken out: both lie near the widest spread. */
function widestColumns(covariance: Float64Array, cols: number): [Float64Array, Float64Array] {
  const columns = Array.from({ length: cols }, (_, d) => covariance.slice(d * cols, (d + 1) * cols));
  const longest = (candidates: readonly Float64Array[]) =>
    candidates.reduce((best, column) => (dot(column, column) > dot(best, best) ? column : best));
  const first = longest(columns);
  const size = dot(first, first);
  const rest = size > 0 ? columns.map((column) => less(column, first, dot(column, first) / size)) : columns;
  return [first.slice(), longest(rest).slice()];
}

/** In place; false where a direction vanishes. */
function orthonormalise([a, b]: [Float64Array, Float64Array]): boolean {
  if (!normalise(a)) return false;
  const before = Math.sqrt(dot(b, b));
  for (let twice = 0; twice < 2; twice++) b.set(less(b, a, dot(a, b)));
  return Math.sqrt(dot(b, b)) > 1e-12 * before && normalise(b);
}

function normalise(a: Float64Array): boolean {
  const length = Math.sqrt(dot(a, a));
  if (!(length > 0)) return false;
  for (let d = 0; d < a.length; d++) a[d] = (a[d] as number) / length;
  return true;
}

/** a − factor·b */
const less = (a: Float64Array, b: Float64Array, factor: number): Float64Array => a.map((value, d) => value - factor * (b[d] as number));

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] as number) * (b[d] as number);
  return sum;
}

/** C·v with C symmetric, row by row. */
const product = (c: Float64Array, v: Float64Array): Float64Array => v.map((_, d) => dot(c.subarray(d * v.length, (d + 1) * v.length), v));

const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, d) => Math.max(most, Math.abs(value - (b[d] as number))), 0);

/** An axis has no natural sign: its largest entry (of equal ones the first) is made positive. */
function pointed(axis: Float64Array): Float64Array {
  const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) + 1e-9 ? value : best), 0);
  return largest < 0 ? axis.map((value) => -value) : axis;
}
