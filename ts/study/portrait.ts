/**
 * What the synthetic patients of a cell look like: every column beside the real one, the subgroups, and, of the first split, what
 * the report draws. One line of `portraits.jsonl`.
 */
import { columnDistances } from '../metrics/columns.js';
import { type Column, type Dataset, isLevelColumn, isNumberColumn, rowsWhere, type Table, takeRows } from '../table/table.js';
import type { Cell } from './cell.js';
import { type Pictures, picturesOf } from './portrait-pictures.js';
import { rounded } from './rounded.js';
import { type SubgroupPortrait, subgroupPortraits } from './subgroups.js';

/** Kolmogorov–Smirnov distance of a number column, total variation of a level column; null where it is undefined. */
export interface ColumnPortrait {
  readonly name: string;
  readonly kind: Column['kind'];
  /** Synthetic rows against the real test minority. */
  readonly test: number | null;
  /** Synthetic rows against the real training minority: what the generator was shown. */
  readonly training: number | null;
  /** The training minority against the test minority: two samples of the same patients. */
  readonly floor: number | null;
  /** Share of cells that are missing. */
  readonly missing: { readonly training: number; readonly test: number; readonly synthetic: number };
}

/** Synthetic rows beside the real ones of one cell, in numbers that are drawn. */
export interface Portrait extends Cell {
  /** Minority rows that were compared. */
  readonly rows: { readonly training: number; readonly test: number; readonly synthetic: number };
  readonly columns: readonly ColumnPortrait[];
  readonly subgroups: readonly SubgroupPortrait[];
  /** Of split 0 only. */
  readonly pictures: Pictures | null;
}

/** `judged` are minority rows of the cell's generator. */
export function portraitOf({ dataset, split, method, ratio }: Cell, train: Dataset, test: Dataset, judged: Table): Portrait {
  const minority = ({ features, y }: Dataset): Table => takeRows(features, rowsWhere(y, 1));
  const tables = { training: minority(train), test: minority(test), synthetic: judged };
  return {
    dataset,
    split,
    method,
    ratio,
    rows: { training: tables.training.rows, test: tables.test.rows, synthetic: judged.rows },
    columns: columnPortraits(tables),
    subgroups: subgroupPortraits(tables),
    pictures: split === 0 ? picturesOf(train.features, tables.training, judged) : null,
  };
}

type Tables = Parameters<typeof subgroupPortraits>[0];

function columnPortraits({ training, test, synthetic }: Tables): ColumnPortrait[] {
  const distances = (real: Table, other: Table) => columnDistances(real, other).columns.map(({ ks, tv }) => rounded(ks ?? tv));
  const [toTest, toTraining, floor] = [distances(test, synthetic), distances(training, synthetic), distances(test, training)];
  const named = (table: Table, name: string) => table.columns.find((column) => column.name === name) as Column;
  const compared = test.columns.filter((column) => isNumberColumn(column) || isLevelColumn(column));
  return compared.map(({ name, kind }, i) => ({
    name,
    kind,
    test: toTest[i] as number | null,
    training: toTraining[i] as number | null,
    floor: floor[i] as number | null,
    missing: {
      training: missingShare(named(training, name)),
      test: missingShare(named(test, name)),
      synthetic: missingShare(named(synthetic, name)),
    },
  }));
}

function missingShare(column: Column): number {
  if (isNumberColumn(column)) return share(column.values, Number.isNaN);
  if (isLevelColumn(column)) return share(column.codes, (code) => code < 0);
  return 0;
}

function share(cells: Float64Array | Int32Array, is: (cell: number) => boolean): number {
  let count = 0;
  for (const cell of cells) if (is(cell)) count++;
  return rounded(cells.length > 0 ? count / cells.length : 0) as number;
}
