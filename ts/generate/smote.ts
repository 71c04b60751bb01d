/**
 * SMOTE (Chawla, Bowyer, Hall & Kegelmeyer 2002, JAIR 16): new minority rows on the segments between neighbouring ones;
 * SMOTE-NC where the table has level columns. Neighbours are sought in numbers standardised by the training part (missing =
 * its median) and one-hot levels weighted as in the paper's §6.1; see interpolation.ts for what is drawn.
 */
import type { Backend } from '../backend/backend.js';
import { type FeatureMatrix, fitFeatures } from '../encode/features.js';
import { fitGrid, type Grid, toGrid } from '../encode/grid.js';
import { InputError, throwIfAborted } from '../errors.js';
import type { Stream } from '../random.js';
import { type Column, isLevelColumn, isNumberColumn, type Table, takeRows } from '../table/table.js';
import type { Generator } from './generator.js';
import { drawPlaces, interpolate, type Neighbourhood, vote } from './interpolation.js';
import { minorityRows, UNTRAINED } from './minority.js';

export interface SmoteOptions {
  /** Neighbours a row; shrinks to minority − 1. */
  readonly k: number;
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
 * Weights the one-hot levels of minority rows (M, D), so that a differing level adds (median deviation of the minority's
 * numbers)² to a squared distance. Without numbers, or where the median is 0, the unit of the standardised space takes its place.
 */
export function weightLevels({ rows, cols, values, spans }: FeatureMatrix): Float32Array {
  const numbers = spans
    .filter((span) => span.kind === 'number')
    .map((span) => Float64Array.from({ length: rows }, (_, i) => values[i * cols + span.start] as number));
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

/** The `k` nearest other rows of each row of `points` (M, D); fewer when there are not as many. */
export function neighbourhood(points: Float32Array, rows: number, k: number, backend: Backend): Neighbourhood {
  const mark = backend.mark();
  try {
    const matrix = backend.matrix(rows, points.length / rows, points);
    const within = Math.min(k, rows - 1);
    return { k: within, index: backend.distance.neighbours(matrix, matrix, within, true).index };
  } finally {
    backend.release(mark);
  }
}

/** Draws the rows of a table of minority rows, column by column; `grids` puts each column's numbers where real ones can be. */
function drawTable(minority: Table, near: Neighbourhood, grids: readonly (Grid | null)[], rows: number, stream: Stream): Table {
  const places = drawPlaces(rows, near, stream);
  const columns = minority.columns.map((column, c): Column => {
    if (isLevelColumn(column)) return { ...column, codes: vote(column.codes, near, places, stream.child('tie').child(column.name)) };
    if (!isNumberColumn(column)) throw new InputError(`column "${column.name}" is text and cannot be interpolated; exclude it`);
    const grid = grids[c] ?? null; // null where no training row has a value, and so none is drawn
    const values = interpolate(column.values, places);
    return { ...column, values: grid === null ? values : values.map((value) => toGrid(grid, value)) };
  });
  return { rows, columns };
}

export const smote: Generator<SmoteOptions> = {
  name: 'smote',
  minMinority: 2,
  defaults: { k: 5 },
  async fit(train, _stream, run, options) {
    const { k } = { ...smote.defaults, ...options };
    if (!Number.isInteger(k) || k < 1) throw new InputError(`"k" expected an integer of at least 1, got ${k}`);
    throwIfAborted(run.signal);
    const minority = takeRows(train.features, minorityRows(train, smote));
    const grids = train.features.columns.map((column) => (isNumberColumn(column) ? fitGrid(column.values) : null));
    const points = weightLevels(fitFeatures(train.features).standardised(minority));
    const near = neighbourhood(points, minority.rows, k, run.backend);
    return {
      history: UNTRAINED,
      async sample(rows, stream, run) {
        throwIfAborted(run.signal);
        return drawTable(minority, near, grids, rows, stream);
      },
    };
  },
};
