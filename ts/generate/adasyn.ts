/**
 * ADASYN (He, Bai, Garcia & Li 2008): SMOTE that makes more rows from the minority rows with more majority rows among their nearest.
 * Definitions as in imbalanced-learn, but exactly as many rows as asked for; see neighbours.ts for what is near.
 *
 * Dimensions: M minority rows, R rows to make.
 */
import { ComputeError, throwIfAborted } from '../errors.js';
import type { Stream } from '../random.js';
import type { Generator } from './generator.js';
import { fitGrids, interpolateTable, placesFrom } from './interpolation.js';
import { minorityRows, UNTRAINED } from './minority.js';
import { checkCounts } from './mixed-rows.js';
import { classRows, majorityCounts, minorityNeighbourhood, neighbourhoodAmongAll } from './neighbours.js';

export interface AdasynOptions {
  /** Neighbours among all rows that decide how many rows to make, and within the minority to interpolate with. */
  readonly k: number;
}

/**
 * Rows to make from each minority row: R · counts / Σ counts, rounded, halves to even, in whole numbers. Their sum is R but for
 * rounding; `counts` (M) of majority neighbours.
 */
export function shares(counts: Uint32Array, rows: number): Uint32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => {
    const below = Math.floor((count * rows) / total);
    const twice = 2 * (count * rows - below * total); // of the remainder, against `total`
    return below + (twice > total || (twice === total && below % 2 === 1) ? 1 : 0);
  });
}

/**
 * The minority row from which each of `rows` rows starts, in random order: by {@link shares}; what rounding leaves over is
 * dropped at random, what it leaves out is drawn in proportion to `counts`.
 */
export function drawStarts(counts: Uint32Array, rows: number, stream: Stream): Uint32Array {
  const repeated = (times: Uint32Array) => Array.from(times).flatMap((n, row) => new Array<number>(n).fill(row));
  const starts = repeated(shares(counts, rows));
  const [fill, order] = [stream.child('fill'), stream.child('order')];
  const urn = repeated(counts);
  while (starts.length < rows) starts.push(urn[fill.below(urn.length)] as number);
  return order
    .permutation(starts.length)
    .subarray(0, rows)
    .map((at) => starts[at] as number);
}

export const adasyn: Generator<AdasynOptions> = {
  name: 'adasyn',
  minMinority: 2,
  defaults: { k: 5 },
  async fit(train, _stream, run, changed) {
    const options = { ...adasyn.defaults, ...changed };
    checkCounts({ ...options }, ['k']);
    throwIfAborted(run.signal);
    const rows = classRows(train, minorityRows(train, adasyn));
    const around = neighbourhoodAmongAll(rows, options.k, run.backend);
    const counts = majorityCounts(around, rows.minority);
    if (counts.every((count) => count === 0)) {
      throw new ComputeError(
        `method "adasyn" found no majority row among the ${around.k} nearest rows of any minority row; choose smote, which needs none`,
      );
    }
    throwIfAborted(run.signal);
    const near = minorityNeighbourhood(rows, options.k, run.backend);
    const grids = fitGrids(train.features);
    return {
      history: UNTRAINED,
      async sample(count, stream, run) {
        throwIfAborted(run.signal);
        const places = placesFrom(drawStarts(counts, count, stream), near, stream);
        return interpolateTable(rows.table, near, places, grids, stream);
      },
    };
  },
};
