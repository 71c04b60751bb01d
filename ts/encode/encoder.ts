/**
 * The space in which diffusion learns: numbers mapped to a standard normal by their quantiles, levels and missingness as
 * categories. Fitted on training rows only; `decode` restores kinds, grids, observed levels and ranges, and missing cells.
 * Nothing here is random: a table is encoded the same way every time.
 *
 * Of each column of the training part:
 * - a number column with two or more values gives one numeric column; if some of its cells are missing, also a category of two
 *   (there, missing), with 0 (the median) as the number of a missing cell;
 * - a level column gives a category of the levels that occur, with "missing" as the last one where it occurs;
 * - what is the same in every row (one value, one level, all missing) gives nothing and is restored as it was.
 */
import { ComputeError, InputError } from '../errors.js';
import { type Column, isLevelColumn, isNumberColumn, type LevelColumn, type NumberColumn, type Table } from '../table/table.js';
import { fitGrid, type Grid, toGrid } from './grid.js';
import { fitLevels, type LevelIndex, levelCodes } from './onehot.js';
import { fitQuantiles, fromNormal, type Normal, type Quantiles, toNormal } from './quantile.js';

/** Dimensions: N rows, F numeric columns, C category columns. */
export interface Encoded {
  readonly rows: number;
  readonly numeric: Float32Array; // (N, F) row-major
  readonly codes: Int32Array; // (N, C) row-major
}

export interface TableEncoder {
  readonly numeric: number; // F
  readonly levels: readonly number[]; // K_c of each of the C category columns
  readonly places: readonly Place[]; // of each column of the table
  /** What was learnt, as plain data; {@link encoderOf} makes the encoder of it again. */
  readonly state: EncoderState;
  encode(table: Table): Encoded;
  decode(encoded: Encoded): Table;
}

/** Where a column's encoding lies; −1 where it has none. A column with both is one of numbers, its category whether the cell is missing. */
export interface Place {
  readonly numeric: number;
  readonly code: number;
}

interface NumberState {
  readonly kind: NumberColumn['kind'];
  readonly name: string;
  /** Null where all cells are missing. */
  readonly grid: Grid | null;
  /** Null where the column has fewer than two different values. */
  readonly quantiles: Quantiles | null;
  readonly someMissing: boolean;
}

interface LevelState {
  readonly kind: LevelColumn['kind'];
  readonly name: string;
  readonly index: LevelIndex;
}

export interface EncoderState {
  readonly columns: readonly (NumberState | LevelState)[];
}

export function fitEncoder(train: Table, normal: Normal): TableEncoder {
  if (train.rows === 0) throw new InputError('a training part expected at least 1 row, got 0');
  return encoderOf({ columns: train.columns.map(fitColumn) }, normal, train);
}

function fitColumn(column: Column): NumberState | LevelState {
  if (isLevelColumn(column)) return { kind: column.kind, name: column.name, index: fitLevels(column) };
  if (!isNumberColumn(column)) throw new InputError(`column "${column.name}" is text and cannot be encoded; exclude it`);
  const present = column.values.filter((value) => !Number.isNaN(value));
  const grid = fitGrid(present);
  return {
    kind: column.kind,
    name: column.name,
    grid,
    quantiles: grid === null || grid.low === grid.high ? null : fitQuantiles(present, 'ranked'),
    someMissing: grid !== null && present.length < column.values.length,
  };
}

const isNumberState = (state: NumberState | LevelState): state is NumberState => state.kind === 'numeric' || state.kind === 'integer';

/**
 * The encoder of what was learnt. Decoded tables number their levels as `like` does (the table of the training rows), so that they
 * can be joined to it; without it, as the training part has them. What is decoded does not depend on it.
 */
