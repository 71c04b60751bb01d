/**
 * What SMOTE does once the neighbours are known: points on the segments between a minority row and its neighbours (Chawla et
 * al. 2002, §4.2), and for categories the neighbours' vote (SMOTE-NC, §6.1). Pure functions of the neighbour index and a stream.
 *
 * Dimensions: M minority rows, k neighbours a row, R rows to make.
 */
import { fitGrid, type Grid, toGrid } from '../encode/grid.js';
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import { type Column, isLevelColumn, isNumberColumn, type Table } from '../table/table.js';

/** The nearest rows of each minority row, itself left out. */
export interface Neighbourhood {
  readonly k: number;
  readonly index: Uint32Array; // (M, k) row-major
}

/** Where each new row lies: `gap` of the way from minority row `base` to its neighbour `other`. */
export interface Places {
  readonly base: Uint32Array; // (R)
  readonly other: Uint32Array; // (R)
  readonly gap: Float64Array; // (R), in [0, 1)
}

/** Draws row, neighbour and gap uniformly. */
export function drawPlaces(rows: number, near: Neighbourhood, stream: Stream): Places {
  const bases = stream.child('row');
  const base = Uint32Array.from({ length: rows }, () => bases.below(near.index.length / near.k));
  return placesFrom(base, near, stream);
}

/** Draws neighbour and gap uniformly for rows that are chosen already. */
export function placesFrom(base: Uint32Array, { k, index }: Neighbourhood, stream: Stream): Places {
  const [others, gaps] = [stream.child('neighbour'), stream.child('gap')];
  const other = base.map((row) => index[row * k + others.below(k)] as number);
  const gap = Float64Array.from(base, () => gaps.uniform());
  return { base, other, gap };
}

/**
 * Numbers at the places: x = a + gap · (b − a). A cell is missing where it is missing in the nearer end, so that rows keep
 * the missing patterns of real rows and their frequency; where only the farther end lacks it, the nearer end's number stands.
 */
export function interpolate(values: Float64Array, { base, other, gap }: Places): Float64Array {
  const out = new Float64Array(gap.length);
  for (let i = 0; i < gap.length; i++) {
    const a = values[base[i] as number] as number;
    const b = values[other[i] as number] as number;
    const g = gap[i] as number;
    const between = a + g * (b - a);
    out[i] = Number.isNaN(between) ? (g < 0.5 ? a : b) : between;
  }
  return out;
}

/** The values that most of a row's neighbours have, in the order in which they are met; several when votes tie. */
export function mostVoted(codes: Int32Array, near: Neighbourhood, row: number): number[] {
  const votes = Array.from(near.index.subarray(row * near.k, (row + 1) * near.k), (r) => codes[r] as number);
  let winners: number[] = [];
  let most = 0;
  for (const code of votes) {
    const count = votes.filter((other) => other === code).length;
    if (count > most) {
      most = count;
      winners = [code];
    } else if (count === most && !winners.includes(code)) winners.push(code);
  }
  return winners;
}

/** Categories at the places: the vote of the base row's neighbours, missing (−1) voting like a level, ties decided at random. */
export function vote(codes: Int32Array, near: Neighbourhood, { base }: Places, stream: Stream): Int32Array {
  const winners: (number[] | undefined)[] = [];
  return Int32Array.from(base, (row) => {
    winners[row] ??= mostVoted(codes, near, row);
    const candidates = winners[row];
    return candidates[candidates.length === 1 ? 0 : stream.below(candidates.length)] as number;
  });
}

/** The grid of each number column of a training part; null where it has no value, and for levels. */
export const fitGrids = (train: Table): (Grid | null)[] =>
  train.columns.map((column) => (isNumberColumn(column) ? fitGrid(column.values) : null));

/**
 * Rows at the places, column by column. `table` holds the rows that the places name, `near` tells whose votes decide the levels, and
 * `grids` put each column's numbers where real ones can be.
 */
export function interpolateTable(
  table: Table,
  near: Neighbourhood,
  places: Places,
  grids: readonly (Grid | null)[],
  stream: Stream,
): Table {
  const columns = table.columns.map((column, c): Column => {
    if (isLevelColumn(column)) return { ...column, codes: vote(column.codes, near, places, stream.child('tie').child(column.name)) };
    if (!isNumberColumn(column)) throw new InputError(`column "${column.name}" is text and cannot be interpolated; exclude it`);
    const grid = grids[c] ?? null;
    const values = interpolate(column.values, places);
    return { ...column, values: grid === null ? values : values.map((value) => toGrid(grid, value)) };
  });
  return { rows: places.gap.length, columns };
}
