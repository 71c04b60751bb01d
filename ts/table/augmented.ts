/** A table with its synthetic rows in it: all columns of the real one in their order, and which rows are synthetic. */
import { InputError } from '../errors.js';
import { type Column, isLevelColumn, isNumberColumn, type LevelColumn, type NumberColumn, type Table } from './table.js';

/** What the columns are that no generator draws. */
export interface Roles {
  readonly target: string;
  /** The target's value in synthetic rows. */
  readonly positive: string;
  readonly group: string | null;
}

/** Name of the column that tells synthetic rows (1) from real ones (0). */
export const MARK = 'synthetic';

/** Whether a table has that column: it says how a row was made, and a model must not learn from it. */
export const isMarked = (table: Table): boolean =>
  table.columns.some(
    (column) => column.name === MARK && isLevelColumn(column) && column.levels.every((level) => level === '0' || level === '1'),
  );

/** Throws {@link InputError} when the table already has a column of the name that marks synthetic rows; `instead` is what else to do. */
export function checkMark(real: Table, file: string, instead: string): void {
  if (real.columns.some(({ name }) => name === MARK)) {
    throw new InputError(`${file}: there is a column "${MARK}" already; rename it, or ${instead}`);
  }
}

/** The real rows, then the synthetic ones, with a last column `synthetic` (0 or 1). */
export function augmentedTable(real: Table, drawn: Table, roles: Roles): Table {
  const codes = new Int32Array(real.rows + drawn.rows).fill(1);
  codes.fill(0, 0, real.rows);
  const mark: LevelColumn = { name: MARK, kind: 'binary', levels: ['0', '1'], codes };
  return {
    rows: real.rows + drawn.rows,
    columns: [...syntheticColumns(real, drawn, roles).map((added, i) => appended(real.columns[i] as Column, added)), mark],
  };
}

/**
 * The synthetic rows with all columns of the real table: what was drawn, the positive label in the target, an id of its own
 * for each row in the group column, and nothing (missing) in the columns that were left out.
 */
export function syntheticTable(real: Table, drawn: Table, roles: Roles): Table {
  return { rows: drawn.rows, columns: syntheticColumns(real, drawn, roles) };
}

function syntheticColumns(real: Table, drawn: Table, roles: Roles): Column[] {
  const byName = new Map(drawn.columns.map((column) => [column.name, column]));
  return real.columns.map((column) => {
    const found = byName.get(column.name);
    if (found) return found;
    if (column.name === roles.target) return filled(column, drawn.rows, () => roles.positive);
    if (column.name === roles.group) return filled(column, drawn.rows, idsOf(newIds(column)));
    return filled(column, drawn.rows, () => '');
  });
}

/** A column of the same kind with other texts; '' is missing. */
export function filled(like: Column, rows: number, text: (row: number) => string): Column {
  const texts = Array.from({ length: rows }, (_, row) => text(row));
  if (like.kind === 'text') return { ...like, texts };
  if (isNumberColumn(like)) return { ...like, values: Float64Array.from(texts, (value) => (value === '' ? Number.NaN : Number(value))) };
  const levels = [...like.levels, ...new Set(texts.filter((value) => value !== '' && !like.levels.includes(value)))];
  const codes = new Map(levels.map((level, code) => [level, code]));
  return { ...like, levels, codes: Int32Array.from(texts, (value) => codes.get(value) ?? -1) };
}

/** Ids that no real row has: whole numbers from `next` on, or synthetic-1, synthetic-2 … */
export type NewIds = { readonly next: number } | { readonly prefix: string };

export const idsOf =
  (ids: NewIds) =>
  (row: number): string =>
    'next' in ids ? String(ids.next + row) : `${ids.prefix}${row + 1}`;

export function newIds(column: Column): NewIds {
  if (isNumberColumn(column)) {
    const last = column.values.reduce((max, value) => (value > max ? value : max), 0); // NaN is never greater
    return { next: Math.floor(last) + 1 };
  }
  const taken = column.kind === 'text' ? column.texts : column.levels;
  let prefix = `${MARK}-`;
  for (let again = 2; taken.some((text) => text.startsWith(prefix)); again++) prefix = `${MARK}${again}-`;
  return { prefix };
}

/** `added` below `first`; both are of one kind, and the levels of `added` begin with those of `first`. */
function appended(first: Column, added: Column): Column {
  if (first.kind === 'text') return { ...first, texts: [...first.texts, ...(added as typeof first).texts] };
  if (isNumberColumn(first)) {
    const values = new Float64Array(first.values.length + (added as NumberColumn).values.length);
    values.set(first.values);
    values.set((added as NumberColumn).values, first.values.length);
    return { ...first, values };
  }
  const { levels, codes: own } = added as LevelColumn;
  const codes = new Int32Array(first.codes.length + own.length);
  codes.set(first.codes);
  codes.set(own, first.codes.length);
  return { ...first, levels, codes };
}
