/**
 * The space in which SMOTE and its kin seek neighbours: numbers standardised by the training part (missing = its median), and
 * one-hot levels weighted as in SMOTE-NC (Chawla et al. 2002, §6.1).
 *
 * Dimensions: N rows, of which the first M are of the minority, D columns, k neighbours a row.
 */
import type { Backend } from '../backend/backend.js';
import { type FeatureMatrix, fitFeatures } from '../encode/features.js';
import { type Dataset, rowsWhere, type Table, takeRows } from '../table/table.js';
import type { Neighbourhood } from './interpolation.js';

/** Rows of both classes, the minority first, so that a minority row has the same number among its own and among all. */
export interface ClassRows {
  readonly table: Table; // (N)
  readonly minority: number; // M
  readonly points: Float32Array; // (N, D) row-major
}

/** All rows of a training part; `minority` lists its positive rows. */
export function classRows(train: Dataset, minority: Uint32Array): ClassRows {
  const table = takeRows(train.features, [...minority, ...rowsWhere(train.y, 0)]);
  const points = weightLevels(fitFeatures(train.features).standardised(table), minority.length);
  return { table, minority: minority.length, points };
}

/** Median of the columns' standard deviations (over M); an even count takes the mean of the middle two. */
export function medianDeviation(columns: readonly ArrayLike<number>[]): number {
  const deviations = columns.map((column) => {
    const cells = Array.from(column);
    const mean = cells.reduce((sum, x) => sum + x, 0) / cells.length;
    return Math.sqrt(cells.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / cells.length);
  });
  deviations.sort((a, b) => a - b);
  const middle = deviations.length / 2;
  return ((deviations[Math.ceil(middle) - 1] as number) + (deviations[Math.floor(middle)] as number)) / 2;
}

/**
 * Weights the one-hot levels of rows (N, D) of which the first `minority` are the minority, so that a differing level adds (median
 * deviation of the minority's numbers)² to a squared distance. Without numbers, or where the median is 0, the unit of the
 * standardised space takes its place.
 */
export function weightLevels({ rows, cols, values, spans }: FeatureMatrix, minority: number = rows): Float32Array {
  if (spans.every((span) => span.kind === 'number')) return values;
  const numbers = spans
    .filter((span) => span.kind === 'number')
    .map((span) => Float64Array.from({ length: minority }, (_, i) => values[i * cols + span.start] as number));
  const weight = Math.sqrt(0.5) * ((numbers.length > 0 && medianDeviation(numbers)) || 1); // two entries differ: 2 · (w/√2)²
  const weighted = values.slice();
  for (const span of spans) {
    if (span.kind === 'number') continue;
    for (let i = 0; i < rows; i++) {
      for (let j = span.start; j < span.start + span.width; j++) weighted[i * cols + j] = (values[i * cols + j] as number) * weight;
    }
  }
  return weighted;
}

/** The `k` nearest other rows of each of the first `queries` of the rows of `points` (N, D); fewer when there are not as many. */
export function neighbourhood(points: Float32Array, rows: number, k: number, backend: Backend, queries: number = rows): Neighbourhood {
  const within = Math.min(k, rows - 1);
  const mark = backend.mark();
  try {
    const all = backend.matrix(rows, points.length / rows, points);
    const query = backend.view(all, 0, queries, all.cols);
    return { k: within, index: backend.distance.neighbours(query, all, within, true).index };
  } finally {
    backend.release(mark);
  }
}

/** The `k` nearest rows of each minority row within the minority. */
export const minorityNeighbourhood = ({ points, minority, table }: ClassRows, k: number, backend: Backend): Neighbourhood =>
  neighbourhood(points.subarray(0, (points.length / table.rows) * minority), minority, k, backend);

/** The `k` nearest rows of each minority row among all rows. */
export const neighbourhoodAmongAll = ({ points, minority, table }: ClassRows, k: number, backend: Backend): Neighbourhood =>
  neighbourhood(points, table.rows, k, backend, minority);

/** How many of each minority row's neighbours are of the majority; (M). */
export const majorityCounts = ({ k, index }: Neighbourhood, minority: number): Uint32Array =>
  Uint32Array.from({ length: index.length / k }, (_, i) => index.subarray(i * k, (i + 1) * k).filter((row) => row >= minority).length);
