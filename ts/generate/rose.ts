/**
 * ROSE (Menardi & Torelli 2014, Data Mining and Knowledge Discovery 28): a smoothed bootstrap of the minority. A row is drawn
 * with replacement, and each of its numbers moved by a Gaussian kernel: x + h σ ε, with the bandwidth h = (4 / ((d + 2) n))^(1 / (d + 4))
 * that is best for normal data.
 *
 * Dimensions: M = n minority rows, d number columns with spread, R rows to make.
 */
import type { Backend } from '../backend/backend.js';
import { turnsFor } from '../backend/turns.js';
import { type Grid, toGrid } from '../encode/grid.js';
import { InputError, throwIfAborted } from '../errors.js';
import type { Stream } from '../random.js';
import { field, optionsLike } from '../store/fields.js';
import { tensor } from '../store/safetensors.js';
import { stored } from '../store/stored.js';
import { type Column, isNumberColumn, type Table, takeRows } from '../table/table.js';
import type { Generator, ModelCodec, Run } from './generator.js';
import { fitGrids } from './interpolation.js';
import { minorityRows, UNTRAINED } from './minority.js';
import { kept } from './opener.js';
import { HOLDS_ROWS, openGrids, openRows, storeRows } from './stored-rows.js';

/** Of ROSE. */
export interface RoseOptions {
  /** Multiplies the bandwidth; 0 copies rows. @defaultValue 1 */
  readonly smoothing: number;
}

/** Standard deviation with divisor n − 1 of the cells that are there; 0 for fewer than two. */
export function sampleDeviation(values: Float64Array): number {
  const present = values.filter((value) => !Number.isNaN(value));
  if (present.length < 2) return 0;
  const first = present[0] as number; // keeps a large offset from eating the digits
  const mean = first + present.reduce((sum, x) => sum + (x - first), 0) / present.length;
  return Math.sqrt(present.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (present.length - 1));
}

/** (4 / ((d + 2) n))^(1 / (d + 4)), for n rows of d numbers; in units of their standard deviations. */
export const normalBandwidth = (n: number, d: number, { exp, log }: Backend['special']): number => exp(log(4 / ((d + 2) * n)) / (d + 4));

/** `count` standard normal numbers. */
async function normals(count: number, stream: Stream, backend: Backend): Promise<Float32Array> {
  const mark = backend.mark();
  try {
    const out = backend.matrix(1, count);
    backend.random.normal(out, stream);
    return await backend.read(out);
  } finally {
    backend.release(mark);
  }
}

export const rose: Generator<RoseOptions> = {
  name: 'rose',
  minMinority: 2,
  defaults: { smoothing: 1 },
  async fit(train, _stream, run, changed) {
    const options = { ...rose.defaults, ...changed };
    const { smoothing } = options;
    if (!(smoothing >= 0 && smoothing < Number.POSITIVE_INFINITY)) {
      throw new InputError(`"smoothing" expected a number of at least 0, got ${smoothing}`);
    }
    throwIfAborted(run.signal);
    const minority = takeRows(train.features, minorityRows(train, rose));
    const deviations = minority.columns.map((column) => (isNumberColumn(column) ? sampleDeviation(column.values) : 0));
    const d = deviations.filter((deviation) => deviation > 0).length;
    const h = smoothing * normalBandwidth(minority.rows, d, run.backend.special);
    const widths = Float64Array.from(deviations, (deviation) => h * deviation);
    return roseCodec.samplerOf({ options, minority, widths, grids: fitGrids(train.features) });
  },
};

interface RoseModel {
  readonly options: RoseOptions;
  readonly minority: Table;
  readonly widths: Float64Array; // of the kernel, (columns); 0 where nothing moves
  readonly grids: readonly (Grid | null)[];
}

export const roseCodec: ModelCodec<RoseModel> = {
  method: rose.name,
  holds: HOLDS_ROWS,
  save: ({ options, minority, widths, grids }) => {
    const kernel = { state: {}, arrays: { widths: tensor('F64', widths) } };
    return stored(roseCodec, options, { rows: storeRows(minority), kernel }, { grids });
  },
  open: ({ options, state, arrays }, { features }) => ({
    options: optionsLike(options, rose.defaults),
    minority: openRows(field(state, 'rows'), arrays, features),
    widths: arrays.of('widths', ['F64'], features.columns.length),
    grids: openGrids(field(state, 'grids'), features),
  }),
  samplerOf: (model) => ({
    history: UNTRAINED,
    ...kept(roseCodec, model),
    sample: (rows, stream, run) => drawRows(model, rows, stream, run),
  }),
};

async function drawRows({ minority, widths, grids }: RoseModel, rows: number, stream: Stream, run: Run): Promise<Table> {
  const turn = turnsFor(run.signal);
  const draws = stream.child('row');
  const drawn = takeRows(
    minority,
    Uint32Array.from({ length: rows }, () => draws.below(minority.rows)),
  );
  const columns: Column[] = [];
  for (const [c, column] of drawn.columns.entries()) {
    await turn();
    const [grid, width] = [grids[c] ?? null, widths[c] as number];
    if (!isNumberColumn(column) || grid === null || width === 0) {
      columns.push(column);
      continue;
    }
    const noise = await normals(rows, stream.child('noise').child(column.name), run.backend);
    columns.push({ ...column, values: column.values.map((value, i) => toGrid(grid, value + width * (noise[i] as number))) });
  }
  throwIfAborted(run.signal);
  return { rows, columns };
}
