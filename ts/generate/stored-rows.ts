/** Rows of real patients, and the grids of their columns, for model files of methods that draw from them. N rows. */
import type { Grid } from '../encode/grid.js';
import { InputError } from '../errors.js';
import { checkRange } from '../store/arrays.js';
import { field, integer, items, orNull, type Place } from '../store/fields.js';
import type { Arrays } from '../store/model.js';
import { tensor } from '../store/safetensors.js';
import type { StoredPart } from '../store/stored.js';
import { isLevelColumn, isNumberColumn, type Table } from '../table/table.js';
import type { Neighbourhood } from './interpolation.js';
import { openGrid } from './stored-encoder.js';

/** Said of files that hold rows. */
export const HOLDS_ROWS = 'rows of real patients, as they were learnt from: guard it like the data';

const [NUMBERS, CODES] = ['rows.numbers', 'rows.codes'];
const MOST_ROWS = 1e9;

/** Columns one after the other: numbers in one array, codes of levels in the other. */
export function storeRows({ rows, columns }: Table): StoredPart {
  const numbers = columns.filter(isNumberColumn).flatMap(({ values }) => [...values]);
  const codes = columns.filter(isLevelColumn).flatMap((column) => [...column.codes]);
  return {
    state: { rows },
    arrays: { [NUMBERS]: tensor('F64', Float64Array.from(numbers)), [CODES]: tensor('I32', Int32Array.from(codes)) },
  };
}

/** The rows again; their columns are those of `like`. */
export function openRows(place: Place, arrays: Arrays, like: Table): Table {
  const rows = integer(field(place, 'rows'), 1, MOST_ROWS);
  const numbers = arrays.of(NUMBERS, ['F64'], rows * like.columns.filter(isNumberColumn).length);
  const codes = arrays.of(CODES, ['I32'], rows * like.columns.filter(isLevelColumn).length);
  let [number, code] = [0, 0]; // columns taken so far
  const columns = like.columns.map((column) => {
    if (isNumberColumn(column)) return { ...column, values: numbers.slice(number * rows, ++number * rows) };
    if (!isLevelColumn(column)) throw new InputError(`"${place.path}" expected number and level columns, got text in "${column.name}"`);
    const own = codes.slice(code * rows, ++code * rows);
    checkRange(own, -1, column.levels.length - 1, place, CODES);
    return { ...column, codes: own };
  });
  return { rows, columns };
}

/** One of each column; null where it has no values. */
export const openGrids = (place: Place, like: Table): (Grid | null)[] => {
  const grids = items(place).map((grid) => orNull(grid, openGrid));
  if (grids.length !== like.columns.length)
    throw new InputError(`"${place.path}" expected ${like.columns.length} grids, got ${grids.length}`);
  return grids;
};

export const storeNeighbours = (name: string, { k, index }: Neighbourhood): StoredPart => ({
  state: { k },
  arrays: { [name]: tensor('U32', index, [index.length / k, k]) },
});

/** Neighbours of `of` rows among `among` rows. */
export function openNeighbours(name: string, place: Place, arrays: Arrays, of: number, among: number): Neighbourhood {
  const k = integer(field(place, 'k'), 1, among);
  const index = arrays.of(name, ['U32'], of * k);
  checkRange(index, 0, among - 1, place, name);
  return { k, index };
}
