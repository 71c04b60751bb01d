/**
 * Feature matrices for classifiers and metrics, fitted on a training part. Numbers and ordinals stay numbers (NaN = missing),
 * other levels become 0/1 one-hot with a missing category as a level of its own (where the training part has one).
 */
import { InputError } from '../errors.js';
import { type Column, isLevelColumn, isNumberColumn, type LevelColumn, type Table } from '../table/table.js';
import type { Span } from './layout.js';
import { fitLevels, type LevelIndex, levelCodes } from './onehot.js';
import { fitScale, medianOf, type Scale } from './scale.js';

export interface FeatureMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float32Array; // (rows, cols) row-major
  readonly spans: readonly Span[];
}

export interface FeatureEncoder {
  readonly spans: readonly Span[];
  /** (N, D); NaN where a number is missing. A level that the training part does not have counts as its most frequent one. */
  features(table: Table): FeatureMatrix;
  /** The space of the fidelity metrics: numbers standardised by the training part (missing = its median), plus 0/1 one-hot. */
  standardised(table: Table): FeatureMatrix;
}

/** What was learnt of one column; plain data. */
type FeatureState =
  | { readonly kind: 'number'; readonly column: string; readonly levels: readonly string[] | null; readonly scale: NumberScale }
  | { readonly kind: 'onehot'; readonly column: string; readonly index: LevelIndex };

interface NumberScale extends Scale {
  readonly median: number;
}

export function fitFeatures(train: Table): FeatureEncoder {
  if (train.rows === 0) throw new InputError('a training part expected at least 1 row, got 0');
  const states = train.columns.map(fitColumn);
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
      if (state.kind === 'number') fillNumbers(values, cols, at, numbersOf(column, state.levels), standardise ? state.scale : null);
      else fillOneHot(values, cols, at, levelCodes(state.index, levelsOf(column)));
    });
    return { rows: table.rows, cols, values, spans };
  };
  return { spans, features: (table) => fill(table, false), standardised: (table) => fill(table, true) };
}

function fitColumn(column: Column): FeatureState {
  if (isNumberColumn(column)) return { kind: 'number', column: column.name, levels: null, scale: fitNumbers(column.values) };
  if (!isLevelColumn(column)) throw new InputError(`column "${column.name}" is text and cannot be a feature; exclude it`);
  if (column.kind !== 'ordinal') return { kind: 'onehot', column: column.name, index: fitLevels(column) };
  return { kind: 'number', column: column.name, levels: column.levels, scale: fitNumbers(numbersOf(column, column.levels)) };
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

/** The values of a number column, or the ranks 0 … K − 1 of an ordinal one; NaN where missing or not a known level. */
function numbersOf(column: Column, levels: readonly string[] | null): Float64Array {
  if (levels === null) {
    if (isNumberColumn(column)) return column.values;
    throw new InputError(
      `column "${column.name}" is ${column.kind} here, but a number in the training table; declare its kind in a schema for both`,
    );
  }
  const own = levelsOf(column);
  const rankOf = own.levels.map((level) => levels.indexOf(level));
  return Float64Array.from(own.codes, (code) => {
    const rank = code < 0 ? -1 : (rankOf[code] as number);
    return rank < 0 ? Number.NaN : rank;
  });
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
