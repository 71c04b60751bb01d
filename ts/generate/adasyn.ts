/**
 * ADASYN (He, Bai, Garcia & Li 2008): SMOTE that makes more rows from the minority rows with more majority rows among their nearest.
 * Definitions as in imbalanced-learn, but exactly as many rows as asked for; see neighbours.ts for what is near.
 *
 * Dimensions: M minority rows, R rows to make.
 */
import { turnsFor } from '../backend/turns.js';
import type { Grid } from '../encode/grid.js';
import { ComputeError, InputError, throwIfAborted } from '../errors.js';
import type { Stream } from '../random.js';
import { checkRange } from '../store/arrays.js';
import { field, optionsLike } from '../store/fields.js';
import { tensor } from '../store/safetensors.js';
import { stored } from '../store/stored.js';
import { type Table, takeRows } from '../table/table.js';
import type { Generator, ModelCodec } from './generator.js';
import { fitGrids, interpolateTable, type Neighbourhood, placesFrom } from './interpolation.js';
import { minorityRows, UNTRAINED } from './minority.js';
import { checkCounts } from './mixed-rows.js';
import { classRows, majorityCounts, minorityNeighbourhood, neighbourhoodAmongAll } from './neighbours.js';
import { kept } from './opener.js';
import { HOLDS_ROWS, openGrids, openNeighbours, openRows, storeNeighbours, storeRows } from './stored-rows.js';

/** More neighbours of one row than this are in no file of ours; the urn of starts has as many entries a row. */
const MOST_NEIGHBOURS = 1000;

/** Of ADASYN. */
export interface AdasynOptions {
  /** Neighbours among all rows that decide how many rows to make, and within the minority to interpolate with. @defaultValue 5 */
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
    const turn = turnsFor(run.signal);
    const rows = classRows(train, minorityRows(train, adasyn));
    await turn();
    const around = neighbourhoodAmongAll(rows, options.k, run.backend);
    const counts = majorityCounts(around, rows.minority);
    if (counts.every((count) => count === 0)) {
      throw new ComputeError(
        `method "adasyn" found no majority row among the ${around.k} nearest rows of any minority row; choose smote, which needs none`,
      );
    }
    await turn();
    const near = minorityNeighbourhood(rows, options.k, run.backend);
    const minority = takeRows(rows.table, [...counts.keys()]);
    return adasynCodec.samplerOf({ options, minority, counts, near, grids: fitGrids(train.features) });
  },
};

interface AdasynModel {
  readonly options: AdasynOptions;
  readonly minority: Table;
  readonly counts: Uint32Array; // (M)
  readonly near: Neighbourhood;
  readonly grids: readonly (Grid | null)[];
}

export const adasynCodec: ModelCodec<AdasynModel> = {
  method: adasyn.name,
  holds: HOLDS_ROWS,
  save: ({ options, minority, counts, near, grids }) => {
    const starts = { state: {}, arrays: { counts: tensor('U32', counts) } };
    return stored(adasynCodec, options, { rows: storeRows(minority), near: storeNeighbours('near', near), starts }, { grids });
  },
  open: ({ options, state, arrays }, { features }) => {
    const minority = openRows(field(state, 'rows'), arrays, features);
    const counts = arrays.of('counts', ['U32'], minority.rows);
    checkRange(counts, 0, MOST_NEIGHBOURS, state, 'counts');
    if (counts.every((count) => count === 0)) throw new InputError(`"${state.path}" expected a count above 0 in the array "counts"`);
    return {
      options: optionsLike(options, adasyn.defaults),
      minority,
      counts,
      near: openNeighbours('near', field(state, 'near'), arrays, minority.rows, minority.rows),
      grids: openGrids(field(state, 'grids'), features),
    };
  },
  samplerOf: (model) => ({
    history: UNTRAINED,
    ...kept(adasynCodec, model),
    async sample(count, stream, run) {
      throwIfAborted(run.signal);
      const places = placesFrom(drawStarts(model.counts, count, stream), model.near, stream, run.backend);
      return interpolateTable(model.minority, model.near, places, model.grids, stream, run.backend);
    },
  }),
};
