/** Naive oracle of what lies around minority rows: neighbour lists of rows in which `labels` marks the minority with 1. */
import { nearestRows, type Rows } from './distance.js';

export interface Around {
  /** Row number of the minority row. */
  readonly row: number;
  /** The nearest rows of either class, and those of the minority. */
  readonly all: readonly number[];
  readonly minority: readonly number[];
}

export function around(rows: Rows, labels: ArrayLike<number>, k: number): Around[] {
  const ordered = Array.from(labels).flatMap((label, row) =>
    label === 1 ? [{ row, order: nearestRows(rows, row, rows, rows.rows, true).map(({ index }) => index) }] : [],
  );
  return ordered.map(({ row, order }) => ({
    row,
    all: order.slice(0, k),
    minority: order.filter((other) => labels[other] === 1).slice(0, k),
  }));
}

/** How many of `others` are of the majority. */
export const majorityOf = (others: readonly number[], labels: ArrayLike<number>): number =>
  others.filter((row) => labels[row] !== 1).length;
