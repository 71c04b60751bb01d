/** Rows of an encoded matrix as the fidelity metrics take them. Dimensions: N rows, D columns. */
import type { Backend, Matrix } from '../backend/backend.js';
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';

/** A feature matrix, or any other row-major values without missing ones. */
export interface Rows {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float32Array | Float64Array; // (N, D)
}

/** At most this many rows a side enter a metric of distances. */
export const ROW_LIMIT = 2000;

/** `x` itself, or `limit` of its rows drawn without replacement, in their order. */
export function atMost(x: Rows, stream: Stream, limit = ROW_LIMIT): Rows {
  if (x.rows <= limit) return x;
  const chosen = stream.permutation(x.rows).slice(0, limit).sort();
  const values = new Float64Array(limit * x.cols);
  for (const [i, row] of chosen.entries()) values.set(x.values.subarray(row * x.cols, (row + 1) * x.cols), i * x.cols);
  return { rows: limit, cols: x.cols, values };
}

/**
 * Puts several sets of rows on the backend, less their common column means taken in float64: distances stay as they are, and
 * an offset of the data costs no digits when values are rounded to float32.
 */
export function uploadCentred(backend: Backend, sets: readonly Rows[]): Matrix[] {
  const cols = sets[0]?.cols ?? 0;
  const count = sets.reduce((sum, { rows }) => sum + rows, 0);
  const means = new Float64Array(cols);
  for (const { rows, cols: own, values } of sets) {
    if (own !== cols) throw new InputError(`"columns" expected equal numbers, got ${cols} and ${own}`);
    for (let i = 0; i < rows * cols; i++) means[i % cols] = (means[i % cols] as number) + (values[i] as number) / count;
  }
  return sets.map(({ rows, values }) =>
    backend.matrix(
      rows,
      cols,
      Float32Array.from({ length: rows * cols }, (_, i) => (values[i] as number) - (means[i % cols] as number)),
    ),
  );
}

/** Runs `work` and frees the backend's memory that it took. */
export async function withMemory<T>(backend: Backend, work: () => T | Promise<T>): Promise<T> {
  const mark = backend.mark();
  try {
    return await work();
  } finally {
    backend.release(mark);
  }
}

/** The middle of the sorted values, of an even number the mean of the middle two; NaN without values. */
export function median(values: ArrayLike<number>): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
