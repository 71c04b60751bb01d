/**
 * What SMOTE does once the neighbours are known: points on the segments between a minority row and its neighbours (Chawla et
 * al. 2002, §4.2), and for categories the neighbours' vote (SMOTE-NC, §6.1). Pure functions of the neighbour index and a stream.
 *
 * Dimensions: M minority rows, k neighbours a row, R rows to make.
 */
import type { Backend } from '../backend/backend.js';
import type { Lattice, Places } from '../backend/ops-distance.js';
import { fitGrid, type Grid } from '../encode/grid.js';
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import { powerOfTen } from '../table/numerals.js';
import { type Column, isLevelColumn, isNumberColumn, type Table } from '../table/table.js';

/** The nearest rows of each minority row, itself left out. */
export interface Neighbourhood {
  readonly k: number;
  readonly index: Uint32Array; // (M, k) row-major
}

/** Draws row, neighbour and gap uniformly. */
export const drawPlaces = (rows: number, { k, index }: Neighbourhood, stream: Stream, { distance }: Backend): Places =>
  distance.places(rows, index, k, stream);

/** Draws neighbour and gap uniformly for rows that are chosen already. */
export const placesFrom = (base: Uint32Array, { k, index }: Neighbourhood, stream: Stream, { distance }: Backend): Places =>
  distance.places(base, index, k, stream);

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
 * Rows at the places: numbers x = a + gap · (b − a). A cell is missing where it is missing in the nearer end, so that rows keep the
 * missing patterns of real rows and their frequency; where only the farther end lacks it, the nearer end's number stands. `table` holds
 * the rows that the places name, `near` tells whose votes decide the levels, and `grids` put numbers where real ones can be.
 */
export function interpolateTable(
  table: Table,
  near: Neighbourhood,
  places: Places,
  grids: readonly (Grid | null)[],
  stream: Stream,
  { distance }: Backend,
): Table {
  const numbers = table.columns.filter(isNumberColumn);
  const lattices = table.columns.flatMap((column, c) => (isNumberColumn(column) ? [latticeOf(grids[c] ?? null)] : []));
  const made = distance.interpolate(
    numbers.map((column) => column.values),
    places,
    lattices,
  );
  const columns = table.columns.map((column): Column => {
    if (isLevelColumn(column)) return { ...column, codes: vote(column.codes, near, places, stream.child('tie').child(column.name)) };
    if (!isNumberColumn(column)) throw new InputError(`column "${column.name}" is text and cannot be interpolated; exclude it`);
    return { ...column, values: made[numbers.indexOf(column)] as Float64Array };
  });
  return { rows: places.gap.length, columns };
}

const latticeOf = (grid: Grid | null): Lattice | null =>
  grid && { ...grid, power: grid.decimals < 0 ? 0 : powerOfTen(grid.decimals), seen: grid.seen && Float64Array.from(grid.seen) };