export function encoderOf(state: EncoderState, normal: Normal, like?: Table): TableEncoder {
  let numeric = 0;
  const levels: number[] = [];
  const places = state.columns.map((column): Place => {
    const categories = isNumberState(column) ? (column.someMissing ? 2 : 0) : column.index.levels.length;
    return {
      numeric: isNumberState(column) && column.quantiles !== null ? numeric++ : -1,
      code: categories > 1 ? levels.push(categories) - 1 : -1,
    };
  });
  const C = levels.length;
  return {
    numeric,
    levels,
    places,
    state,
    encode(table) {
      const encoded: Encoded = {
        rows: table.rows,
        numeric: new Float32Array(table.rows * numeric),
        codes: new Int32Array(table.rows * C),
      };
      state.columns.forEach((column, c) => {
        const own = sameColumn(table, column);
        if (isNumberState(column)) encodeNumbers(column, own as NumberColumn, places[c] as Place, numeric, C, encoded, normal);
        else encodeLevels(column, own as LevelColumn, places[c] as Place, C, encoded);
      });
      return encoded;
    },
    decode(encoded) {
      const columns = state.columns.map((column, c): Column => {
        const shape = like?.columns[c];
        if (isNumberState(column)) {
          const values = decodeNumbers(column, places[c] as Place, numeric, C, encoded, normal);
          const decimals = shape && isNumberColumn(shape) ? shape.decimals : (column.grid?.decimals ?? -1);
          return { name: column.name, kind: column.kind, values, decimals };
        }
        const levels = shape && isLevelColumn(shape) ? shape.levels : column.index.levels.filter((level) => level !== null);
        return { name: column.name, kind: column.kind, levels, codes: decodeLevels(column, levels, places[c] as Place, C, encoded) };
      });
      return { rows: encoded.rows, columns };
    },
  };
}

function sameColumn(table: Table, state: NumberState | LevelState): Column {
  const column = table.columns.find((candidate) => candidate.name === state.name);
  if (!column) throw new InputError(`there is no column "${state.name}", which the training table has; give a table with the same columns`);
  if (isNumberColumn(column) === isNumberState(state) && column.kind !== 'text') return column;
  throw new InputError(
    `column "${state.name}" is ${column.kind} here, but ${state.kind} in the training table; declare its kind in a schema for both`,
  );
}

function encodeNumbers(state: NumberState, column: NumberColumn, place: Place, F: number, C: number, out: Encoded, normal: Normal): void {
  for (let row = 0; row < out.rows; row++) {
    const value = column.values[row] as number;
    const missing = Number.isNaN(value);
    if (state.quantiles !== null && !missing) out.numeric[row * F + place.numeric] = toNormal(state.quantiles, value, normal);
    if (place.code >= 0 && missing) out.codes[row * C + place.code] = 1;
  }
}

function encodeLevels(state: LevelState, column: LevelColumn, place: Place, C: number, out: Encoded): void {
  if (place.code < 0) return;
  const codes = levelCodes(state.index, column);
  for (let row = 0; row < out.rows; row++) out.codes[row * C + place.code] = codes[row] as number;
}

function decodeNumbers(state: NumberState, place: Place, F: number, C: number, encoded: Encoded, normal: Normal): Float64Array {
  const { name, grid, quantiles } = state;
  const values = new Float64Array(encoded.rows).fill(grid?.low ?? Number.NaN);
  for (let row = 0; row < encoded.rows; row++) {
    if (quantiles !== null) {
      const z = encoded.numeric[row * F + place.numeric] as number;
      if (Number.isNaN(z)) {
        throw new ComputeError(`row ${row + 1} of column "${name}" came out as no number: training has diverged; lower its learning rate`);
      }
      values[row] = toGrid(grid as Grid, fromNormal(quantiles, z, normal));
    }
    if (place.code >= 0 && encoded.codes[row * C + place.code] === 1) values[row] = Number.NaN;
  }
  return values;
}

function decodeLevels(state: LevelState, levels: readonly string[], place: Place, C: number, encoded: Encoded): Int32Array {
  const codeOf = state.index.levels.map((level) => (level === null ? -1 : levels.indexOf(level)));
  const codes = new Int32Array(encoded.rows);
  for (let row = 0; row < encoded.rows; row++) {
    codes[row] = codeOf[place.code < 0 ? 0 : (encoded.codes[row * C + place.code] as number)] as number;
  }
  return codes;
}
