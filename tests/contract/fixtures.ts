/**
 * Small tables made from a seed, for tests: every column kind, missing cells, and the awkward columns that real tables have.
 * Dimensions: N rows, of which `positives` are of the minority; it is shifted, so that there is something to learn.
 */
import { Stream } from '../../ts/random.js';
import type { Column, Dataset, LevelColumn, NumberColumn } from '../../ts/table/table.js';

export interface Size {
  readonly rows: number;
  readonly positives: number;
  readonly seed?: number;
}

/** Roughly standard normal: twelve uniforms summed. */
function bell(stream: Stream): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += stream.uniform();
  return sum;
}

/** Draws a value for a row of class y from a stream of the column's own; NaN or −1 = missing. */
type Draw = (y: number, stream: Stream) => number;

const sometimes =
  (share: number, missing: number, draw: Draw): Draw =>
  (y, stream) => {
    const value = draw(y, stream);
    return stream.uniform() < share ? missing : value;
  };

const rounded =
  (factor: number, draw: Draw): Draw =>
  (y, stream) =>
    Math.round(draw(y, stream) * factor) / factor;

/** Level 0 … n − 1; the positive class leans to the higher ones. */
const level =
  (n: number): Draw =>
  (y, stream) =>
    Math.min(n - 1, Math.floor(n * stream.uniform() * (y ? 1.3 : 0.9)));

const number = (name: string, kind: NumberColumn['kind'], decimals: number, draw: Draw) => ({ name, kind, decimals, draw });
const levels = (name: string, kind: LevelColumn['kind'], names: string[], draw: Draw) => ({ name, kind, levels: names, draw });
type Recipe = ReturnType<typeof number> | ReturnType<typeof levels>;

const MIXED: Recipe[] = [
  number(
    'age',
    'integer',
    0,
    rounded(1, (y, s) => 60 + 12 * bell(s) + 8 * y),
  ),
  levels('sex', 'binary', ['f', 'm'], level(2)),
  number(
    'lactate',
    'numeric',
    1,
    sometimes(
      0.3,
      Number.NaN,
      rounded(10, (y, s) => 2 + 0.4 * bell(s) + y),
    ),
  ),
  levels('ward', 'categorical', ['medical', 'surgical', 'cardiac', 'other'], sometimes(0.2, -1, level(4))),
  number('score', 'numeric', -1, (y, s) => bell(s) + 0.7 * y),
  levels('stage', 'ordinal', ['I', 'II', 'III'], level(3)),
  number(
    'gcs',
    'integer',
    0,
    sometimes(0.1, Number.NaN, (y, s) => 3 * Math.ceil(1 + 3.9 * s.uniform() - 0.9 * y)),
  ),
];

const NUMERIC: Recipe[] = ['a', 'b', 'c'].map((name, i) => number(name, 'numeric', -1, (y, s) => (i + 1) * bell(s) + y));

const LEVELS: Recipe[] = [
  levels('site', 'categorical', ['north', 'east', 'south'], sometimes(0.1, -1, level(3))),
  levels('smoker', 'binary', ['no', 'yes'], level(2)),
  levels('grade', 'ordinal', ['low', 'middle', 'high'], level(3)),
];

/** What breaks naive code: a constant, nothing but missing, one level, a level that no row has, one row with a value. */
const AWKWARD: Recipe[] = [
  number('constant', 'numeric', 2, () => 7.25),
  number('empty', 'numeric', -1, () => Number.NaN),
  levels('single', 'categorical', ['only'], () => 0),
  levels('blank', 'categorical', ['x', 'y'], () => -1),
  levels('unused', 'categorical', ['a', 'never', 'b'], (_y, s) => 2 * s.below(2)),
  number('whole', 'integer', 0, () => 3),
  number('sparse', 'numeric', 0, (y, s) => (y === 1 && s.uniform() < 0.15 ? 4 : Number.NaN)),
  number('signal', 'numeric', -1, (y, s) => bell(s) + 2 * y),
];

/** Class labels: `positives` ones at seeded places. */
function labels(size: Size, stream: Stream): Uint8Array {
  const y = new Uint8Array(size.rows);
  const order = stream.permutation(size.rows);
  for (let i = 0; i < size.positives; i++) y[order[i] as number] = 1;
  return y;
}

function column(recipe: Recipe, y: Uint8Array, stream: Stream): Column {
  const { draw, ...rest } = recipe;
  const cells = Array.from(y, (label) => draw(label, stream));
  return 'levels' in rest ? { ...rest, codes: Int32Array.from(cells) } : { ...rest, values: Float64Array.from(cells) };
}

function dataset(name: string, recipes: Recipe[], size: Size): Dataset {
  const stream = Stream.fromSeed(size.seed ?? 1).child(name);
  const y = labels(size, stream.child('labels'));
  const columns = recipes.map((recipe) => column(recipe, y, stream.child(recipe.name)));
  return {
    name,
    features: { rows: size.rows, columns },
    y,
    group: null,
    target: { column: 'died', positive: 'yes', negative: 'no' },
  };
}

/** All kinds of columns with missing cells. */
export const mixed = (size: Size): Dataset => dataset('mixed', MIXED, size);
/** Three continuous columns, nothing missing. */
export const numeric = (size: Size): Dataset => dataset('numeric', NUMERIC, size);
/** Level columns only, some cells missing. */
export const categorical = (size: Size): Dataset => dataset('categorical', LEVELS, size);
/** Constant, empty and near-empty columns around one that carries a signal. */
export const awkward = (size: Size): Dataset => dataset('awkward', AWKWARD, size);

export const FIXTURES = { mixed, numeric, categorical, awkward };

/** An independent copy, to show afterwards that nothing wrote to the original. */
export function copyDataset(data: Dataset): Dataset {
  const columns = data.features.columns.map((column): Column => {
    if ('values' in column) return { ...column, values: column.values.slice() };
    if ('codes' in column) return { ...column, levels: [...column.levels], codes: column.codes.slice() };
    return { ...column, texts: [...column.texts] };
  });
  return { ...data, features: { rows: data.features.rows, columns }, y: data.y.slice(), group: data.group?.slice() ?? null };
}
