/**
 * The space in which diffusion learns: numbers mapped to a standard normal by their quantiles, levels and missingness as
 * categories. Fitted on training rows only; `decode` restores kinds, grids, observed levels and ranges, and missing cells.
 */
import type { Table } from '../table/table.js';

export interface Encoded {
  readonly rows: number;
  readonly numeric: Float32Array; // (rows, F) row-major
  readonly codes: Int32Array; // (rows, C) row-major
}

export interface TableEncoder {
  readonly numeric: number; // F
  readonly levels: readonly number[]; // K_c of each of the C category columns
  encode(table: Table): Encoded;
  decode(encoded: Encoded): Table;
}
