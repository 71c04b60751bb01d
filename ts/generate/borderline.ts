/**
 * Borderline-SMOTE (Han, Wang & Mao 2005): SMOTE that starts from minority rows in danger alone, those of which half or more, but
 * not all, of the nearest rows are of the majority. Definitions as in imbalanced-learn; see neighbours.ts for what is near.
 *
 * Dimensions: N rows, of which the first M are of the minority, R rows to make.
 */
import type { Backend } from '../backend/backend.js';
import type { Places } from '../backend/ops-distance.js';
import { turnsFor } from '../backend/turns.js';
import type { Grid } from '../encode/grid.js';
import { ComputeError, InputError, throwIfAborted } from '../errors.js';
import type { Stream } from '../random.js';
import { checkRange } from '../store/arrays.js';
import { field, integer, optionsLike } from '../store/fields.js';
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

/** Of Borderline-SMOTE. */
export interface BorderlineOptions {
  /** Neighbours to interpolate with, and to vote on levels; shrinks with the rows that there are. @defaultValue 5 */
  readonly k: number;
  /** Neighbours among all rows that decide about danger. @defaultValue 10 */
  readonly m: number;
  /** 1: towards minority rows. 2: towards any row, less than half way where it is of the majority. @defaultValue 1 */
  readonly kind: 1 | 2;
}

/** The minority rows with m/2 ≤ majority neighbours < m, ascending; `counts` (M) of `m` neighbours each. */
export const dangerRows = (counts: Uint32Array, m: number): Uint32Array =>
  Uint32Array.from([...counts.keys()].filter((row) => 2 * (counts[row] as number) >= m && (counts[row] as number) < m));

/** Starts in `danger`; where the other end is of the majority (a row ≥ M), the gap shrinks by a draw from U(0, ½). */
export function drawFromDanger(
  rows: number,
  danger: Uint32Array,
  near: Neighbourhood,
  minority: number,
  stream: Stream,
  backend: Backend,
): Places {
  const [starts, shrinks] = [stream.child('row'), stream.child('shrink')];
  const base = Uint32Array.from({ length: rows }, () => danger[starts.below(danger.length)] as number);
  const { other, gap } = placesFrom(base, near, stream, backend);
  return { base, other, gap: gap.map((g, i) => ((other[i] as number) < minority ? g : g * 0.5 * shrinks.uniform())) };
}

export const borderline: Generator<BorderlineOptions> = {
  name: 'borderline',
  minMinority: 2,
  defaults: { k: 5, m: 10, kind: 1 },
  async fit(train, _stream, run, changed) {
    const options = { ...borderline.defaults, ...changed };
    checkCounts({ ...options }, ['k', 'm']);
    const { k, m, kind } = options;
    if (kind !== 1 && kind !== 2) throw new InputError(`"kind" expected 1 or 2, got ${kind}`);
    const turn = turnsFor(run.signal);
    const rows = classRows(train, minorityRows(train, borderline));
    await turn();
    const around = neighbourhoodAmongAll(rows, m, run.backend);
    const danger = dangerRows(majorityCounts(around, rows.minority), around.k);
    if (danger.length === 0) {
      throw new ComputeError(
        `method "borderline" found no minority row of which half or more, but not all, of the ${around.k} nearest rows are of the majority; choose smote, which starts from any row`,
      );
    }
    await turn();
    const voters = minorityNeighbourhood(rows, k, run.backend);
    const near = kind === 1 ? voters : neighbourhoodAmongAll(rows, k, run.backend);
    const table = kind === 1 ? takeRows(rows.table, [...Array(rows.minority).keys()]) : rows.table;
    return borderlineCodec.samplerOf({ options, table, minority: rows.minority, danger, voters, near, grids: fitGrids(train.features) });
  },
};

interface BorderlineModel {
  readonly options: BorderlineOptions;
  readonly table: Table; // the minority first; of kind 2 all rows
  readonly minority: number;
  readonly danger: Uint32Array;
  readonly voters: Neighbourhood;
  readonly near: Neighbourhood;
  readonly grids: readonly (Grid | null)[];
}

export const borderlineCodec: ModelCodec<BorderlineModel> = {
  method: borderline.name,
  holds: HOLDS_ROWS,
  save: ({ options, table, minority, danger, voters, near, grids }) => {
    const starts = { state: {}, arrays: { danger: tensor('U32', danger) } };
    const neighbours = { voters: storeNeighbours('voters', voters), near: storeNeighbours('near', near) };
    return stored(borderlineCodec, options, { rows: storeRows(table), ...neighbours, starts }, { minority, grids });
  },
  open: ({ options, state, arrays }, { features }) => {
    const table = openRows(field(state, 'rows'), arrays, features);
    const minority = integer(field(state, 'minority'), 1, table.rows);
    const danger = arrays.of('danger', ['U32']);
    if (danger.length === 0) throw new InputError(`"${state.path}" expected rows in the array "danger", got none`);
    checkRange(danger, 0, minority - 1, state, 'danger');
    return {
      options: optionsLike<BorderlineOptions>(options, borderline.defaults),
      table,
      minority,
      danger,
      voters: openNeighbours('voters', field(state, 'voters'), arrays, minority, minority),
      near: openNeighbours('near', field(state, 'near'), arrays, minority, table.rows),
      grids: openGrids(field(state, 'grids'), features),
    };
  },
  samplerOf: (model) => ({
    history: UNTRAINED,
    ...kept(borderlineCodec, model),
    async sample(count, stream, run) {
      throwIfAborted(run.signal);
      const { table, minority, danger, voters, near, grids } = model;
      const places = drawFromDanger(count, danger, near, minority, stream, run.backend);
      return interpolateTable(table, voters, places, grids, stream, run.backend);
    },
  }),
};
