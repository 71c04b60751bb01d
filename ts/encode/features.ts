/**
 * Feature matrices for classifiers and metrics, fitted on a training part. Numbers and ordinals stay numbers (NaN = missing),
 * other levels become 0/1 one-hot with a missing category as a level of its own (where the training part has one).
 */
import { InputError } from '../errors.js';
import { parseNumber } from '../table/numerals.js';
import { type Column, isLevelColumn, isNumberColumn, type LevelColumn, type Table } from '../table/table.js';
import type { Span } from './layout.js';
import { fitLevels, type LevelIndex, levelCodes } from './onehot.js';
import { fitScale, medianOf, type Scale } from './scale.js';

/** Features as numbers, for classifiers: a column a number or level, NaN for a missing number. */
export interface FeatureMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float32Array; // (rows, cols) row-major
  readonly spans: readonly Span[];
}

/** Makes feature matrices of tables with the columns that it was fitted to. */
export interface FeatureEncoder {
  readonly spans: readonly Span[];
  /** What was learnt, as plain data; `featureEncoderOf` makes the encoder of it again. */
  readonly state: readonly FeatureState[];
  /** (N, D); NaN where a number is missing. A level that the training part does not have counts as its most frequent one. */
  features(table: Table): FeatureMatrix;
  /** The space of the fidelity metrics: numbers standardised by the training part (missing = its median), plus 0/1 one-hot. */
  standardised(table: Table): FeatureMatrix;
}

/** What was learnt of one column; plain data. `scale` of an ordinal column is that of its order's numbers. */
type FeatureState =
  | { readonly kind: 'number'; readonly column: string; readonly order: Order | null; readonly scale: NumberScale }
  | { readonly kind: 'onehot'; readonly column: string; readonly index: LevelIndex };

/**
 * How an ordinal column counts: by the numbers that its levels are, or by rank in the declared list. (Ranks among levels that are
 * numbers would depend on levels that only test rows have.)
 */
type Order = 'values' | readonly string[];

interface NumberScale extends Scale {
  readonly median: number;
}

/**
 * Fits an encoder: numbers as they are, ordinals by their order, categories one column a level.
 *
 * @throws {InputError} for a table without rows, and for a column of text. What it makes throws it for a column that is missing or of another kind.
 */
export function fitFeatures(train: Table): FeatureEncoder {
  if (train.rows === 0) throw new InputError('a training part expected at least 1 row, got 0');
  return featureEncoderOf(train.columns.map(fitColumn));
}

export function featureEncoderOf(states: readonly FeatureState[]): FeatureEncoder {
  let start = 0;
  const spans = states.map((state): Span => {
    const width = state.kind === 'number' ? 1 : state.index.levels.length;
    const span: Span = { column: state.column, kind: state.kind, start, width };
    start += width;
    return span;
  });
  const cols = start;
  const fill = (table: Table, standardise: boolean): FeatureMatrix => {
    const values = new Float32Array(table.rows * cols);
    states.forEach((state, s) => {
      const column = sameColumn(table, state.column);
      const at = (spans[s] as Span).start;
      if (state.kind === 'number') fillNumbers(values, cols, at, numbersOf(column, state.order), standardise ? state.scale : null);
      else fillOneHot(values, cols, at, levelCodes(state.index, levelsOf(column)));
    });
    return { rows: table.rows, cols, values, spans };
  };
  return { spans, state: states, features: (table) => fill(table, false), standardised: (table) => fill(table, true) };
}

function fitColumn(column: Column): FeatureState {
  if (isNumberColumn(column)) return { kind: 'number', column: column.name, order: null, scale: fitNumbers(column.values) };
  if (!isLevelColumn(column)) throw new InputError(`column "${column.name}" is text and cannot be a feature; exclude it`);
  if (column.kind !== 'ordinal') return { kind: 'onehot', column: column.name, index: fitLevels(column) };
  const order = orderOf(column.levels);
  return { kind: 'number', column: column.name, order, scale: fitNumbers(numbersOf(column, order)) };
}

function sameColumn(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (!column) throw new InputError(`there is no column "${name}", which the training table has; give a table with the same columns`);
  return column;
}

function levelsOf(column: Column): LevelColumn {
  if (isLevelColumn(column)) return column;
  throw new InputError(
    `column "${column.name}" is ${column.kind} here, but has levels in the training table; declare its kind in a schema for both`,
  );
}

function orderOf(levels: readonly string[]): Order {
  const values = levels.map(parseNumber);
  return values.every((value, i) => i === 0 || value > (values[i - 1] as number)) && !Number.isNaN(values[0]) ? 'values' : levels;
}

/** The values of a number column, or the order's numbers of an ordinal one; NaN where missing or not in the order. */
function numbersOf(column: Column, order: Order | null): Float64Array {
  if (order === null) {
    if (isNumberColumn(column)) return column.values;
    throw new InputError(
      `column "${column.name}" is ${column.kind} here, but a number in the training table; declare its kind in a schema for both`,
    );
  }
  const own = levelsOf(column);
  const numbers = own.levels.map((level) => (order === 'values' ? parseNumber(level) : order.indexOf(level)));
  return Float64Array.from(own.codes, (code) => (order !== 'values' && numbers[code] === -1 ? Number.NaN : (numbers[code] ?? Number.NaN)));
}

/** The training part's median, then its mean and standard deviation with the median in the missing cells. */
function fitNumbers(values: Float64Array): NumberScale {
  const median = medianOf(values);
  return { median, ...fitScale(values.map((value) => (Number.isNaN(value) ? median : value))) };
}

function fillNumbers(out: Float32Array, cols: number, start: number, values: Float64Array, scale: NumberScale | null): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    out[row * cols + start] = scale === null ? value : ((Number.isNaN(value) ? scale.median : value) - scale.mean) / scale.sd;
  }
}

function fillOneHot(out: Float32Array, cols: number, start: number, codes: Int32Array): void {
  for (let row = 0; row < codes.length; row++) out[row * cols + start + (codes[row] as number)] = 1;
}
