/**
 * A table in memory, column by column. Dimensions: N rows.
 *
 * Missing stays missing: NaN in a number column, −1 in a level column.
 */

import { InputError } from '../errors.js';
import type { Constraint } from './constraints.js';

/** Numbers. `integer` columns hold whole numbers. `decimals` is the finest decimal grid seen, −1 where there is none. */
export interface NumberColumn {
  readonly name: string;
  readonly kind: 'numeric' | 'integer';
  readonly values: Float64Array; // (N), NaN = missing
  readonly decimals: number;
  /** Of the values, as declared or as the cells say. */
  readonly unit?: string;
  /** Values that seem to stand for "missing"; they are not learnt from. */
  readonly suspected?: readonly number[];
}

/**
 * Levels. `binary` and `categorical` are unordered; `ordinal` (only by declaration in a schema) is ordered as listed.
 * Levels are kept as the text of the file.
 */
export interface LevelColumn {
  readonly name: string;
  readonly kind: 'binary' | 'categorical' | 'ordinal';
  readonly levels: readonly string[];
  readonly codes: Int32Array; // (N), −1 = missing
}

/** What is not modelled but carried through: identifiers, free text, dates. */
export interface TextColumn {
  readonly name: string;
  readonly kind: 'text';
  readonly texts: readonly string[]; // (N), '' = missing
}

/** A column by its kind. */
export type Column = NumberColumn | LevelColumn | TextColumn;
export type ColumnKind = Column['kind'];

/** Columns of one length in memory; numbers are float64 with NaN for missing, levels are codes with −1 for missing. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** A table whose roles are settled: what is learnt from, what is predicted, what must not be split apart. */
export interface Dataset {
  readonly name: string;
  readonly features: Table; // number and level columns only, in file order
  readonly y: Uint8Array; // (N), 1 = positive
  readonly group: Int32Array | null; // (N), rows of one group (patient) never part in a split
  readonly target: { readonly column: string; readonly positive: string; readonly negative: string };
  /** What synthetic rows are held to, as the table's schema says, settled for these features; left out where there is nothing. */
  readonly constraints?: readonly Constraint[];
}

export const isNumberColumn = (column: Column): column is NumberColumn => column.kind === 'numeric' || column.kind === 'integer';

export const isLevelColumn = (column: Column): column is LevelColumn =>
  column.kind === 'binary' || column.kind === 'categorical' || column.kind === 'ordinal';

export function takeRows(table: Table, rows: ArrayLike<number>): Table {
  return { rows: rows.length, columns: table.columns.map((column) => takeCells(column, rows)) };
}

function takeCells(column: Column, rows: ArrayLike<number>): Column {
  if (isNumberColumn(column)) return { ...column, values: Float64Array.from(rows, (row) => column.values[row] as number) };
  if (isLevelColumn(column)) return { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] as number) };
  return { ...column, texts: Array.from(rows, (row) => column.texts[row] as string) };
}

export function takeDataset(dataset: Dataset, rows: ArrayLike<number>): Dataset {
  const { y, group } = dataset;
  return {
    ...dataset,
    features: takeRows(dataset.features, rows),
    y: Uint8Array.from(rows, (row) => y[row] as number),
    group: group === null ? null : Int32Array.from(rows, (row) => group[row] as number),
  };
}

/** The rows of `a`, then those of `b`; columns must agree in name, order and kind. Levels that only `b` has are added. */
export function concatTables(a: Table, b: Table): Table {
  if (a.columns.length !== b.columns.length) {
    throw new InputError(`tables of ${a.columns.length} and of ${b.columns.length} columns cannot be joined; give both the same columns`);
  }
  return { rows: a.rows + b.rows, columns: a.columns.map((column, c) => concatColumns(column, b.columns[c] as Column)) };
}

function concatColumns(a: Column, b: Column): Column {
  if (a.name !== b.name || a.kind !== b.kind) {
    throw new InputError(
      `column "${a.name}" (${a.kind}) cannot be joined with column "${b.name}" (${b.kind}); give both tables the same columns`,
    );
  }
  if (isNumberColumn(a) && isNumberColumn(b)) {
    const values = new Float64Array(a.values.length + b.values.length);
    values.set(a.values);
    values.set(b.values, a.values.length);
    const decimals = a.decimals < 0 || b.decimals < 0 ? -1 : Math.max(a.decimals, b.decimals);
    return { ...a, values, decimals };
  }
  if (isLevelColumn(a) && isLevelColumn(b)) {
    const levels = [...a.levels];
    const codeOf = b.levels.map((level) => {
      const code = levels.indexOf(level);
      return code >= 0 ? code : levels.push(level) - 1;
    });
    const codes = new Int32Array(a.codes.length + b.codes.length);
    codes.set(a.codes);
    b.codes.forEach((code, i) => {
      codes[a.codes.length + i] = code < 0 ? -1 : (codeOf[code] as number);
    });
    return { ...a, levels, codes };
  }
  return { ...(a as TextColumn), texts: [...(a as TextColumn).texts, ...(b as TextColumn).texts] };
}

/** Ascending indices of the rows that are marked with `mark`: a class, a part of a split. */
export function rowsWhere(marks: Uint8Array, mark: 0 | 1): Uint32Array {
  const rows = new Uint32Array(marks.length);
  let n = 0;
  for (let row = 0; row < marks.length; row++) if (marks[row] === mark) rows[n++] = row;
  return rows.slice(0, n);
}
